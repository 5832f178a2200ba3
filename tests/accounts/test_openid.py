"""Signing in with an OpenID provider from outside: a real server and a real provider, on both databases."""

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from databases import Databases
from openid_provider import SECRET, Provider, openid_provider, walk
from serving import Serving, fill, serving


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Serving, Provider]]:
    """A publication whose readers sign in with a provider, and that provider."""
    folder = tmp_path_factory.mktemp("oidc") / "publication"
    fill(folder, articles=2)
    with openid_provider() as provider, databases.migrated(request.param) as url:
        ways = json.dumps([provider.settings()])
        with serving(url, folder, REJOINDER_OIDC=ways) as lamp:
            provider.redirects = [f"{lamp.base_url}/sign-in/with/real/back"]
            provider.restart()
            yield lamp, provider


@pytest.fixture
def lamp(house: tuple[Serving, Provider]) -> Serving:
    return house[0]


@pytest.fixture
def provider(house: tuple[Serving, Provider]) -> Provider:
    return house[1]


def depart(client: httpx.Client, **fields: str) -> str:
    """Press the button: where the browser is sent."""
    page = client.post("/sign-in/with/real", data={"next": "", **fields})
    assert page.status_code == 200, page.text
    (address,) = re.findall(r'http-equiv="refresh" content="0;url=([^"]+)"', page.text)
    return html.unescape(address)


def sign_in(client: httpx.Client, name: str) -> httpx.Response:
    return client.get(walk(depart(client), name))


def test_a_reader_comes_in(lamp: Serving) -> None:
    with lamp.client() as nell:
        back = sign_in(nell, "sure-Nell")
        assert (back.status_code, back.headers["location"]) == (303, "/sign-in/who"), back.text
        assert 'value="Nell"' in nell.get("/sign-in/who").text
        named = nell.post("/sign-in/who", data={"name": "Nell"})
        assert (named.status_code, named.headers["location"]) == (303, "/me")
        me = nell.get("/me").text
        assert "Nell" in me and "nell@mail.example" in me.lower()


def come_in(client: httpx.Client, name: str, called: str | None = None) -> httpx.Response:
    """Sign in; who is new says a name."""
    step = sign_in(client, name)
    if step.headers.get("location") == "/sign-in/who":
        step = client.post("/sign-in/who", data={"name": called or name.removeprefix("sure-")})
    assert step.status_code == 303, step.text
    return step


def is_in(client: httpx.Client) -> bool:
    return client.get("/me").status_code == 200


def refused(answer: httpx.Response, status: int, words: str) -> None:
    """A page that says why, and has every way in again; nobody is signed in."""
    assert answer.status_code == status, answer.text
    assert words in answer.text and 'action="/sign-in/with/real"' in answer.text
    assert 'role="alert"' in answer.text
    assert "-session" not in answer.headers.get("set-cookie", "")


def test_who_was_here_is_known_again_and_goes_on_where_they_were(lamp: Serving) -> None:
    with lamp.client() as first, lamp.client() as second:
        come_in(first, "sure-Rita")
        there = walk(depart(second, next="/articles/about"), "sure-Rita")
        back = second.get(there)
        assert (back.status_code, back.headers["location"]) == (303, "/articles/about")
        assert "Rita" in second.get("/me").text


@pytest.mark.parametrize(
    "leads_to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_to_another_site(lamp: Serving, leads_to: str) -> None:
    with lamp.client() as client:
        answer = client.get(walk(depart(client, next=leads_to), "sure-Rita"))
        assert answer.headers["location"] in {"/me", "/sign-in/who"}


def test_what_is_asked_for_is_a_code_with_pkce_and_nothing_else(lamp: Serving) -> None:
    with lamp.client() as client:
        url = httpx.URL(depart(client))
    said = dict(url.params)
    assert said.keys() == {
        *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce"),
        *("code_challenge", "code_challenge_method"),
    }
    assert (said["response_type"], said["code_challenge_method"]) == ("code", "S256")
    assert said["redirect_uri"] == f"{lamp.base_url}/sign-in/with/real/back"
    assert len(said["state"]) == 43 and len(said["code_challenge"]) == 43


def test_who_is_signed_in_is_asked_anew(lamp: Serving) -> None:
    with lamp.client() as client:
        come_in(client, "sure-Anew")
        assert httpx.URL(depart(client)).params["max_age"] == "0"


def test_an_address_that_is_not_proved_is_not_theirs(lamp: Serving) -> None:
    with lamp.client() as client, lamp.client() as mallory:
        come_in(client, "sure-Dora")
        step = sign_in(mallory, "Dora")  # says dora@mail.example, too, and did not prove it
        assert step.headers["location"] == "/sign-in/who"
        assert mallory.post("/sign-in/who", data={"name": "Dora"}).status_code == 400
        assert mallory.post("/sign-in/who", data={"name": "Other Dora"}).status_code == 303
        assert "mail.example" not in mallory.get("/me").text


@pytest.mark.parametrize("name", ["", "Guest", "\u202eecilA", "Alice", "Аlice"])
def test_a_name_is_checked_as_everywhere(lamp: Serving, name: str) -> None:
    lamp.run("admin", "create", "Alice", "--role", "owner")
    with lamp.client() as client:
        sign_in(client, f"Name{abs(hash(name))}")
        answer = client.post("/sign-in/who", data={"name": name})
        assert answer.status_code == 400 and 'aria-invalid="true"' in answer.text
        assert client.post("/sign-in/who", data={"name": f"Fine {abs(hash(name))}"}).status_code == 303


def test_staff_come_in_only_where_the_operator_says_so(lamp: Serving) -> None:
    lamp.run("admin", "create", "Bob", "--role", "moderator", "--email", "bob@mail.example")
    with lamp.client() as client:
        refused(sign_in(client, "sure-Bob"), 403, "You have a role here")
        assert not is_in(client)


def test_who_declines_is_told_so(lamp: Serving) -> None:
    with lamp.client() as client:
        refused(client.get(walk(depart(client), None)), 403, "did not sign you in")


def test_an_answer_is_taken_once_and_from_the_browser_that_left(lamp: Serving) -> None:
    with lamp.client() as nell, lamp.client() as mallory, lamp.client() as planted:
        there = walk(depart(nell), "sure-Once")
        refused(mallory.get(there), 403, "another browser")  # a stolen answer
        depart(planted)
        refused(
            planted.get(there), 403, "another browser"
        )  # Mallory's own, planted on somebody who left, too
        assert nell.get(there).status_code == 303
        refused(nell.get(there), 403, "used already")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda url: url.copy_remove_param("state"),
        lambda url: url.copy_set_param("state", "a" * 43),
        lambda url: url.copy_set_param("state", ""),
        lambda url: url.copy_remove_param("code"),
        lambda url: url.copy_set_param("code", ""),
        lambda url: url.copy_set_param("code", "a" * 5000),
        lambda url: url.copy_set_param("code", "made-up"),
        lambda url: url.copy_remove_param("iss"),
        lambda url: url.copy_set_param("iss", "https://evil.example"),
        lambda url: url.copy_set_param("error", "server_error"),
    ],
)
def test_an_answer_that_was_tampered_with_leads_nowhere(
    lamp: Serving, spoil: Callable[[httpx.URL], httpx.URL]
) -> None:
    with lamp.client() as client:
        there = spoil(httpx.URL(walk(depart(client), "sure-Once")))
        answer = client.get(there)
        assert answer.status_code == 403 and 'role="alert"' in answer.text
        assert not is_in(client)


def test_opening_the_address_alone_changes_nothing(lamp: Serving) -> None:
    with lamp.client() as client:
        refused(client.get("/sign-in/with/real/back"), 403, "begin again")
        assert client.get("/sign-in/with/nobody/back").status_code == 404
        assert client.post("/sign-in/with/nobody", data={"next": ""}).status_code == 404
        assert client.get("/sign-in/who").status_code == 200
        assert client.post("/sign-in/who", data={"name": "Nell"}).status_code == 403


def test_another_site_sends_nobody_there(lamp: Serving) -> None:
    with lamp.client(**{"sec-fetch-site": "cross-site"}) as client:
        assert client.post("/sign-in/with/real", data={"next": ""}).status_code == 403


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA", "RS256"])
def test_a_provider_that_turned_its_keys_is_believed_at_once(
    house: tuple[Serving, Provider], tmp_path: Path, databases: Databases, algorithm: str
) -> None:
    """A server that knows the old keys asks for the new ones when it meets a signature that none of them made."""
    lamp, provider = house
    url = lamp.environ["REJOINDER_DATABASE_URL"]
    settings = {"REJOINDER_OIDC": lamp.environ["REJOINDER_OIDC"], "REJOINDER_BASE_URL": lamp.base_url}
    fill(tmp_path / "publication", articles=1)
    host = lamp.base_url.partition("://")[2]
    with (
        serving(url, tmp_path / "publication", **settings) as fresh,
        fresh.client(host=host, origin=lamp.base_url) as client,
    ):
        for turn in (algorithm, algorithm):
            provider.restart(turn)
            there = httpx.URL(walk(depart(client), f"sure-{algorithm}"))
            step = client.get(there.raw_path.decode())
            assert step.status_code == 303, step.text


def test_a_provider_that_is_away_is_a_page_and_the_way_back(house: tuple[Serving, Provider]) -> None:
    lamp, provider = house
    with lamp.client() as client:
        there = walk(depart(client, next="/articles/about"), "sure-Away")
        provider.stop()
        try:
            answer = client.get(there)
            refused(answer, 503, "can’t be reached")
            assert 'name="next" value="/articles/about"' in answer.text
        finally:
            provider.restart()


def test_neither_codes_nor_states_are_kept_or_logged(lamp: Serving) -> None:
    """D21: nor do they go on in an address of ours."""
    with lamp.client() as client:
        there = httpx.URL(walk(depart(client), "sure-Canary"))
        answer = client.get(there)
        assert "code=" not in answer.headers["location"]
        client.get(there)
        log = (lamp.folder.parent / "serve.log").read_text(encoding="utf-8")
        for secret in (there.params["code"], there.params["state"], SECRET):
            assert secret not in log


def test_no_secret_is_printed(lamp: Serving) -> None:
    for words in (("config",), ("config", "--json")):
        said = lamp.run(*words)
        assert "Lighthouse ID" in said and SECRET not in said
