"""Nobody frames us (D18): a page of somebody else's that lays ours under the reader's pointer gets no click."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from browser.conftest import Browse
from rejoinder.accounts.models import Role
from serving import Serving

TRAP = """<!doctype html><title>You won</title><style>iframe { width: 800px; height: 600px; border: 0 }</style>
<iframe src="SRC"></iframe>"""
BUTTON = '<!doctype html><form method="post" action="/pressed"><button style="width:800px;height:600px">Win</button></form>'


@dataclass
class Elsewhere:
    """Somebody else's server: `framed` is what its page frames, `pressed` counts what was sent to its own form."""

    origin: str = ""
    framed: str = ""
    pressed: int = 0
    referers: list[str | None] = field(default_factory=list)


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """Another origin on the same host, so that even cookies for one site go along."""
    there = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/linked":
                there.referers.append(self.headers.get("referer"))
            self._say(BUTTON if self.path == "/button" else TRAP.replace("SRC", there.framed))

        def do_POST(self) -> None:
            there.pressed += 1
            self._say("Pressed.")

        def log_message(self, *args: object) -> None:
            pass

        def _say(self, text: str) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there.origin = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield there
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("script", [True, False])
def test_no_click_through_a_frame_does_anything(
    browse: Browse, lamp: Serving, elsewhere: Elsewhere, script: bool
) -> None:
    article = lamp.article()
    said = lamp.say(article, "Something to remove.")
    page = browse(script=script)
    page.goto(lamp.sign_in_link("Alice", Role.OWNER))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/moderation")
    link = lamp.sign_in_link("Alice", Role.OWNER)
    paths = (
        "/moderation",
        "/me",
        "/sign-in",
        "/sign-in/code",
        link,
        f"/comments/{said}/manage",
        article.path,
    )
    for path in paths:
        elsewhere.framed = lamp.base_url + path
        page.goto(elsewhere.origin)
        assert page.frames[1].content().count("<form") == 0, path
        for place in range(40, 600, 40):
            for across in (60, 200, 400):
                page.mouse.click(across, place)
    assert any("frame-ancestors" in fault for fault in browse.faults)
    browse.faults.clear()
    page.goto(f"/comments/{said}/manage")
    assert page.get_by_text("Something to remove.").count() == 1
    page.goto("/me")
    assert page.get_by_role("heading", name="Alice").count() == 1
    page.goto(link)  # the link is still good: nobody pressed its button
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/moderation")


def test_a_click_that_got_through_would_be_noticed(browse: Browse, elsewhere: Elsewhere) -> None:
    page = browse()
    elsewhere.framed = elsewhere.origin + "/button"
    page.goto(elsewhere.origin)
    page.mouse.click(200, 200)
    page.frames[1].wait_for_url("**/pressed")
    assert elsewhere.pressed == 1
    browse.faults.clear()


def test_whoever_we_link_to_learns_no_address_of_ours(
    browse: Browse, lamp: Serving, elsewhere: Elsewhere
) -> None:
    """D21: no Referer to another origin, from any page that shows a reader's link."""
    article = lamp.article()
    said = lamp.say(article, f"Look [there]({elsewhere.origin}/linked).")
    page = browse(known=True)
    for path in (f"{article.path}?token=zq-canary", f"/comments/{said}?token=zq-canary#zq-canary"):
        page.goto(path)
        page.get_by_role("link", name="there").first.click()
        page.wait_for_url("**/linked")
    assert elsewhere.referers == [None, None]
    browse.faults.clear()
