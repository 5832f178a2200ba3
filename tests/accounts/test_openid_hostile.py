"""A provider that lies, breaks or dawdles lets nobody in: a small one of our own, which answers what a test tells it to."""

import asyncio
import base64
import html
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from databases import Databases
from rejoinder.accounts.models import Signature
from rejoinder.accounts.openid import discover, nonce_of
from rejoinder.accounts.queries.staff import insert_member
from rejoinder.db import new_id
from rejoinder.elsewhere import Provider
from rejoinder.web.fetch import Documents, FetchFailed
from serving import Serving, fill, serving
from signed_tokens import SECRET, b64, jwk_of, pem_of, token_of
from web_server import Answer, Asked, WebServer, web_server

DISCOVERY = "/.well-known/openid-configuration"
CLIENT = "rejoinder"


@dataclass(frozen=True)
class Liar:
    """A lamp, and the provider that its readers sign in with."""

    lamp: Serving
    server: WebServer

    def metadata(self, **changed: object) -> dict[str, Any]:
        """What an honest one says of itself."""
        url = self.server.url
        honest = {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "jwks_uri": f"{url}/keys",
            "userinfo_endpoint": f"{url}/people",
            "response_types_supported": ["code"],
        }
        return {**honest, **changed}

    def claims(self, state: str, **changed: object) -> dict[str, Any]:
        """What an honest one says of a person; what is changed to None is left out."""
        now = int(time.time())
        honest = {
            "iss": self.server.url,
            "aud": CLIENT,
            "sub": "7",
            "iat": now,
            "exp": now + 3600,
            "nonce": nonce_of(state),
            "name": "Ana",
            "email": "ana@mail.example",
            "email_verified": True,
        }
        return {name: value for name, value in {**honest, **changed}.items() if value is not None}

    def depart(self, client: httpx.Client, then: str = "") -> str:
        """The state that a browser leaves with."""
        page = client.post("/sign-in/with/liar", data={"next": then})
        assert page.status_code == 200, page.text
        (address,) = re.findall(r'content="0;url=([^"]+)"', page.text)
        return str(httpx.URL(html.unescape(address)).params["state"])

    def back(self, client: httpx.Client, state: str) -> httpx.Response:
        """Back again, with a code."""
        return client.get("/sign-in/with/liar/back", params={"code": "code", "state": state})

    def sign_in(self, client: httpx.Client, token: Callable[[str], str]) -> httpx.Response:
        """There, and back with a code for which the provider gives this token."""
        state = self.depart(client)
        said = {"id_token": token(state), "access_token": "a", "token_type": "Bearer"}
        self.server.answers["/token"] = Answer.json(said)
        return self.back(client, state)


@pytest.fixture(scope="module")
def house(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Liar]:
    folder = tmp_path_factory.mktemp("liar") / "publication"
    fill(folder, articles=1)
    with web_server() as server, databases.migrated("sqlite") as url:
        way = {
            "key": "liar",
            "name": "Liar",
            "issuer": server.url,
            "client_id": CLIENT,
            "client_secret": SECRET,
        }
        with serving(url, folder, REJOINDER_OIDC=json.dumps([way])) as lamp:
            yield Liar(lamp, server)


@pytest.fixture
def liar(house: Liar) -> Liar:
    """Honest again."""
    house.server.answers.clear()
    house.server.asked.clear()
    house.server.answers[DISCOVERY] = Answer.json(house.metadata())
    house.server.answers["/keys"] = Answer.json({"keys": [jwk_of("RS256"), jwk_of("ES256")]})
    house.server.answers["/people"] = Answer.json({"sub": "7"})
    return house


def test_an_honest_one_is_believed(liar: Liar) -> None:
    """Or the tests below would prove nothing."""
    with liar.lamp.client() as client:
        for algorithm in ("RS256", "ES256"):
            step = liar.sign_in(client, lambda state, by=algorithm: token_of(by, claims=liar.claims(state)))
            assert step.headers["location"] == "/sign-in/who", step.text
    asked = next(one for one in liar.server.asked if one.path == "/token")
    said = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
    assert said.keys() == {"grant_type", "code", "redirect_uri", "code_verifier"}
    assert (
        asked.headers["authorization"] == "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
    )


LIES: tuple[dict[str, object], ...] = (
    {"iss": "https://evil.example"},
    {"iss": None},
    {"aud": "another"},
    {"aud": None},
    {"aud": []},
    {"aud": ["another"]},
    {"aud": [CLIENT, "another"]},
    {"aud": [CLIENT, "another"], "azp": "another"},
    {"azp": "another"},
    {"sub": None},
    {"sub": ""},
    {"sub": 7},
    {"sub": ["7"]},
    {"sub": "a" * 256},
    {"sub": "7\u0000"},
    {"nonce": None},
    {"nonce": "another"},
    {"exp": None},
    {"exp": 1},
    {"exp": "2099"},
    {"iat": None},
    {"iat": 4_000_000_000},
    {"nbf": 4_000_000_000},
    {"name": 7},
    {"email": 7},
)


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_a_token_that_says_what_it_may_not_is_refused(liar: Liar, lie: dict[str, object]) -> None:
    with liar.lamp.client() as client:
        answer = liar.sign_in(client, lambda state: token_of("RS256", claims=liar.claims(state, **lie)))
        assert answer.status_code == 403 and "does not prove who you are" in answer.text
        assert client.get("/me").status_code == 401


def test_more_receivers_are_fine_where_the_token_says_that_we_asked(liar: Liar) -> None:
    with liar.lamp.client() as client:
        both = {"aud": [CLIENT, "another"], "azp": CLIENT}
        answer = liar.sign_in(client, lambda state: token_of("RS256", claims=liar.claims(state, **both)))
        assert answer.headers["location"] == "/sign-in/who"


FORGED: tuple[Callable[[dict[str, Any]], str], ...] = (
    lambda claims: token_of("RS256", claims=claims, number=1),
    lambda claims: token_of("EdDSA", claims=claims),
    lambda claims: token_of("HS256", claims=claims),
    lambda claims: token_of("RS256", header={"alg": "ES256"}, claims=claims),
    lambda claims: token_of("RS256", header={"alg": "none"}, claims=claims),
    lambda claims: token_of("RS256", header={"alg": "none"}, claims=claims).rpartition(".")[0] + ".",
    lambda claims: token_of("RS256", header={"alg": "RS256", "jwk": jwk_of("RS256")}, claims=claims),
    lambda claims: token_of("RS256", header={"alg": "RS256", "crit": ["exp"]}, claims=claims),
    lambda claims: (
        f"{b64(json.dumps({'alg': 'HS256'}).encode())}.{b64(json.dumps(claims).encode())}.{b64(pem_of('RS256').encode())}"
    ),
    lambda claims: token_of("RS256", claims=json.dumps(claims)[:-1].encode() + b', "sub": "8"}'),
    lambda claims: token_of("RS256", claims=[claims]),
    lambda _: "",
    lambda _: "a.b.c",
    lambda _: "null",
)


@pytest.mark.parametrize("forge", FORGED, ids=range(len(FORGED)))
def test_a_token_that_is_not_rightly_signed_is_refused(
    liar: Liar, forge: Callable[[dict[str, Any]], str]
) -> None:
    with liar.lamp.client() as client:
        answer = liar.sign_in(client, lambda state: forge(liar.claims(state)))
        assert answer.status_code == 403 and "does not prove who you are" in answer.text
        assert client.get("/me").status_code == 401


TOKENS: tuple[Answer, ...] = (
    Answer.json({"error": "invalid_grant", "error_description": "x" * 1000}, 400),
    Answer.json({"access_token": "a"}),
    Answer.json({"id_token": None}),
    Answer.json({"id_token": ["a.b.c"]}),
    Answer.json([]),
    Answer.json(None),
    Answer(b"", 302, (("location", "/token"), ("content-type", "application/json"))),
    Answer(b"<html>", 502, (("content-type", "text/html"),)),
    Answer(b"{" * 100_000),
    Answer(b" " * 2_000_000),
)


@pytest.mark.parametrize("said", TOKENS, ids=range(len(TOKENS)))
def test_an_answer_that_is_none_is_a_page(liar: Liar, said: Answer) -> None:
    with liar.lamp.client() as client:
        state = liar.depart(client, "/articles/about")
        liar.server.answers["/token"] = said
        answer = liar.back(client, state)
        assert answer.status_code in {403, 503} and 'role="alert"' in answer.text
        assert 'name="next" value="/articles/about"' in answer.text
        assert client.get("/me").status_code == 401


@pytest.mark.parametrize(
    "said",
    [
        Answer.json({"sub": "8", "email": "alice@mail.example", "email_verified": True}),
        Answer.json({}),
        Answer.json([]),
        Answer(b"", 401),
    ],
)
def test_what_is_said_of_somebody_else_is_not_theirs(liar: Liar, said: Answer) -> None:
    liar.server.answers["/people"] = said
    with liar.lamp.client() as client:
        answer = liar.sign_in(
            client, lambda state: token_of("RS256", claims=liar.claims(state, name=None, email=None))
        )
        assert answer.status_code in {403, 503}


def test_what_else_is_said_of_a_person_changes_none_of_what_was_signed(liar: Liar) -> None:
    """The answer about people is asked for name and address; issuer and subject are the token's."""
    liar.server.answers["/people"] = Answer.json(
        {"sub": "7", "iss": "https://evil.example", "name": "Ana Duarte"}
    )
    with liar.lamp.client() as client:
        step = liar.sign_in(client, lambda state: token_of("RS256", claims=liar.claims(state, name=None)))
        assert step.headers["location"] == "/sign-in/who"
        assert 'value="Ana Duarte"' in client.get("/sign-in/who").text
    asked = next(one for one in liar.server.asked if one.path == "/people")
    assert asked.headers["authorization"] == "Bearer a"


def test_an_address_is_proved_by_nothing_that_was_said_of_another(liar: Liar) -> None:
    """The token says that one address is proved; the answer about people names another and says nothing of it."""
    victim = "victim@mail.example"
    signature = Signature("Victim", "victim", victim)
    liar.lamp.db.write_now(
        insert_member, new_id(), liar.lamp.site.id, signature, email_key=victim, now=datetime.now(UTC)
    )
    liar.server.answers["/people"] = Answer.json({"sub": "mixed", "name": "M", "email": victim})
    with liar.lamp.client() as client:
        step = liar.sign_in(
            client,
            lambda state: token_of("RS256", claims=liar.claims(state, name=None, sub="mixed")),
        )
        assert step.headers["location"] == "/sign-in/who"


def test_an_unproved_name_is_only_a_suggestion(liar: Liar) -> None:
    name = '"><script>alert(1)</script>'
    with liar.lamp.client() as client:
        liar.sign_in(client, lambda state: token_of("RS256", claims=liar.claims(state, name=name, sub="xss")))
        assert "<script>alert" not in client.get("/sign-in/who").text


METADATA: tuple[Callable[[Liar], Answer], ...] = (
    lambda _: Answer(b"", 404),
    lambda _: Answer(b"<html>", headers=(("content-type", "text/html"),)),
    lambda _: Answer.json([]),
    lambda liar: Answer.json(liar.metadata(issuer="https://evil.example")),
    lambda liar: Answer.json(liar.metadata(issuer=liar.server.url + "/")),
    lambda liar: Answer.json(liar.metadata(token_endpoint=None)),
    lambda liar: Answer.json(liar.metadata(jwks_uri=["x"])),
    lambda liar: Answer.json(liar.metadata(authorization_endpoint="javascript:alert(1)")),
    lambda liar: Answer.json(liar.metadata(authorization_endpoint="http://id.example/")),
    lambda liar: Answer(json.dumps(liar.metadata()).encode(), 302, (("location", "/other"),)),
)


@pytest.mark.parametrize("said", METADATA, ids=range(len(METADATA)))
def test_metadata_of_another_is_refused(liar: Liar, said: Callable[[Liar], Answer]) -> None:
    liar.server.answers[DISCOVERY] = said(liar)
    provider = Provider(key="liar", name="Liar", issuer=liar.server.url, client_id=CLIENT)
    with pytest.raises(FetchFailed):
        asyncio.run(discover(Documents(), provider))


def test_who_can_not_be_sent_anywhere_is_told_so(
    liar: Liar, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On a server that has not asked the provider yet."""
    folder = tmp_path_factory.mktemp("fresh") / "publication"
    fill(folder, articles=1)
    liar.server.answers.clear()
    ways = liar.lamp.environ["REJOINDER_OIDC"]
    with (
        databases.migrated("sqlite") as url,
        serving(url, folder, REJOINDER_OIDC=ways) as lamp,
        lamp.client() as client,
    ):
        answer = client.post("/sign-in/with/liar", data={"next": "/articles/about"})
        assert answer.status_code == 503 and "can’t be reached" in answer.text
        assert 'name="next" value="/articles/about"' in answer.text


def test_a_slow_provider_keeps_nobody_longer_than_some_seconds(liar: Liar) -> None:
    def slowly(_: Asked) -> Answer:
        time.sleep(8)
        return Answer()

    with liar.lamp.client() as client:
        state = liar.depart(client)
        liar.server.answers["/token"] = slowly
        began = time.monotonic()
        answer = liar.back(client, state)
        assert answer.status_code == 503 and time.monotonic() - began < 7
