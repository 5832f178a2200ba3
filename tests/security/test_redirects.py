"""No address of ours sends a browser to somebody else's site (D26)."""

import json
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest
from ada_url import URL

from security.doors import DOORS, WRITES, Scene
from serving import Serving

ELSEWHERE = (
    *(
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:evil.example",
    ),
    *(
        "/%5cevil.example",
        "/%2f%2fevil.example",
        "/.//evil.example",
        "/..//evil.example",
        "//evil.example/%2e%2e",
    ),
    *(
        "javascript:alert(1)",
        "data:text/html,x",
        "/\tevil.example",
        "/%09/evil.example",
        "@evil.example",
        ".evil.example",
    ),
    *(
        "http:///evil.example",
        "//evil.example:80",
        "/;@evil.example",
        "//[::1]",
        "//127.0.0.1.evil.example",
        "%0d%0aLocation:x",
    ),
)


def leads_home(answer: httpx.Response, base_url: str) -> bool:
    """Whether an answer keeps the browser on our site, read as browsers read it."""
    where = answer.headers.get("location")
    return where is None or URL(where, base_url).origin == base_url


@pytest.mark.parametrize(
    "route", [key for key in WRITES if DOORS[key].kind == "form"], ids=lambda key: f"{key[0]} {key[1]}"
)
def test_no_form_leads_away(scene: Scene, bob: httpx.Client, route: tuple[str, str]) -> None:
    for there in ELSEWHERE:
        for name in ("back", "next", "return", "url", "redirect_to"):
            sent = dict(DOORS[route].sent) | {"url": scene.article.path, "key": "k"} | {name: there}
            answer = scene.use(bob, route, data=sent)
            assert leads_home(answer, scene.lamp.base_url), (name, there)
            if route[1] == "/sign-out":
                return


def test_no_address_leads_away(lamp: Serving, scene: Scene) -> None:
    pages = ("/", f"/articles/{scene.article.slug}", f"/comments/{scene.said}", "/moderation", "/sections")
    with lamp.client() as client:
        for there in ELSEWHERE:
            for page in pages:
                for raw in (
                    f"{page}{there}",
                    f"{page}/{there}",
                    f"{page}?next={there}",
                    there if there.startswith("/") else f"/{there}",
                ):
                    answer = ask(client, raw)
                    assert leads_home(answer, lamp.base_url), raw


def test_no_answer_of_the_api_leads_away(lamp: Serving, scene: Scene) -> None:
    with lamp.client() as client:
        for there in ELSEWHERE:
            asked = [
                client.get(path, params={"url": there}) for path in ("/api/v1/threads", "/api/v1/counts")
            ]
            body = {"thread": {"url": there}, "text": "Here.", "author": {"name": "Nell", "website": there}}
            asked += [client.post("/api/v1/comments", json=body)]
            body |= {"thread": {"url": scene.article.path}}
            headers = {"x-forwarded-for": lamp.network(), "x-forwarded-prefix": there.replace("\t", " ")}
            asked += [client.post("/api/v1/comments", params={"next": there}, json=body, headers=headers)]
            assert all(leads_home(answer, lamp.base_url) for answer in asked), there


def test_no_foreign_host_is_led_to(lamp: Serving) -> None:
    with lamp.client() as client:
        for host in (
            "evil.example",
            "localhost",
            f"localhost:{lamp.port}",
            f"evil.example:{lamp.port}",
            "127.0.0.1.",
            "",
        ):
            forged = {"host": host, "x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}
            for path in ("/", "/articles/about", "/articles/about/", "/sign-in"):
                answer = client.get(path, headers=forged)
                assert leads_home(answer, lamp.base_url), (host, path)
                assert "evil.example" not in answer.text


def test_addresses_that_nobody_has_lead_nowhere(lamp: Serving, shared: Path) -> None:
    entries = json.loads((shared / "corpora/urltestdata.json").read_text(encoding="utf-8"))
    tried = [entry["input"] for entry in entries if isinstance(entry, dict)]
    with lamp.client() as client:
        for address in tried[::2]:
            printable = "".join(char for char in address if "!" <= char <= "~")
            answer = ask(client, "/" + printable)
            assert answer.status_code < 500, address
            assert leads_home(answer, lamp.base_url), address


def ask(client: httpx.Client, raw: str) -> httpx.Response:
    """Ask for an address as it stands; other programs would put it in order first."""
    connection = HTTPConnection(client.base_url.host, client.base_url.port or 80, timeout=20)
    try:
        connection.request("GET", "".join(char for char in raw if "!" <= char <= "~"))
        answer = connection.getresponse()
        return httpx.Response(answer.status, headers=answer.getheaders(), content=answer.read())
    finally:
        connection.close()
