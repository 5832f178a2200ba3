"""What was left with an address, from outside: who proves it says what is theirs, and nobody else learns of it."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from rejoinder.db import Tx
from serving import Article, Serving

LEFT = "/me/comments-left"


def leave(client: httpx.Client, article: Article, text: str, address: str, name: str = "Somebody") -> str:
    """Comment as a guest who gives an address."""
    body = {"thread": {"url": article.path}, "text": text, "author": {"name": name, "email": address}}
    answer = client.post("/api/v1/comments", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def sign_in(lamp: Serving, client: httpx.Client, address: str, name: str) -> str:
    """Sign in by mail; where that leads."""
    client.post("/sign-in/mail", data={"email": address})
    step = client.post("/sign-in/code", data={"code": lamp.code_sent_to(address)})
    if step.headers["location"] == "/sign-in/code":
        step = client.post("/sign-in/name", data={"name": name})
    assert step.status_code == 303, step.text
    return step.headers["location"]


@contextmanager
def browser(lamp: Serving) -> Iterator[httpx.Client]:
    """A browser that was here before."""
    with lamp.client() as client:
        client.cookies.set(f"rejoinder-{lamp.port}", secrets.token_urlsafe(32))
        yield client


def fields(page: str) -> dict[str, str]:
    """The form as it would be sent at once: what is hidden, and what is ticked."""
    inputs = re.findall(r"<input [^>]*>", page)
    return {
        re.findall(r'name="([^"]+)"', one)[0]: re.findall(r'value="([^"]*)"', one)[0]
        for one in inputs
        if "hidden" in one or " checked" in one
    }


def test_somebody_new_is_led_there_once_and_takes_what_is_theirs(each_lamp: Serving) -> None:
    lamp, article = each_lamp, each_lamp.article()
    address, name = f"{secrets.token_hex(6)}@mail.example", f"Nora {secrets.token_hex(6)}"
    with browser(lamp) as here, browser(lamp) as there, browser(lamp) as mallory:
        mine, also = (
            leave(here, article, "Mine *here*.", address),
            leave(there, article, "Mine there.", address),
        )
        other = leave(mallory, article, "Never hers.", address.upper(), "Mallory")
        assert sign_in(lamp, here, address, name) == LEFT
        page = here.get(LEFT)
        assert page.headers["cache-control"] == "private, no-store"
        assert page.text.count('type="checkbox"') == 3 and page.text.count(" checked") == 1
        for shown in ("Mine here.", "Mine there.", "Never hers.", f"/comments/{mine}", "Mallory", address):
            assert shown in page.text
        form = fields(page.text)
        assert f"take-{mine}" in form
        said = here.post(LEFT, data=form | {f"take-{also}": "1"})
        assert (said.status_code, said.headers["location"]) == (303, "/me")
        assert LEFT not in here.get("/me").text
        shown = [here.get(f"/api/v1/comments/{id_}").json()["author"]["name"] for id_ in (mine, also, other)]
        assert shown == [name, name, "Mallory"]
        assert "checkbox" not in here.get(LEFT).text
        assert sign_in(lamp, here, address, name) == "/me"


def test_who_does_not_say_yet_is_reminded_on_their_page_and_not_led_again(lamp: Serving) -> None:
    address = f"{secrets.token_hex(6)}@mail.example"
    with browser(lamp) as client:
        leave(client, lamp.article(), "Mine.", address)
        assert sign_in(lamp, client, address, f"Nora {secrets.token_hex(6)}") == LEFT
        assert sign_in(lamp, client, address, "") == "/me"
        assert LEFT in client.get("/me").text


def test_staff_who_prove_the_address_that_was_typed_in_for_them_are_led_there(lamp: Serving) -> None:
    address, name = f"{secrets.token_hex(6)}@mail.example", f"Rita {secrets.token_hex(6)}"
    with browser(lamp) as client:
        leave(client, lamp.article(), "Mine.", address)
        lamp.run("admin", "create", name, "--role", "author", "--email", address)
        assert sign_in(lamp, client, address, "") == LEFT


def test_nobody_learns_from_an_answer_that_an_address_was_given(each_lamp: Serving) -> None:
    """Not by giving it again, not by asking for a code, not by looking at what was left with it."""
    lamp = each_lamp
    used, unused = (f"{secrets.token_hex(6)}@mail.example" for _ in range(2))
    with browser(lamp) as guest, browser(lamp) as nell:
        left = leave(guest, lamp.article(), "With an address.", used)
        sign_in(lamp, nell, used, f"Nora {secrets.token_hex(6)}")  # and it is a member's now
        heard = []
        for address in (used, unused):
            article = lamp.article()
            with lamp.client() as client:
                answers = []
                body = {
                    "thread": {"url": article.path},
                    "text": "Hello.",
                    "author": {"name": "Ann", "email": address},
                }
                answers.append(client.post("/api/v1/comments", json=body))
                form = {"url": article.path, "text": "Again.", "name": "Ann", "email": address, "signed": ""}
                answers += [
                    client.post("/comments", data=form),
                    client.post("/comments", data=form | {"preview": "1"}),
                ]
                answers += [
                    client.post("/sign-in/mail", data={"email": address}),
                    client.get("/sign-in/code"),
                ]
                answers.append(client.get(LEFT))
                lamp.code_sent_to(address)
            heard.append([_alike(answer, address, article) for answer in answers])
        assert heard[0] == heard[1]
        with lamp.client() as stranger:
            for path in (f"/comments/{left}", f"/comments/{left}/manage", f"/api/v1/comments/{left}"):
                assert used not in stranger.get(path).text


def _alike(answer: httpx.Response, address: str, article: Article) -> tuple[int, list[str], str]:
    text = answer.text.replace(address, "ADDRESS").replace(article.slug, "SLUG")
    text = re.sub(r"[0-9a-hjkmnp-tv-z]{13}", "ID", text)
    text = re.sub(r'(value|"visitor_token":)\s*=?\s*"[^"]{20,}"', "SECRET", text)
    text = re.sub(r'\d{4}-\d{2}-\d{2}T[\d:.]+Z|\d{1,2} \w+ \d{4}, \d{2}:\d{2}|"version":\d+', "TIME", text)
    return answer.status_code, sorted(set(answer.headers) - {"date"}), text


def test_a_stranger_is_asked_to_sign_in_and_takes_nothing(lamp: Serving) -> None:
    address = f"{secrets.token_hex(6)}@mail.example"
    with browser(lamp) as guest, browser(lamp) as mallory, lamp.client() as stranger:
        left = leave(guest, lamp.article(), "Not theirs.", address)
        sign_in(lamp, mallory, f"{secrets.token_hex(6)}@mail.example", f"Mal {secrets.token_hex(6)}")
        form = {"oldest": left, "newest": left, f"take-{left}": "1", "older": "1"}
        before = lamp.db.read_now(_rows)
        assert stranger.get(LEFT).status_code == 401
        assert stranger.post(LEFT, data=form).status_code == 401
        assert left not in mallory.get(LEFT).text
        assert mallory.post(LEFT, data=form).status_code == 303
        assert lamp.db.read_now(_rows) == before


@pytest.mark.parametrize(
    "wrong",
    [{"older": "1"}, {"oldest": "x"}, {"oldest": "0" * 13}, {"newest": "zzzzzzzzzzzzz", "oldest": "!"}],
)
def test_a_form_that_does_not_say_what_was_shown_changes_nothing(
    lamp: Serving, wrong: dict[str, str]
) -> None:
    address = f"{secrets.token_hex(6)}@mail.example"
    with browser(lamp) as client:
        leave(client, lamp.article(), "Mine.", address)
        sign_in(lamp, client, address, f"Nora {secrets.token_hex(6)}")
        before = lamp.db.read_now(_rows)
        assert client.post(LEFT, data=wrong).status_code == 404
        assert lamp.db.read_now(_rows) == before


def _rows(tx: Tx) -> list[object]:
    tables = ("authors", "comments", "threads")
    return [tx._connection.rows(f"SELECT * FROM {table} ORDER BY id", {})[1] for table in tables]


def test_what_is_shown_of_a_text_is_text(lamp: Serving) -> None:
    address = f"{secrets.token_hex(6)}@mail.example"
    hostile = '<img src=x onerror=alert(1)> "quoted" \u202e' + "long " * 300
    with browser(lamp) as client:
        leave(client, lamp.article(), hostile, address)
        sign_in(lamp, client, address, f"Nora {secrets.token_hex(6)}")
        page = client.get(LEFT).text
    assert "<img src=x" not in page and "&lt;img src=x" in page
    assert page.count("long") < 60


@pytest.mark.parametrize("name", ["Guest", "", "\u202eBob", "Nell · staff", "Bob", "Воb"])
def test_a_member_takes_no_name_that_is_none_or_another_s(lamp: Serving, name: str) -> None:
    with lamp.staff("Bob"):
        pass
    first = f"Nora {secrets.token_hex(6)}"
    with browser(lamp) as client:
        sign_in(lamp, client, f"{secrets.token_hex(6)}@mail.example", first)
        refused = client.post("/me/name", data={"name": name})
        assert refused.status_code == 400 and 'aria-invalid="true"' in refused.text
        assert first in client.get("/me").text


def test_a_member_changes_their_name_three_times_a_day_and_all_pages_say_it(lamp: Serving) -> None:
    article, tag = lamp.article(), secrets.token_hex(6)
    with browser(lamp) as client, lamp.client() as reader:
        sign_in(lamp, client, f"{tag}@mail.example", f"Nora {tag}")
        body = {"thread": {"url": article.path}, "text": "Signed.", "author": {"name": "x"}}
        version = client.post("/api/v1/comments", json=body).json()["version"]
        assert f"Nora {tag}" in reader.get(f"{article.path}?v={version}").text
        for number in range(3):
            assert client.post("/me/name", data={"name": f"Nora {tag} {number}"}).status_code == 303
        assert (
            client.post("/me/name", data={"name": f"Nora {tag} 2"}).status_code == 303
        )  # it is that already
        assert client.post("/me/name", data={"name": f"Nora {tag} 3"}).status_code == 429
        assert f"Nora {tag} 2" in reader.get(f"{article.path}?v={version + 3}").text
        guest = {"thread": {"url": article.path}, "text": "Me?", "author": {"name": f"Nora {tag} 2"}}
        assert reader.post("/api/v1/comments", json=guest).json()["code"] == "name-reserved"
        freed = guest | {"author": {"name": f"Nora {tag}"}}
        assert reader.post("/api/v1/comments", json=freed).status_code == 201


def test_staff_do_not_rename_themselves(lamp: Serving) -> None:
    with lamp.staff("Bob") as bob:
        assert "<form" not in bob.get("/me/name").text.partition("<main")[2]
        assert bob.post("/me/name", data={"name": "Robert"}).status_code == 403
