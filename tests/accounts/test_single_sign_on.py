"""The publisher's single sign-on from outside: a real server, and publishers as the docs tell them to be (D29)."""

import html
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from databases import Databases
from requirements import absent
from serving import Serving, fill, free_port, serving, until
from signed_tokens import PUBLISHER, SECRET, claims_of_publisher, jwk_of, token_of
from web_server import Answer, web_server

PAGE = Path(__file__).parents[2] / "docs/operating/single-sign-on.md"
ISSUER = str(PUBLISHER["issuer"])


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lamp(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """A publication whose publisher signs its readers on."""
    folder = tmp_path_factory.mktemp("sso") / "publication"
    fill(folder, articles=3)
    with (
        databases.migrated(request.param) as url,
        serving(url, folder, REJOINDER_SSO=json.dumps(PUBLISHER)) as server,
    ):
        yield server


def depart(client: httpx.Client, then: str = "") -> httpx.URL:
    """Press the button: where the browser is sent."""
    page = client.post("/sign-in/sso/leave", data={"next": then})
    assert page.status_code == 200, page.text
    (address,) = re.findall(r'http-equiv="refresh" content="0;url=([^"]+)"', page.text)
    return httpx.URL(html.unescape(address))


def arrive(lamp: Serving, token: str) -> httpx.Response:
    """What the publisher's form does: another site posts, and no cookie of ours comes along."""
    with lamp.program(
        {"sec-fetch-site": "cross-site", "origin": ISSUER, "x-forwarded-for": lamp.network()}
    ) as page:
        return page.post("/sign-in/sso", data={"token": token})


def enter(client: httpx.Client, token: str) -> httpx.Response:
    """Press “Continue as …”."""
    return client.post("/sign-in/sso/enter", data={"token": token})


def come_in(lamp: Serving, client: httpx.Client, *, called: str | None = None, **claims: object) -> None:
    """There and back; who is new says a name."""
    token = token_of(claims=claims_of_publisher(lamp.base_url, depart(client).params["nonce"], **claims))
    assert arrive(lamp, token).status_code == 200
    step = enter(client, token)
    if step.headers.get("location") == "/sign-in/who":
        step = client.post("/sign-in/who", data={"name": called or str(claims["sub"])})
    assert step.status_code == 303, step.text


def test_a_reader_of_the_publishers_comes_in(lamp: Serving) -> None:
    with lamp.client() as nell:
        assert "Sign in with \u2068The Harbour\u2069" in nell.get("/sign-in").text
        there = depart(nell, "/articles/about")
        assert dict(there.params).keys() == {"from", "nonce", "return_to"} and there.host == "www.example.org"
        assert there.params["return_to"] == f"{lamp.base_url}/sign-in/sso"
        said = claims_of_publisher(
            lamp.base_url, there.params["nonce"], email="nell@mail.example", email_verified=True
        )
        token = token_of(claims=said)
        page = arrive(lamp, token)
        assert "Continue as \u2068Nell\u2069" in page.text and "set-cookie" not in page.headers
        assert page.headers["cache-control"] == "private, no-store"
        step = enter(nell, token)
        assert (step.status_code, step.headers["location"]) == (303, "/sign-in/who")
        assert 'value="Nell"' in nell.get("/sign-in/who").text
        step = nell.post("/sign-in/who", data={"name": "Nell"})
        assert step.headers["location"] == "/articles/about"
        assert "nell@mail.example" in nell.get("/me").text


def test_they_are_known_again(lamp: Serving) -> None:
    with lamp.client() as first, lamp.client() as second:
        come_in(lamp, first, sub="rita", called="Rita")
        come_in(lamp, second, sub="rita", name="Another")
        assert "Rita" in second.get("/me").text


def test_a_token_is_good_once_and_on_the_browser_that_left(lamp: Serving) -> None:
    """Neither is somebody signed in as Mallory by Mallory's page, nor Mallory with a token that was seen."""
    with lamp.client() as nell, lamp.client() as mallory:
        token = token_of(claims=claims_of_publisher(lamp.base_url, depart(nell).params["nonce"], sub="once"))
        depart(mallory)
        for client in (mallory, mallory):
            refused = enter(client, token)
            assert refused.status_code == 403 and "another browser" in refused.text
        assert enter(nell, token).status_code == 303
        again = enter(nell, token)
        assert again.status_code == 403 and "used already" in again.text
        assert arrive(lamp, token).status_code == 200  # which shows a name and signs nobody in


def test_nobody_is_signed_in_from_another_site(lamp: Serving) -> None:
    with lamp.client() as nell:
        token = token_of(claims=claims_of_publisher(lamp.base_url, depart(nell).params["nonce"]))
        for path in ("/sign-in/sso/enter", "/sign-in/sso/leave"):
            foreign = nell.post(path, data={"token": token}, headers={"sec-fetch-site": "cross-site"})
            assert foreign.status_code == 403
        assert nell.get("/me").status_code == 401
        assert nell.get("/sign-in/sso", params={"token": token}).status_code == 405


REFUSED: tuple[dict[str, object], ...] = (
    {"iss": None},
    {"iss": "https://evil.example"},
    {"iss": [ISSUER]},
    {"aud": None},
    {"aud": "https://other.example"},
    {"aud": ["https://other.example"]},
    {"aud": ""},
    {"sub": None},
    {"sub": ""},
    {"sub": 7},
    {"sub": "7\u0000"},
    {"nonce": None},
    {"nonce": ""},
    {"nonce": 7},
    {"iat": None},
    {"exp": None},
    {"exp": 4_000_000_000},
    {"iat": 1, "exp": 300},
    {"iat": 4_000_000_000, "exp": 4_000_000_060},
    {"name": ["Nell"]},
    {"name": "a" * 500},
    {"role": "owner"},
    {"role": "admin"},
    {"role": ["moderator"]},
    {"role": True},
    {"profile": "http://example.org/nell"},
    {"profile": "javascript:alert(1)"},
    {"profile": "https://user@example.org/"},
)


@pytest.mark.parametrize("lie", REFUSED, ids=lambda lie: str(lie)[:40])
def test_a_token_that_is_not_as_the_docs_say_is_refused(lamp: Serving, lie: dict[str, object]) -> None:
    with lamp.client() as client:
        nonce = depart(client).params["nonce"]
        token = token_of(claims=claims_of_publisher(lamp.base_url, nonce, **lie))
        for answer in (arrive(lamp, token), enter(client, token)):
            assert answer.status_code == 403 and "does not prove who you are" in answer.text
            assert "-session" not in answer.headers.get("set-cookie", "") and token not in answer.text
        assert (
            enter(
                client, token_of(claims=claims_of_publisher(lamp.base_url, nonce, sub=str(lie)[:200]))
            ).status_code
            == 303
        )  # nothing was lost


FORGED: tuple[Callable[[dict[str, Any]], str], ...] = (
    lambda claims: token_of(claims=claims, number=2),
    lambda claims: token_of("RS256", claims=claims),
    lambda claims: token_of(header={"alg": "none"}, claims=claims),
    lambda claims: token_of(header={"alg": "none"}, claims=claims).rpartition(".")[0] + ".",
    lambda claims: token_of(header={"alg": "HS256", "jku": "https://evil.example"}, claims=claims),
    lambda claims: token_of(claims=json.dumps(claims)[:-1].encode() + b', "sub": "8"}'),
    lambda claims: token_of(claims=[claims]),
    lambda _: "",
    lambda _: "null",
    lambda claims: token_of(claims=claims) + "." + "a" * 9000,
)


@pytest.mark.parametrize("forge", FORGED, ids=range(len(FORGED)))
def test_a_forged_one_too(lamp: Serving, forge: Callable[[dict[str, Any]], str]) -> None:
    with lamp.client() as client:
        token = forge(claims_of_publisher(lamp.base_url, depart(client).params["nonce"]))
        for answer in (arrive(lamp, token), enter(client, token)):
            assert answer.status_code in {400, 403} and "set-cookie" not in answer.headers
        assert client.get("/me").status_code == 401


def test_two_secrets_serve_while_they_change(lamp: Serving) -> None:
    for number in (0, 1):
        with lamp.client() as client:
            token = token_of(
                claims=claims_of_publisher(lamp.base_url, depart(client).params["nonce"], sub=f"k{number}"),
                number=number,
            )
            assert enter(client, token).status_code == 303


def test_a_moderator_of_the_publishers_moderates(lamp: Serving) -> None:
    with lamp.client() as sofia:
        come_in(lamp, sofia, sub="sofia", role="moderator", called="Sofia")
        assert sofia.get("/moderation").status_code == 200
        come_in(lamp, sofia, sub="sofia")
        assert sofia.get("/moderation").status_code in {401, 403}


def test_nobody_becomes_an_owner_by_the_owners_address(lamp: Serving) -> None:
    lamp.run("admin", "create", "Alice", "--role", "owner", "--email", "alice@mail.example")
    with lamp.client() as mallory:
        said = claims_of_publisher(
            lamp.base_url,
            depart(mallory).params["nonce"],
            sub="mallory",
            email="alice@mail.example",
            email_verified=True,
        )
        refused = enter(mallory, token_of(claims=said))
        assert refused.status_code == 403 and "You have a role here" in refused.text
        assert mallory.get("/me").status_code == 401


def test_a_comment_leads_to_the_profile(lamp: Serving) -> None:
    with lamp.client() as ana:
        come_in(lamp, ana, sub="ana", called="Ana", profile="https://www.example.org/people/ana")
        body = {"thread": {"url": "/articles/lamp-1"}, "text": "Signed.", "author": {"name": "x"}}
        posted = ana.post("/api/v1/comments", json=body).json()
        assert posted["author"] == {
            "name": "Ana",
            "label": None,
            "website": "https://www.example.org/people/ana",
        }


def test_tokens_stay_out_of_logs_and_addresses(lamp: Serving) -> None:
    with lamp.client() as client:
        nonce = depart(client).params["nonce"]
        for token in (
            token_of(claims=claims_of_publisher(lamp.base_url, nonce)),
            token_of(claims=claims_of_publisher(lamp.base_url, nonce), number=2),
        ):
            arrive(lamp, token)
            answer = enter(client, token)
            assert token not in str(answer.headers)
            log = (lamp.folder.parent / "serve.log").read_text(encoding="utf-8")
            assert token not in log and token.split(".")[2] not in log and nonce not in log
        assert "is not believed who somebody is: no key" in log


def test_keys_at_an_address_turn_by_themselves(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("sso-keys") / "publication"
    fill(folder, articles=1)
    with web_server() as publisher, databases.migrated("sqlite") as url:
        keys = {"algorithm": "ES256", "keys_url": f"{publisher.url}/keys", "secrets": ()}
        publisher.answers["/keys"] = Answer.json({"keys": [jwk_of("ES256")]})
        with (
            serving(url, folder, REJOINDER_SSO=json.dumps(PUBLISHER | keys)) as lamp,
            lamp.client() as client,
        ):

            def sign(number: int) -> str:
                said = claims_of_publisher(lamp.base_url, depart(client).params["nonce"], sub="turn")
                return token_of("ES256", claims=said, number=number)

            assert enter(client, sign(0)).status_code == 303
            assert enter(client, sign(1)).status_code == 403
            assert len(publisher.asked) == 2
            publisher.answers["/keys"] = Answer.json({"keys": [jwk_of("ES256", 1)]})
            assert enter(client, sign(1)).status_code == 403  # not more often than once a minute
            assert len(publisher.asked) == 2


def example(kind: str, changes: Mapping[str, str]) -> str:
    """The page of the docs, with the test's own addresses in it."""
    (text,) = re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return str(text)


@contextmanager
def running(words: list[str], port: int) -> Iterator[str]:
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/"

    def answers() -> bool:
        try:
            return httpx.get(url).status_code == 400
        except httpx.TransportError:
            return False

    try:
        until(answers)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(params=["python", "php"])
def publisher(request: pytest.FixtureRequest, lamp: Serving, tmp_path: Path) -> Iterator[str]:
    """The publisher's page, word for word as in the docs; its address."""
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    changes = {
        "/etc/lamp-comments-secret": str(tmp_path / "secret"),
        "https://comments.example.org": lamp.base_url,
    }
    port = free_port()
    if request.param == "python":
        serve = f"\nfrom wsgiref.simple_server import make_server\nmake_server('127.0.0.1', {port}, application).serve_forever()\n"
        (tmp_path / "page.py").write_text(example("python", changes) + serve, encoding="utf-8")
        words = [sys.executable, str(tmp_path / "page.py")]
    else:
        php = shutil.which("php") or absent("php", "needs PHP")
        (tmp_path / "index.php").write_text(example("php", changes), encoding="utf-8")
        words = [php, "-S", f"127.0.0.1:{port}", "-t", str(tmp_path)]
    with running(words, port) as url:
        yield url


def test_the_publishers_pages_in_the_docs_do_it(lamp: Serving, publisher: str) -> None:
    with lamp.client() as nell:
        page = httpx.get(publisher, params=depart(nell).params)
        (action,) = re.findall(r'action="([^"]+)"', page.text)
        (token,) = re.findall(r'name="token" value="([^"]+)"', page.text)
        assert action == f"{lamp.base_url}/sign-in/sso"
        assert "Continue as \u2068Nell Tarn\u2069" in arrive(lamp, token).text
        step = enter(nell, token)
        assert step.status_code == 303, step.text
        elsewhere = httpx.get(
            publisher, params={"nonce": "a", "return_to": "https://evil.example/sign-in/sso"}
        )
        assert elsewhere.status_code == 400 and "token" not in elsewhere.text
