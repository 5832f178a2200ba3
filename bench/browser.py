"""What a page costs a reader: bytes, requests, when the first comment is there; in Chromium."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, sync_playwright

from bench.children import Missing

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
# Frame by frame: when is a comment laid out? And how far did anything move?
WATCH = """
(() => {
  window.firstComment = 0;
  window.moved = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  const look = () => {
    const comment = document.querySelector(".comment");
    if (comment && comment.getBoundingClientRect().height > 0) window.firstComment = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """One view with an empty cache: bytes on the wire in all and of scripts, hosts asked, ms, layout shift."""

    wire: int
    script: int
    requests: int
    strangers: int
    first_comment_ms: float
    shift: float


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium, which can reach nothing but loopback."""
    binary = next((found for name in NAMES if (found := shutil.which(name))), None)
    if binary is None:
        raise Missing("Chromium is not on this machine: run scripts/setup bench")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


def visit(browser: Browser, url: str) -> Visit:
    """Open a page as a stranger does."""
    context = browser.new_context(viewport={"width": 1280, "height": 1600})
    try:
        context.add_init_script(WATCH)
        page = context.new_page()
        network = _Network(context.new_cdp_session(page))
        page.goto(url, wait_until="networkidle")
        page.wait_for_function("window.firstComment > 0")
        first, shift = page.evaluate("[window.firstComment, window.moved]")
        return network.visit(urlsplit(url).netloc, first, shift)
    finally:
        context.close()


class _Network:
    """What went over the wire, by the browser's own count."""

    def __init__(self, session: CDPSession) -> None:
        self._requests: dict[str, tuple[str, str]] = {}
        self._bytes: dict[str, int] = {}
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def visit(self, host: str, first: float, shift: float) -> Visit:
        kinds = self._requests.items()
        return Visit(
            sum(self._bytes.values()),
            sum(self._bytes.get(id_, 0) for id_, (kind, _) in kinds if kind == "Script"),
            len(self._requests),
            sum(urlsplit(url).netloc != host for _, url in self._requests.values()),
            first,
            shift,
        )

    def _sent(self, event: dict[str, Any]) -> None:
        url = event["request"]["url"]
        if not url.startswith("data:"):
            self._requests[event["requestId"]] = (event.get("type", ""), url)

    def _finished(self, event: dict[str, Any]) -> None:
        self._bytes[event["requestId"]] = int(event["encodedDataLength"])
