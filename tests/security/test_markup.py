"""Nothing a stranger sends becomes live markup: every way in, every page that shows it, three foreign corpora (D1)."""

import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from attacks import Corpora
from rejoinder.accounts.models import Role
from security.tree import strange, strange_fragment
from serving import Article, Serving

GUEST = "Mallory of the wall"  # nobody else’s name in a publication that many tests share
PER_PAGE = 45
MOST_PAGES = 8
HOSTILE_NAMES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}${7*7}<%= 7 %>",
    "javascript:alert(1)",
    "' onfocus=alert(1) autofocus='",
    "</bdi></h3><svg/onload=alert(1)>",
)


@dataclass
class Wall:
    """Hostile comments and where they stand."""

    pages: list[Article]
    ids: list[str]
    refusals: list[str]


@pytest.fixture(scope="module")
def mallory(lamp: Serving) -> Iterator[httpx.Client]:
    """Mallory, who comes from everywhere."""
    with lamp.client() as client:
        yield client


def sent(lamp: Serving, client: httpx.Client, door: str, fields: dict[str, str]) -> httpx.Response:
    """Post through a form or the API, from a network that was never seen."""
    headers = {"x-forwarded-for": lamp.network()}
    if door == "form":
        return client.post("/comments", data=fields | {"key": "k" * 20, "signed": ""}, headers=headers)
    author = {name: fields[name] for name in ("name", "website", "email") if name in fields}
    body: dict[str, Any] = {"thread": {"url": fields["url"]}, "text": fields["text"], "author": author}
    return client.post("/api/v1/comments", json=body, headers=headers)


@pytest.fixture(scope="module")
def wall(lamp: Serving, mallory: httpx.Client, corpora: Corpora) -> Wall:
    """Every payload posted as text, some as name and website; what is refused is asked again with only the text."""
    wall = Wall([], [], [])
    doors = itertools.cycle(("form", "api"))
    names = itertools.cycle((*HOSTILE_NAMES, *corpora.short))
    for page, chunk in zip(
        (lamp.article() for _ in range(MOST_PAGES)), corpora.chunks(PER_PAGE), strict=False
    ):
        wall.pages.append(page)
        for payload in chunk:
            fields = {"url": page.path, "text": payload, "name": next(names)[:200], "website": payload[:2000]}
            door = next(doors)
            answer = sent(lamp, mallory, door, fields)
            if answer.status_code == 400:
                wall.refusals.append(answer.text)
                answer = sent(lamp, mallory, "api", fields | {"name": GUEST, "website": ""})
            if answer.status_code == 400:
                wall.refusals.append(answer.text)
                continue
            assert answer.status_code in {200, 201, 303}, answer.text
            where = answer.headers.get("location") or f"/comments/{answer.json()['id']}"
            wall.ids.append(where.removeprefix("/comments/")[:13])
    return wall


def faults(client: httpx.Client, base_url: str, paths: Sequence[str]) -> dict[str, list[str]]:
    """What in these pages none of us wrote."""
    seen = {}
    for path in paths:
        answer = client.get(path)
        assert answer.status_code < 500, path
        seen[path] = strange(answer.text, base_url)
    return {path: found for path, found in seen.items() if found}


def test_hostile_comments_are_markup_on_no_page_that_shows_them(
    lamp: Serving, mallory: httpx.Client, wall: Wall
) -> None:
    assert len(wall.ids) > 0.8 * PER_PAGE * MOST_PAGES
    paths = [f"{page.path}{query}" for page in wall.pages for query in ("", "?sort=newest", "?lang=ar")]
    paths += [f"/comments/{cid}{more}" for cid in wall.ids[::4] for more in ("", "/reply?quote=1")]
    assert faults(mallory, lamp.base_url, paths) == {}
    refusals = [text for text in wall.refusals if text.startswith("<!doctype")]
    assert refusals
    assert [found for page in refusals if (found := strange(page, lamp.base_url))] == []


def test_previews_hold_only_what_a_comment_may_hold(
    lamp: Serving, mallory: httpx.Client, corpora: Corpora
) -> None:
    shown = 0
    for payload in corpora.all:
        answer = mallory.post("/api/v1/preview", json={"text": payload[:10_000]})
        if answer.status_code == 200:
            shown += 1
            assert strange_fragment(answer.json()["html"]) == [], payload
    assert shown > 0.8 * len(corpora.all)


def test_preview_pages_hold_only_what_our_templates_write(
    lamp: Serving, mallory: httpx.Client, corpora: Corpora
) -> None:
    url = lamp.article().path
    for payload in corpora.all[::9]:
        fields = {
            "url": url,
            "text": payload,
            "name": payload[:80],
            "website": payload[:2000],
            "email": payload[:250],
        }
        for names in (fields, {"url": url, "text": payload, "name": GUEST}):
            answer = mallory.post("/comments", data=names | {"preview": "1", "key": "k", "remember": "1"})
            assert answer.status_code in {200, 400}
            assert strange(answer.text, lamp.base_url) == [], payload


def test_an_author_s_and_a_moderator_s_pages_hold_only_what_our_templates_write(
    lamp: Serving, corpora: Corpora
) -> None:
    article = lamp.publish(f"hostile-{lamp.article().slug}", front="discussion: held\n")
    token = "m" * 43
    for number, payload in enumerate(corpora.attacks[::5]):
        name = (*HOSTILE_NAMES, GUEST)[number % 7]
        headers = {
            "x-forwarded-for": lamp.network(),
            "authorization": f"Bearer {token[:-2]}{number % 90 + 10}",
        }
        body = {"thread": {"url": article.path}, "text": payload, "author": {"name": name}}
        with lamp.client(**headers) as author:
            answer = author.post("/api/v1/comments", json=body)
            if answer.status_code not in {200, 201}:
                continue
            own = answer.json()
            assert strange_fragment_of_comment(own["fragment"], lamp.base_url) == []
            manage = author.get(f"/comments/{own['id']}/manage", headers=headers)
            assert strange(manage.text, lamp.base_url) == []
            edited = author.patch(
                f"/api/v1/comments/{own['id']}", json={"text": f"{payload} 2", "revision": 1}
            )
            assert edited.status_code in {200, 400, 429}
    with lamp.staff("Alice", Role.OWNER) as alice:
        page, walked = "/moderation", 0
        while page and walked < 5:
            answer = alice.get(page)
            assert strange(answer.text, lamp.base_url) == []
            walked += 1
            page = answer.text.partition('rel="next" href="')[2].partition('"')[0]
        waiting = lamp.run("comments", "list", "--status", "held", "--limit", "1000")
        assert waiting.count("\n") > 20
        for reason in corpora.attacks[:5]:
            cid = waiting.split(" ", 1)[0]
            answer = alice.post(f"/comments/{cid}/status", data={"verb": "nonsense", "reason": reason[:500]})
            assert strange(answer.text, lamp.base_url) == []


def strange_fragment_of_comment(fragment: str, base_url: str) -> list[str]:
    return strange(f"<!doctype html><title>x</title><main><ol>{fragment}</li></ol></main>", base_url)


def test_what_a_terminal_shows_has_no_control_character(lamp: Serving, corpora: Corpora) -> None:
    article = lamp.publish(f"terminal-{lamp.article().slug}", front="discussion: held\n")
    hostile = ["\x1b[31mred", "\x9b31m", "\x07bell", "\u202eesrever", "a\u2028b", "\r\x1b[2Kgone"]
    for text in hostile:
        with lamp.client() as client:
            body = {"thread": {"url": article.path}, "text": text, "author": {"name": GUEST}}
            client.post("/api/v1/comments", json=body)
    shown = lamp.run("comments", "list", "--status", "held", "--limit", "1000")
    assert shown
    turns = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    kinds = {char: unicodedata.category(char) for char in shown.replace("\n", "")}
    assert [char for char, kind in kinds.items() if kind in {"Cc", "Zl", "Zp", "Cs"} or char in turns] == []


def test_an_article_s_own_words_hold_only_what_our_templates_write(lamp: Serving, corpora: Corpora) -> None:
    hostile = [payload for payload in corpora.attacks if "\n" not in payload and payload.isprintable()][::8]
    for number, payload in enumerate(hostile[:20]):
        quoted = "'" + payload.replace("'", "''")[:290] + "'"
        front = f"byline: {quoted}\nlead: {quoted}\nsection: coast\norigin: {{name: {quoted}}}\n"
        lamp.write(f"attack-{number}", "Text.", title=quoted, front=front)
    lamp.publish("attack-last")
    with lamp.client() as client:
        paths = [f"/articles/attack-{number}" for number in range(len(hostile[:20]))]
        paths += ["/", "/sections/coast"]
        found = {}
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 200, path
            found[path] = strange(answer.text, lamp.base_url)
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("where", ["sort", "after", "lang", "v", "code", "quote", "filter", "utm_source"])
def test_what_stands_in_an_address_stays_text(
    lamp: Serving, mallory: httpx.Client, corpora: Corpora, where: str
) -> None:
    article = lamp.article()
    said = lamp.say(article, "The lamp was mine.")
    for payload in corpora.attacks[::40]:
        for path in (article.path, "/", "/sign-in", "/moderation", f"/comments/{said}/reply", "/nowhere"):
            answer = mallory.get(path, params={where: payload[:1500]})
            assert answer.status_code < 500
            assert strange(answer.text, lamp.base_url) == [], (path, payload)
