"""Every way in: what each route is for, who may use it, and how it is used rightly. A route without an entry fails."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import httpx
from fastapi import APIRouter

from rejoinder.app import ROUTERS
from rejoinder.db import Tx
from serving import Article, Serving

Kind: TypeAlias = Literal["page", "data", "personal", "form", "json", "file"]
Who: TypeAlias = Literal["anyone", "known", "author", "person", "proved", "member", "staff", "owner"]
Scope: TypeAlias = Literal["post", "moderate"]
Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Door:
    """One route: what it answers with or reads, who may use it, and what it is sent when it is used rightly.

    `scope` is what a program's token has to be for; without one, no program uses the route but as a stranger.
    "proved" is a person who signed in within the last hour (for a page: the last quarter). `answer` is what who may use it
    is told where what is sent can't be made here. `words` are the fields that people fill with words of their own.
    """

    kind: Kind
    who: Who = "anyone"
    sent: Mapping[str, Any] = field(default_factory=dict)
    changes: bool = True
    scope: Scope | None = None
    answer: int | None = None
    words: tuple[str, ...] = ()


PAGE, FILE, DATA = (Door(kind, changes=False) for kind in ("page", "file", "data"))
VERB = {"verb": "close", "reason": "Enough"}
REVISION = {"text": "Changed.", "revision": 1}

DOORS: dict[Key, Door] = {
    ("GET", "/"): PAGE,
    ("GET", "/sections/{section}"): PAGE,
    ("GET", "/articles/{slug}"): PAGE,
    ("GET", "/articles/{slug}/{name:path}"): FILE,
    ("GET", "/publication/{name:path}"): FILE,
    ("GET", "/static/{name}"): FILE,
    ("GET", "/theme.css"): FILE,
    ("GET", "/{path:path}"): FILE,
    ("GET", "/threads/{thread_id}"): PAGE,
    ("GET", "/comments/{comment_id}"): PAGE,
    ("GET", "/comments/{comment_id}/replies"): PAGE,
    ("GET", "/comments/{comment_id}/reply"): PAGE,
    ("GET", "/sign-in"): Door("personal", changes=False),
    ("GET", "/sign-in/code"): Door("personal", changes=False),
    ("GET", "/sign-in/again"): Door("personal", "person", changes=False),
    ("POST", "/sign-in/passkey/challenge"): Door("form", changes=False),
    ("POST", "/sign-in/passkey"): Door(
        "form", sent={"credential": "{}"}, changes=False, words=("credential",)
    ),
    ("GET", "/me/passkeys"): Door("personal", "proved", changes=False),
    ("POST", "/me/passkeys/challenge"): Door("form", "proved", changes=False),
    ("POST", "/me/passkeys"): Door(
        "form",
        "proved",
        {"name": "My phone", "credential": "{}"},
        changes=False,
        answer=400,
        words=("name", "credential"),
    ),
    ("POST", "/me/passkeys/{passkey_id}/remove"): Door("form", "proved"),
    ("GET", "/me"): Door("personal", "person", changes=False),
    ("GET", "/me/name"): Door("personal", "person", changes=False),
    ("GET", "/me/comments-left"): Door("personal", "person", changes=False),
    ("GET", "/me/comments"): Door("personal", "person", changes=False),
    ("GET", "/me/votes"): Door("personal", "person", changes=False),
    ("GET", "/me/data"): Door("personal", "person", changes=False),
    ("GET", "/me/data/export"): Door("personal", "person", changes=False),
    ("GET", "/me/data/{step}"): Door("personal", "proved", changes=False),
    ("GET", "/me/left"): Door("personal", changes=False),
    ("GET", "/me/by-mail"): Door("personal", changes=False),
    ("GET", "/me/by-mail/sent"): Door("personal", changes=False),
    ("GET", "/me/by-mail/done"): Door("personal", changes=False),
    ("GET", "/moderation"): Door("personal", "staff", changes=False),
    ("GET", "/settings"): Door("personal", "owner", changes=False),
    ("GET", "/comments/{comment_id}/manage"): Door("personal", "author", changes=False),
    ("POST", "/comments"): Door(
        "form", sent={"text": "Said.", "name": "Nell"}, words=("text", "name", "email", "website")
    ),
    ("POST", "/comments/{comment_id}/edit"): Door("form", "author", REVISION, words=("text",)),
    ("POST", "/comments/{comment_id}/delete"): Door("form", "author"),
    ("POST", "/comments/{comment_id}/undo-delete"): Door("form", "author"),
    ("POST", "/comments/{comment_id}/vote"): Door("form", "known", {"value": "1"}, words=("value",)),
    ("POST", "/comments/{comment_id}/status"): Door("form", "staff", VERB, words=("verb", "reason")),
    ("POST", "/threads/{thread_id}/state"): Door("form", "staff", VERB, words=("verb", "reason")),
    ("POST", "/sign-in"): Door("form", sent={"code": "a" * 43}, changes=False, words=("code",)),
    ("POST", "/sign-in/mail"): Door(
        "form", sent={"email": "nell@mail.example"}, changes=False, words=("email",)
    ),
    ("POST", "/sign-in/code"): Door("form", sent={"code": "123456"}, changes=False, words=("code",)),
    ("POST", "/sign-in/name"): Door("form", sent={"name": "Nell"}, changes=False, words=("name",)),
    ("POST", "/sign-in/with/{key}"): Door("form", sent={"next": ""}, changes=False, words=("next",)),
    ("GET", "/sign-in/with/{key}/back"): Door("personal", changes=False),
    ("POST", "/sign-in/sso/leave"): Door("form", sent={"next": ""}, changes=False, words=("next",)),
    ("POST", "/sign-in/sso"): Door("form", sent={"token": "a.b.c"}, changes=False, words=("token",)),
    ("POST", "/sign-in/sso/enter"): Door("form", sent={"token": "a.b.c"}, changes=False, words=("token",)),
    ("GET", "/sign-in/who"): Door("personal", changes=False),
    ("POST", "/sign-in/who"): Door("form", sent={"name": "Nell"}, changes=False, words=("name",)),
    ("POST", "/sign-out"): Door("form", changes=False),
    ("POST", "/me/sessions/{session_id}/sign-out"): Door("form", "person"),
    ("POST", "/me/sessions/sign-out"): Door("form", "person"),
    ("POST", "/me/name"): Door("form", "member", {"name": "Nora Hart"}, words=("name",)),
    ("POST", "/me/comments-left"): Door("form", "person", {"oldest": "0" * 13, "newest": "0" * 13}),
    ("POST", "/settings"): Door(
        "form",
        "owner",
        {"reserved_names": "Nobody"},
        words=("reserved_names", "sections"),
    ),
    ("POST", "/me/data/{step}"): Door("form", "proved", {"wish": "unsign"}, words=("wish",)),
    ("POST", "/me/by-mail"): Door(
        "form", sent={"email": "nell@mail.example"}, changes=False, words=("email",)
    ),
    ("POST", "/me/by-mail/export"): Door("form", sent={"link": "a" * 43}, changes=False, words=("link",)),
    ("POST", "/me/by-mail/ask"): Door(
        "form", sent={"link": "a" * 43, "wish": "remove"}, changes=False, words=("link", "wish")
    ),
    ("POST", "/me/by-mail/erase"): Door(
        "form", sent={"link": "a" * 43, "wish": "remove"}, changes=False, words=("link", "wish")
    ),
    ("POST", "/api/v1/preview"): Door("json", sent={"text": "Said."}, changes=False, words=("text",)),
    ("POST", "/api/v1/comments"): Door(
        "json",
        sent={"text": "Said.", "author": {"name": "Nell"}},
        scope="post",
        words=("text", "author.name", "author.email", "author.website"),
    ),
    ("GET", "/api/v1/comments/{comment_id}"): Door("personal", changes=False),
    ("GET", "/api/v1/threads"): Door("data", sent={"url": "/articles/lamp"}, changes=False),
    ("GET", "/api/v1/threads/{thread_id}"): DATA,
    ("GET", "/api/v1/threads/{thread_id}/comments"): DATA,
    ("GET", "/api/v1/counts"): Door("data", sent={"url": "/articles/lamp"}, changes=False),
    ("OPTIONS", "/api/v1/{path:path}"): Door("file", changes=False),
    ("GET", "/api/v1/threads/{thread_id}/mine"): Door("personal", changes=False),
    ("PATCH", "/api/v1/comments/{comment_id}"): Door(
        "json", "author", REVISION, scope="post", words=("text",)
    ),
    ("DELETE", "/api/v1/comments/{comment_id}"): Door("json", "author", scope="post"),
    ("POST", "/api/v1/comments/{comment_id}/undo-delete"): Door("json", "author", scope="post"),
    ("PUT", "/api/v1/comments/{comment_id}/status"): Door(
        "json", "staff", VERB, scope="moderate", words=("verb", "reason")
    ),
    ("PUT", "/api/v1/comments/{comment_id}/vote"): Door("json", "known", {"value": 1}),
    ("DELETE", "/api/v1/comments/{comment_id}/vote"): Door("json", "known"),
    ("GET", "/api/openapi.json"): FILE,
    ("GET", "/api/docs"): PAGE,
}
WRITES = [key for key in DOORS if key[0] not in {"GET", "OPTIONS"}]
CHANGES = [key for key in WRITES if DOORS[key].changes]


def routes() -> set[Key]:
    """Every route of the server, as its framework knows them."""
    listed = {key for router in ROUTERS for key in _routes_of(router)}
    return listed | {("GET", "/static/{name}"), ("GET", "/api/openapi.json")}


def _routes_of(router: APIRouter) -> Iterator[Key]:
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _routes_of(inner)
        else:
            yield from ((method, route.path) for method in route.methods)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Scene:
    """A discussion in which somebody said something, and deleted something else."""

    lamp: Serving
    article: Article
    author: str
    said: str
    deleted: str
    thread: str

    def path(self, route: Key) -> str:
        """The address of a route in this scene."""
        path = route[1]
        comment = self.deleted if path.endswith("undo-delete") else self.said
        places = {
            "{comment_id}": comment,
            "{thread_id}": self.thread,
            "{session_id}": "0000000000000",
            "{passkey_id}": "0000000000000",
            "{step}": "unsign",
            "{slug}": self.article.slug,
            "{section}": "coast",
            "{name:path}": "lamp.png",
            "{path:path}": "2019/lamp.html",
            "{key}": "id",
            "{name}": "page.css",
        }
        for place, value in places.items():
            path = path.replace(place, value)
        return path

    def fresh(self, route: Key) -> dict[str, str]:
        """What has to be another in each form, or of this moment."""
        if route in {("POST", "/sign-in/mail"), ("POST", "/me/by-mail")}:  # a mailbox gets few mails
            return {"email": f"{secrets.token_hex(8)}@mail.example"}
        return {"version": str(self.lamp.site.version)} if route == ("POST", "/settings") else {}

    def use(self, client: httpx.Client, route: Key, **options: Any) -> httpx.Response:
        """Use a route as it is meant to be used, but for what `options` say."""
        door = DOORS[route]
        sent = {**door.sent, **self.fresh(route)}
        if route == ("POST", "/comments"):
            sent["url"] = self.article.path
        if route == ("POST", "/api/v1/comments"):
            sent["thread"] = {"url": self.article.path}
        body: dict[str, Any] = {}
        if not options.keys() & {"content", "data", "json"}:
            if door.kind == "data":
                sent = dict.fromkeys(sent, self.article.path)
                return client.get(self.path(route), params=sent, **options)
            body = {"json": sent} if door.kind == "json" else {"data": sent} if door.kind == "form" else {}
        if route[0] == "DELETE" or route[1].endswith("undo-delete"):
            body = {}
        return client.request(route[0], self.path(route), **body | options)

    def known(self, token: str | None = None) -> httpx.Client:
        """A browser that has been here before: the author's, with their token."""
        return self.lamp.client(cookie=f"rejoinder-{self.lamp.port}={token or secrets.token_urlsafe(32)}")

    def state(self) -> list[Any]:
        """All that a write may change, as it stands."""
        return self.lamp.db.read_now(_dump)


def set_scene(lamp: Serving, program: str | None = None) -> Scene:
    """A discussion of its own, written by a browser that nobody knew or by the program with this token."""
    article, author = lamp.article(), program or secrets.token_urlsafe(32)
    said = {"authorization": f"Bearer {author}", "x-forwarded-for": lamp.network()}
    with lamp.program(said) if program else lamp.client(**said) as client:
        ids = []
        for text in ("The lamp was mine.", "And this I take back."):
            body = {"thread": {"url": article.path}, "text": text, "author": {"name": "Nell"}}
            answer = client.post("/api/v1/comments", json=body)
            assert answer.status_code == 201, answer.text
            ids.append(answer.json()["id"])
        gone = client.delete(f"/api/v1/comments/{ids[1]}")
        assert gone.status_code == 200, gone.text
        page = client.get(f"{article.path}?v={gone.json()['version']}").text
    thread = page.partition('data-thread="')[2][:13]
    return Scene(lamp, article, author, ids[0], ids[1], thread)


@dataclass(frozen=True, slots=True)
class _Row:
    row: str


_STATE = (
    """
    SELECT id || ' ' || status || ' ' || changed || ' ' || COALESCE(revision_published, 0) || ' '
        || COALESCE(revision_pending, 0) || ' ' || up || ' ' || down || ' ' || COALESCE(pinned_until, 0) || ' '
        || COALESCE(closed_at, 0) || ' ' || COALESCE(gone_at, 0) AS row FROM comments ORDER BY id
    """,
    # What was deleted loses its text after a minute, whatever is asked meanwhile.
    """
    SELECT r.comment_id || ' ' || r.n || ' ' || r.text AS row FROM comment_revisions r
    JOIN comments c ON c.id = r.comment_id AND c.status <> 'deleted' ORDER BY r.comment_id, r.n
    """,
    "SELECT id || ' ' || state || ' ' || comment_count AS row FROM threads ORDER BY id",
    "SELECT comment_id || ' ' || voter || ' ' || value AS row FROM votes ORDER BY comment_id, voter",
    "SELECT id || '' AS row FROM decisions ORDER BY id",
    "SELECT id || '' AS row FROM sessions ORDER BY id",
    "SELECT id || ' ' || rules AS row FROM sites ORDER BY id",
)


def _dump(tx: Tx) -> list[Any]:
    return [tx.all(_Row, statement) for statement in _STATE]
