"""A real browser, and what it may never do: ask a third party, break a rule of ours, fail without a word."""

import secrets
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from databases import Databases
from requirements import absent
from serving import Serving, fill, serving
from signed_tokens import WAYS

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb"]


@pytest.fixture(scope="package")
def lamp(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """“The Lamp” at a name: browsers keep no passkeys for addresses of digits."""
    folder = tmp_path_factory.mktemp("lamp-in-a-browser") / "publication"
    fill(folder)
    with databases.migrated("sqlite") as url, serving(url, folder, host="localhost", **WAYS) as server:
        yield server


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Chromium without a head. Of this package only: while it runs, nothing else here may run an event loop."""
    found = next(filter(None, map(shutil.which, NAMES)), None) or absent("chromium", "needs Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


class Browse:
    """Opens browsers, each at home in a network of its own: `browse()`, `browse(script=False)`, `browse(known=True)`.

    `faults` gathers what a page did that none of ours may do.
    """

    def __init__(self, browser: Browser, lamp: Serving) -> None:
        self._browser = browser
        self._lamp = lamp
        self._contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def __call__(self, *, script: bool = True, known: bool = False, **options: object) -> Page:
        """A page of a new browser; `known` ones were here before and bring their cookies."""
        context = self._browser.new_context(
            java_script_enabled=script,
            base_url=self._lamp.base_url,
            extra_http_headers={"x-forwarded-for": self._lamp.network()},
            **({"locale": "en-GB", "timezone_id": "UTC"} | options),  # type: ignore[arg-type]
        )
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        context.on("request", self._heard)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        if known:
            self.make_known(context)
        return context.new_page()

    def make_known(self, context: BrowserContext) -> None:
        """Give a browser the cookies of an earlier visit."""
        port = self._lamp.base_url.rpartition(":")[2]
        values = {"": secrets.token_urlsafe(32), "-marker": "1"}
        context.add_cookies(
            [
                {"name": f"rejoinder-{port}{suffix}", "value": value, "url": self._lamp.base_url}
                for suffix, value in values.items()
            ]
        )

    def close(self) -> None:
        """Close all browsers that were opened."""
        for context in self._contexts:
            context.close()

    def _heard(self, request: Request) -> None:
        if not request.url.startswith((f"{self._lamp.base_url}/", "data:", "blob:", "about:")):
            self.faults.append(f"asked {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        # An answer that is a refusal is told on the console as well; the page has to show it, which tests see.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(message.text)


@pytest.fixture
def browse(chromium: Browser, lamp: Serving) -> Iterator[Browse]:
    """Opens browsers for this test; afterwards none of their pages has done what none of ours may do."""
    opened = Browse(chromium, lamp)
    yield opened
    opened.close()
    assert opened.faults == []
