"""Take the pictures in docs/look/ from the demo: always the same evening, so that only a changed look changes them.

Needs a Chromium on this machine.
"""

import asyncio
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import OctKey
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from rejoinder.accounts.models import Signature
from rejoinder.accounts.naming import hold_name
from rejoinder.accounts.queries.staff import insert_code, insert_member
from rejoinder.accounts.sign_in import sign_in
from rejoinder.accounts.tokens import hash_token
from rejoinder.db import Tx, new_id, open_database
from rejoinder.demo.build import furnish, lay_out_folder
from rejoinder.demo.cast import moderator_code
from rejoinder.demo.script import read_people
from rejoinder.settings import load_settings
from rejoinder.sites.queries import list_sites
from rejoinder.subscribers import FOLLOWERS

ROOT = Path(__file__).resolve().parent.parent
LOOK = ROOT / "docs/look"
EVENING = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
PORT = 8097
LARGEST = 150_000  # bytes of one picture
ARTICLE = "/articles/harbour-light"
MEMBER_CODES = [letter * 43 for letter in "abcdefgh"]  # with each of which a member signs in once

_codes = iter(MEMBER_CODES)

# A second server, as an operator may set it up: the demo knows no way to sign in elsewhere.
DOORS = PORT + 1
SIGNS = "signs nothing but the tokens of these pictures"
WAYS = {
    "REJOINDER_BASE_URL": f"http://localhost:{DOORS}",
    "REJOINDER_MAIL_URL": "console:",
    "REJOINDER_MAIL_FROM": "lamp@mail.example",
    "REJOINDER_OIDC": json.dumps(
        [{"key": "google", "name": "Google", "issuer": "https://accounts.google.com", "client_id": "demo"}]
    ),
    "REJOINDER_SSO": json.dumps(
        {
            "name": "The Harbour Light",
            "login_url": "https://www.example.org/login",
            "issuer": "demo",
            "algorithm": "HS256",
            "secrets": [SIGNS],
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture: what is on it, and how wide, how high and in which light it is seen."""

    name: str
    lead: Callable[[Page, str], None]
    width: int = 1200
    height: int = 900
    scheme: str = "light"
    media: str = "screen"


def at(path: str, selector: str | None = None) -> Callable[[Page, str], None]:
    """Open a page, and scroll to where the picture begins."""

    def lead(page: Page, _: str) -> None:
        page.goto(path)
        if selector:
            page.locator(selector).first.evaluate("(element) => element.scrollIntoView({ block: 'start' })")
            page.evaluate("scrollBy(0, -24)")

    return lead


def _preview(page: Page, _: str) -> None:
    page.goto(f"{_first_comment(page)}/reply?quote=1")
    page.get_by_role("textbox", name="Your comment").press("Control+End")
    page.keyboard.type("So did mine. She kept the log in **green** ink.")
    page.get_by_label("Name").fill("Ines Faria")
    page.get_by_role("button", name="Preview").click()


def _permalink(page: Page, _: str) -> None:
    page.goto(ARTICLE)
    page.goto(page.locator(".replies > .comment .when").first.get_attribute("href") or "")


def _manage(page: Page, session: str) -> None:
    where = _first_comment(page)
    _moderation(page, session)
    page.goto(f"{where}/manage")


def _moderation(page: Page, session: str) -> None:
    page.context.add_cookies(
        [{"name": f"rejoinder-{PORT}-session", "value": session, "url": f"http://localhost:{PORT}"}]
    )
    page.goto("/moderation")


def _settings(page: Page, session: str) -> None:
    _moderation(page, session)
    page.goto("/settings")
    page.locator("#group-3").evaluate("(element) => element.scrollIntoView({ block: 'start' })")
    page.evaluate("scrollBy(0, -24)")


def _settings_wrong(page: Page, session: str) -> None:
    _moderation(page, session)
    page.goto("/settings")
    page.get_by_label("Reserved names").fill("The Harbour Master")
    page.get_by_label("Other origins").fill("https://app.example/")
    page.get_by_role("button", name="Save").click()


def _code(page: Page, _: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill("ines@mail.example")
    page.get_by_role("button", name="Send the code").click()


def _passkeys(page: Page, session: str) -> None:
    _moderation(page, session)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    for name in ("My laptop", "The key on my ring"):
        device = {
            "protocol": "ctap2",
            "transport": "usb",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
        }
        made = devices.send("WebAuthn.addVirtualAuthenticator", {"options": device})
        page.goto("/me/passkeys")
        page.get_by_label("What you call it").fill(name)
        page.get_by_role("button", name="Add a passkey").click()
        page.get_by_role("button", name=f"Remove {name}").wait_for()
        devices.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]})
    _at_that_evening(page)


def _me(page: Page, session: str) -> None:
    _moderation(page, session)
    page.goto("/me")
    _at_that_evening(page)


def _mine(path: str) -> Callable[[Page, str], None]:
    def lead(page: Page, session: str) -> None:
        _moderation(page, session)
        page.goto(path)

    return lead


def _at_that_evening(page: Page) -> None:
    """What was done for the picture was done just now by the server's clock, which nobody sets."""
    page.evaluate(
        "() => document.querySelectorAll('time').forEach((time) => { time.textContent = '22 November 2026, 20:30' })"
    )


def _left(page: Page, _: str) -> None:
    """A new member, and what guests left with her address: on this browser, on another, and in her name."""
    page.goto("/")
    page.context.add_cookies([{"name": f"rejoinder-{PORT}", "value": "i" * 43, "url": page.url}])
    said = (
        (
            "So did mine. She kept the log in **green** ink, and nobody else was to touch the pen.",
            "Ines",
            "i",
        ),
        ("Which year was that? My uncle rowed the relief boat until 1968.", "Ines F.", "f"),
        ("Sell the whole island, I say.", "ines", "m"),
    )
    for text, name, token in said:
        body = {
            "thread": {"url": ARTICLE},
            "text": text,
            "author": {"name": name, "email": "ines@mail.example"},
        }
        page.evaluate(
            """([token, body]) => fetch("/api/v1/comments", {
              method: "POST", credentials: "omit", body: JSON.stringify(body),
              headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
            })""",
            [token * 43, body],
        )
    _enter(page)
    page.goto("/me/comments-left")
    _at_that_evening(page)


def _enter(page: Page) -> None:
    page.goto(f"/sign-in?code={next(_codes)}")
    page.get_by_role("button", name="Sign in").click()


def _name(page: Page, _: str) -> None:
    _enter(page)
    page.goto("/me/name")


def _elsewhere(page: Page, _: str) -> None:
    page.goto(f"http://localhost:{DOORS}/sign-in")


def _arrived(page: Page, _: str) -> None:
    """A token is posted as the publisher's page does it: docs/operating/single-sign-on.md."""
    now, site = int(time.time()), f"http://localhost:{DOORS}"
    said = {
        "iss": "demo",
        "aud": site,
        "sub": "7",
        "iat": now,
        "exp": now + 60,
        "nonce": "a",
        "name": "Ines Faria",
    }
    token = jwt.encode({"alg": "HS256"}, said, OctKey.import_key(SIGNS))
    page.goto(f"{site}/sign-in")
    page.evaluate(
        """(token) => {
          const form = Object.assign(document.createElement("form"), { method: "post", action: "/sign-in/sso" });
          form.append(Object.assign(document.createElement("input"), { name: "token", value: token }));
          document.body.append(form);
          form.submit();
        }""",
        token,
    )
    page.get_by_role("button", name="Continue as").wait_for()


def _first_comment(page: Page) -> str:
    page.goto(ARTICLE)
    return page.locator(".comment .share").first.get_attribute("href") or ""


def _thread(page: Page, _: str) -> None:
    page.goto(ARTICLE)
    page.goto(f"/threads/{page.locator('rejoinder-discussion').get_attribute('data-thread')}")


SCREENS = (
    Screen("article", at(ARTICLE)),
    Screen("discussion", at(ARTICLE, "#discussion")),
    Screen("article-360", at(ARTICLE), width=360, height=780),
    Screen("discussion-360", at(ARTICLE, "#discussion"), width=360, height=780),
    Screen("article-dark", at(ARTICLE), scheme="dark"),
    Screen("discussion-dark", at(ARTICLE, "#discussion"), scheme="dark"),
    Screen("discussion-rtl", at("/articles/dawn-bread", "#discussion")),
    Screen("article-print", at(ARTICLE, "#discussion"), width=794, height=1123, media="print"),
    Screen("front", at("/")),
    Screen("thread", _thread),
    Screen("permalink", _permalink),
    Screen("preview", _preview),
    Screen("manage", _manage),
    Screen("moderation", _moderation),
    Screen("settings", _settings),
    Screen("settings-360", _settings, width=360, height=780),
    Screen("settings-wrong", _settings_wrong),
    Screen("sign-in", at("/sign-in")),
    Screen("sign-in-code", _code),
    Screen("sign-in-360", at("/sign-in"), width=360, height=780),
    Screen("sign-in-elsewhere", _elsewhere),
    Screen("sign-in-elsewhere-360", _elsewhere, width=360, height=780, scheme="dark"),
    Screen("sign-in-back", _arrived),
    Screen("me", _me),
    Screen("my-comments", _mine("/me/comments")),
    Screen("my-data", _mine("/me/data")),
    Screen("leave-360", _mine("/me/data/leave"), width=360, height=780),
    Screen("by-mail", at("/me/by-mail")),
    Screen("passkeys", _passkeys),
    Screen("name", _name),
    Screen("comments-left", _left),
    Screen("comments-left-360", _left, width=360, height=780),
    Screen("api", at("/api/docs")),
    Screen("styleguide", at("/styleguide")),
)


def main() -> None:
    """Take every picture, or those whose names are given."""
    wanted = set(sys.argv[1:]) or {screen.name for screen in SCREENS}
    with (
        tempfile.TemporaryDirectory() as folder,
        demo(Path(folder)) as session,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--disable-gpu"])
        for screen in SCREENS:
            if screen.name in wanted:
                _keep(screen.name, _take(browser, screen, session))
        browser.close()


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """The demo as it was that evening, served; gives a moderator's session."""
    publication = lay_out_folder(folder, today=EVENING.date())
    url = f"sqlite:///{folder / 'demo.db'}"
    settings = load_settings(
        {}, {"database_url": url, "publication": publication, "host": "localhost", "port": PORT}
    )
    db = open_database(url, followers=FOLLOWERS, create=True)
    asyncio.run(furnish(db, settings, now=EVENING))
    now = datetime.now(UTC)
    site = db.read_now(list_sites)[0]
    code = db.write_now(moderator_code, site, read_people(), now=now)
    session = db.write_now(sign_in, site.id, code, now=now)
    db.write_now(_let_in_ines, site.id, now=now)
    db.close()
    ways = WAYS | {"REJOINDER_DATABASE_URL": f"sqlite:///{folder / 'doors.db'}"}
    with (
        _running(PORT, "demo", "--data", str(folder)),
        _running(DOORS, "serve", str(publication), environ=ways),
    ):
        yield session


@contextmanager
def _running(port: int, *words: str, environ: Mapping[str, str] | None = None) -> Iterator[None]:
    given = [*words, "--host", "localhost", "--port", str(port)]
    command = [sys.executable, "-c", "from rejoinder.cli import app; app()", *given]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, cwd=ROOT / "src", env=os.environ | (environ or {})
    )
    try:
        _wait(port)
        yield
    finally:
        process.terminate()
        process.wait()


def _let_in_ines(tx: Tx, site_id: int, *, now: datetime) -> None:
    """A member, and links for her as only staff have; so that a picture needs no mail."""
    signature = Signature("Ines Faria", "ines faria", "ines@mail.example")
    account = insert_member(tx, new_id(), site_id, signature, email_key="ines@mail.example", now=now)
    if account is None:
        raise SystemExit("the demo has an Ines of its own")
    hold_name(tx, account)
    ends = now + timedelta(hours=1)
    for code in MEMBER_CODES:
        insert_code(tx, hash_token(code), site_id=site_id, account_id=account.id, expires_at=ends)


def _wait(port: int) -> None:
    for _ in range(1200):
        try:
            socket.create_connection(("localhost", port), timeout=5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the demo did not come up")


def _take(browser: Browser, screen: Screen, session: str) -> bytes:
    context = browser.new_context(
        base_url=f"http://localhost:{PORT}",
        viewport={"width": screen.width, "height": screen.height},
        color_scheme=screen.scheme,  # type: ignore[arg-type]
        locale="en-GB",
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.clock.set_fixed_time(EVENING)
    screen.lead(page, session)
    page.emulate_media(media=screen.media)  # type: ignore[arg-type]
    picture = page.screenshot(animations="disabled", caret="hide")
    context.close()
    return picture


def _keep(name: str, picture: bytes) -> None:
    """Few colours are enough for text on paper, and make a picture three times smaller."""
    small = Image.open(io.BytesIO(picture)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    path = LOOK / f"{name}.png"
    small.save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size // 1000} kB")
    if size > LARGEST:
        raise SystemExit(f"{path.name} is larger than {LARGEST // 1000} kB")


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    return found or sys.exit("Chromium is not here: the pictures can't be taken.")


if __name__ == "__main__":
    main()
