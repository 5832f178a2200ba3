"""The settings page: for owners, saved as a whole or not at all, nothing that was entered lost, and seen by readers."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from databases import Databases
from rejoinder.accounts.models import Role
from rejoinder.db import Tx
from rejoinder.sites.changed import ChangedBy, Source
from rejoinder.sites.models import Rules
from rejoinder.sites.queries import set_rules
from rejoinder.sites.schema import SETTINGS, Kind
from rejoinder.sites.settle import apply_publication
from serving import Serving, fill, serving, until
from settings import OTHER, filled

MORE = {
    "late": "updated: 2026-05-12T23:30:00Z",
    "moved": "aliases: [https://old.example/lamp/]",
    "numbered": "aliases: ['https://old.example/?n=1']",
}
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lamp(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """A server of its own, whose folder gives no setting."""
    folder = tmp_path_factory.mktemp("settings") / "publication"
    fill(folder)
    (folder / "publication.toml").unlink()
    (folder / "the logo.svg").write_text(SVG, encoding="utf-8")
    for name, front in MORE.items():
        (folder / f"{name}.md").write_text(f"---\ntitle: {name}\n{front}\n---\nText.\n", encoding="utf-8")
    with databases.migrated(request.param) as url, serving(url, folder) as server:
        yield server


@pytest.fixture
def alice(lamp: Serving) -> Iterator[httpx.Client]:
    """An owner; whatever she sets is at its default again afterwards."""
    with lamp.staff("Alice", Role.OWNER) as client:
        yield client

    def reset(tx: Tx) -> None:
        set_rules(tx, lamp.site.id, Rules(), ())
        tx.touch(f"site:{lamp.site.id}")

    lamp.db.write_now(reset)


def opened(client: httpx.Client, path: str = "/settings") -> dict[str, str]:
    """The form as it stands."""
    answer = client.get(path)
    assert answer.status_code == 200
    return filled(answer.text)


def send(client: httpx.Client, form: dict[str, str], **other: str | None) -> httpx.Response:
    """The form with other entries; None leaves one out, as a switch that is off."""
    sent = {name: value for name, value in (form | other).items() if value is not None}
    return client.post("/settings", data=sent)


def entered(value: Any, name: str) -> dict[str, str | None]:
    """A value as somebody enters it."""
    match SETTINGS[name].kind:
        case Kind.SWITCH:
            return {name: "on" if value else None}
        case Kind.TEXTS:
            return {name: "\r\n".join(value)}
        case Kind.TITLES:
            return {name: "\r\n".join(f"{key} = {title}" for key, title in value.items())}
        case Kind.LINKS:
            rows = enumerate(value, 1)
            return {f"{name}.{number}.{part}": row[part] for number, row in rows for part in ("label", "url")}
    return {name: str(value)}


@dataclass
class World:
    """What a reader can ask, to see whether a setting works."""

    lamp: Serving
    reader: httpx.Client

    def page(self, path: str = "/") -> str:
        return self.reader.get(path).text

    def article(self) -> str:
        """An article with two comments; its address."""
        article = self.lamp.article()
        for text in ("The first.", "The second."):
            self.lamp.say(article, text)
        return article.path

    def post(self, text: str = "I wonder.", **author: str) -> httpx.Response:
        """A comment of somebody new."""
        body = {
            "thread": {"url": self.lamp.article().path},
            "text": text,
            "author": {"name": "Nell"} | author,
        }
        with self.lamp.client() as nell:
            return nell.post("/api/v1/comments", json=body)

    def found_at(self, url: str) -> bool:
        """Whether a discussion is found at an address of a page elsewhere."""
        return self.reader.get("/api/v1/threads", params={"url": url}).is_success


def _shows(piece: str, path: str = "/") -> Callable[[World], bool]:
    return lambda world: piece in world.page(path)


def _link_at(world: World, url: str) -> bool:
    return f'<a href="{url}">' in world.page()


def _newest_first(world: World) -> bool:
    page = world.page(world.article())
    return page.index("The second.") < page.index("The first.")


def _voting_is_off(world: World) -> bool:
    path = world.article()
    said = world.page(path).partition('id="comment-')[2][:13]
    with world.lamp.client(cookie=f"rejoinder-{world.lamp.port}={'v' * 43}") as voter:
        refused = voter.put(f"/api/v1/comments/{said}/vote", json={"value": 1}).status_code == 409
    return refused and "/vote" not in world.page(path)


def _is_closed(world: World) -> bool:
    return 'class="closed"' in world.page("/articles/lamp-9")


def _edit_is_refused(world: World) -> bool:
    posted = world.post().json()
    bearer = {"authorization": f"Bearer {posted['visitor_token']}"}
    with world.lamp.program(bearer) as nell:
        path = f"/api/v1/comments/{posted['id']}"
        return nell.patch(path, json={"text": "Other.", "revision": 1}).status_code == 409


def _image_is_drawn(world: World) -> bool:
    article = world.lamp.article()
    world.lamp.say(article, "![A lamp](https://pictures.example/lamp.png)")
    answer = world.reader.get(article.path)
    policy = answer.headers["content-security-policy"]
    return (
        '<img src="https://pictures.example/lamp.png"' in answer.text
        and "img-src 'self' data: https:" in policy
    )


def _website_is_dropped(world: World) -> bool:
    page = world.page(world.article())
    posted = world.post(website="https://nell.example")
    return 'name="website"' not in page and posted.json()["author"].get("website") is None


def _email_is_wanted(world: World) -> bool:
    return (
        'name="email" type="email" required' in world.page(world.article())
        and world.post().status_code == 400
    )


def _script_is_let_in(world: World) -> bool:
    asking = {"origin": "https://app.example", "access-control-request-method": "POST"}
    with world.lamp.program(asking) as script:
        return script.options("/api/v1/comments").status_code == 204


# What readers see of each setting once it has the value in tests/settings.py, and not before.
EFFECTS: dict[str, Callable[[World], bool]] = {
    "name": _shows(">The Torch</a>"),
    "language": _shows('<html lang="de"'),
    "time_zone": lambda world: "13 May 2026" in world.page("/articles/late"),
    "sections": _shows("The coast = ours", "/sections/coast"),
    "logo": lambda world: (
        'src="/publication/the%20logo.svg"' in world.page()
        and world.page("/publication/the%20logo.svg") == SVG
    ),
    "accent": lambda world: "/theme.css" in world.page() and "#224466" in world.page("/theme.css"),
    "accent_dark": lambda world: "/theme.css" in world.page() and "#88aacc" in world.page("/theme.css"),
    "navigation": lambda world: _link_at(world, "https://a.example/") and _link_at(world, "/articles/about"),
    "footer": lambda world: _link_at(world, "/articles/imprint"),
    "discussion": lambda world: "rejoinder-discussion" not in world.page("/articles/lamp-8"),
    "close_after_days": _is_closed,
    "sort": _newest_first,
    "indent": lambda world: 'data-indent="2"' in world.page(world.article()),
    "votes": _voting_is_off,
    "hold": lambda world: world.post().json()["status"] == "held",
    "held_links": lambda world: world.post("See https://a.example/1.").json()["status"] == "held",
    "most_characters": lambda world: (
        'maxlength="300"' in world.page(world.article()) and world.post("o" * 301).status_code == 400
    ),
    "images": _image_is_drawn,
    "edit_minutes": _edit_is_refused,
    "email": _email_is_wanted,
    "websites": _website_is_dropped,
    "reserved_names": lambda world: world.post(name="The Keeper").status_code == 400,
    "slash": lambda world: world.found_at("https://old.example/lamp"),
    "url_keys": lambda world: (
        world.found_at("https://old.example/?n=1") and not world.found_at("https://old.example/?n=2")
    ),
    "origins": _script_is_let_in,
}


READ_FROM_FILES = {"discussion", "close_after_days"}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_does_what_its_help_says(lamp: Serving, alice: httpx.Client, name: str) -> None:
    with lamp.client() as reader:
        world = World(lamp, reader)
        assert not EFFECTS[name](world)

        answer = send(alice, opened(alice), **entered(OTHER[name], name))

        assert answer.status_code == 303, answer.text
        assert lamp.site.rules.model_dump(mode="json")[name] == OTHER[name]
        until(lambda: EFFECTS[name](world), 30)
        if name in READ_FROM_FILES:  # the tests that follow need open discussions
            assert (
                send(alice, opened(alice), **{name: "open" if name == "discussion" else ""}).status_code
                == 303
            )
            until(lambda: not EFFECTS[name](world), 30)


def test_what_a_command_sets_is_seen_by_the_server_that_runs(lamp: Serving, alice: httpx.Client) -> None:
    with lamp.client() as reader:
        assert "The Torch" not in reader.get("/").text
        lamp.run("site", "set", "name=The Torch")
        until(lambda: "The Torch" in reader.get("/").text, 5)
    assert "By command" in alice.get("/settings").text


def test_the_page_after_saving_says_what_changed_and_who_changed_it(
    lamp: Serving, alice: httpx.Client
) -> None:
    answer = send(alice, opened(alice), held_links="7", votes=None)
    page = alice.get(answer.headers["location"]).text

    told = page.partition('role="status"')[2].partition("</div>")[0]
    assert "Saved." in told and "Links in a comment: <bdi>7</bdi>" in told and "Votes: off" in told
    changes = page.partition("What was changed")[2]
    assert "Alice" in changes.partition("</p>")[0]
    assert "<bdi>2</bdi>" in changes.partition("Links in a comment:")[2].partition("</li>")[0]
    assert 'role="status"' not in alice.get("/settings").text


def test_the_same_once_more_is_no_change(lamp: Serving, alice: httpx.Client) -> None:
    form = opened(alice)
    first = send(alice, form, hold="all")
    version = lamp.site.version
    lines = alice.get("/settings").text.split("<li>Who waits")[1:]
    again = send(alice, form, hold="all")

    assert first.headers["location"] == f"/settings?v={version}"
    assert lamp.site.version == version
    page = alice.get(again.headers["location"]).text
    assert page.count("<li>Who waits") == len(lines)
    assert "Nothing was different" in alice.get(send(alice, opened(alice)).headers["location"]).text


def test_a_form_with_faults_comes_back_whole_and_nothing_is_saved(lamp: Serving, alice: httpx.Client) -> None:
    before = lamp.site
    wrong = {
        "name": "The Torch",
        "accent": "red",
        "indent": "9",
        "held_links": "many",
        "origins": "https://fine.example\r\nhttps://<b>.example/",
        "navigation.1.label": "About",
        "navigation.1.url": "javascript:alert(1)",
        "navigation.2.label": "",
        "navigation.2.url": "/articles/about",
        "sections": "coast",
        "reserved_names": "x" * 121,
        "time_zone": "Mars",
        "votes": None,
    }
    answer = send(alice, opened(alice), **wrong)

    assert answer.status_code == 422
    assert lamp.site == before
    kept = filled(answer.text)
    assert {name: kept.get(name) for name in wrong} == {
        name: value.replace("\r\n", "\n") if value else value for name, value in wrong.items()
    } | {"sections": "coast", "votes": None}
    for name in (
        "accent",
        "indent",
        "held_links",
        "origins",
        "navigation",
        "sections",
        "reserved_names",
        "time_zone",
    ):
        assert f'href="#setting-{name}"' in answer.text
        assert f'id="faults-{name}"' in answer.text
    assert "Must be a colour such as #8c2f1b." in answer.text
    assert "Must be a whole number." in answer.text
    assert "https://&lt;b&gt;.example/" in answer.text and "<b>.example" not in answer.text
    assert alice.post("/settings?lang=de", data=kept | {"accent": "red"}).status_code == 422


@pytest.mark.parametrize(
    "other", [{"name": "x" * 40_000}, {"name": "The\0Torch"}, {"name": "\ufffe"}, {"origins": "\x07"}]
)
def test_what_is_no_text_is_told_beside_its_field(alice: httpx.Client, other: dict[str, str]) -> None:
    answer = send(alice, opened(alice), accent="#123456", **other)

    name = next(iter(other))
    assert answer.status_code == 422
    assert f'id="faults-{name}"' in answer.text
    assert filled(answer.text)["accent"] == "#123456"


@pytest.mark.parametrize("version", ["", "one", "-1", "٣", None])
def test_a_form_that_does_not_say_when_it_was_drawn_is_refused(
    lamp: Serving, alice: httpx.Client, version: str | None
) -> None:
    before = lamp.site
    assert send(alice, opened(alice), version=version, hold="all").status_code == 400
    assert lamp.site == before


def test_owners_who_change_at_once_see_what_the_other_did_and_lose_nothing(
    lamp: Serving, alice: httpx.Client
) -> None:
    mine = opened(alice)
    with lamp.staff("Olga", Role.OWNER) as olga:
        theirs = send(olga, opened(olga), hold="all", held_links="9", name="The Beacon")
        assert theirs.status_code == 303
    now = lamp.site

    answer = send(alice, mine, held_links="4", accent="#123456", votes=None)

    assert answer.status_code == 409
    assert lamp.site == now
    kept = filled(answer.text)
    assert (kept["held_links"], kept["accent"], "votes" in kept) == ("4", "#123456", False)
    assert (kept["hold"], kept["name"]) == ("all", "The Beacon")  # what she left alone follows
    told = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    assert "Olga" in told and "<bdi>9</bdi>" in told and "The Beacon" in told
    assert "Meanwhile somebody set this to:" in answer.text.partition('id="held_links"')[2]

    assert send(alice, kept).status_code == 303
    rules = lamp.site.rules
    assert (rules.held_links, rules.accent, rules.votes) == (4, "#123456", False)
    assert (rules.hold, rules.name) == ("all", "The Beacon")


def test_what_the_file_gives_is_shown_and_not_asked_for(lamp: Serving, alice: httpx.Client) -> None:
    form = opened(alice)
    given = {"votes": False, "navigation": [{"label": "Coast", "url": "/sections/coast"}]}
    lamp.db.write_now(apply_publication, lamp.site, given)
    page = alice.get("/settings").text

    assert {"votes", "navigation.1.label"}.isdisjoint(filled(page))
    assert "Given by publication.toml" in page.partition('id="setting-votes"')[2].partition("</div>")[0]
    assert "/sections/coast" in page.partition('id="setting-navigation"')[2].partition("</div>")[0]
    # A form from before is told of it; a form that makes it up changes nothing of it.
    assert send(alice, form, hold="all").status_code == 409
    assert (
        send(alice, opened(alice), votes="on", asked="votes", **{"navigation.1.label": "x"}).status_code
        == 303
    )
    assert (lamp.site.rules.votes, lamp.site.rules.navigation[0].label) == (False, "Coast")


def test_who_is_no_owner_is_told_so_and_who_is_nobody_may_sign_in(lamp: Serving, alice: httpx.Client) -> None:
    form = opened(alice)
    for role in (Role.MODERATOR, Role.AUTHOR):
        with lamp.staff(f"No owner but {role}", role) as client:
            assert client.get("/settings").status_code == send(client, form, hold="all").status_code == 403
            assert "for the owners of this publication" in client.get("/settings").text
            assert 'href="/settings"' not in client.get("/me").text
    with lamp.client() as nobody:
        assert nobody.get("/settings").status_code == 401
        assert 'action="/sign-in/mail"' in nobody.get("/settings").text
        assert send(nobody, form, hold="all").status_code == 401
    assert lamp.site.rules == Rules()
    for path in ("/me", "/moderation"):
        assert 'href="/settings"' in alice.get(path).text


def test_an_old_sign_in_is_proved_anew_and_a_form_is_kept_for_an_hour(
    lamp: Serving, alice: httpx.Client
) -> None:
    def age(minutes: int) -> None:
        then = datetime.now(UTC) - timedelta(minutes=minutes)
        lamp.db.write_now(lambda tx: tx.run("UPDATE sessions SET proved_at = :then", then=then))

    form = opened(alice)
    age(30)
    assert alice.get("/settings").status_code == 403
    assert send(alice, form, hold="all").status_code == 303
    age(61)
    kept = send(alice, form, reserved_names="Kept here")
    assert kept.status_code == 403 and "Kept here" in kept.text
    assert lamp.site.rules.reserved_names == ()


def test_no_api_door_leads_to_the_settings(lamp: Serving, alice: httpx.Client) -> None:
    paths = alice.get("/api/openapi.json").json()["paths"]

    assert [path for path in paths if "setting" in path or "rules" in path] == []
    assert "rules" not in json.dumps(paths).lower()


def test_a_change_from_elsewhere_is_named_after_where_it_came_from(
    lamp: Serving, alice: httpx.Client
) -> None:
    lamp.db.write_now(apply_publication, lamp.site, {"name": "The Torch"})

    assert "<bdi>publication.toml</bdi> ·" in alice.get("/settings").text
    assert ChangedBy(Source.FILE).account_id is None


@pytest.mark.parametrize("version", ["", "-1", "1e3", "٣", "9" * 16, "9" * 20])
def test_a_version_that_no_form_has_is_refused(lamp: Serving, alice: httpx.Client, version: str) -> None:
    before = lamp.site
    assert send(alice, {"version": version, "hold": "all"}).status_code == 400
    assert lamp.site == before
