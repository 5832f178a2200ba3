"""A notice board: the smallest feature there is, with the real house around it."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx
from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from rejoinder.db import Database, Tx
from rejoinder.errors import Conflict, Invalid, NotFound, TooMany, Unavailable
from rejoinder.settings import load_settings
from rejoinder.web.answers import no_store, see_other
from rejoinder.web.application import make_app, running
from rejoinder.web.forms import read_form
from rejoinder.web.house import House, house
from rejoinder.web.keys import Keys
from rejoinder.web.origin import check_own
from rejoinder.web.params import closed, version_of
from rejoinder.web.rendering import Rendering, template_folders
from rejoinder.web.shortcut import Shortcut
from rejoinder.web.snapshots import Sheet, Snapshots
from rejoinder.web.static import Static

BASE_URL = "https://board.example"
LIMIT = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Note:
    """What hangs on the board."""

    id: int
    text: str
    version: int
    ends_at: datetime | None


class NoteBody(BaseModel):
    """A note as the API takes it."""

    text: str


def make_table(tx: Tx) -> None:
    """A table of our own in a real database."""
    tx.run("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT, version INTEGER, ends_at INTEGER)")


def write_note(tx: Tx, note_id: int, text: str, ends_at: datetime | None = None) -> int:
    """Hang up a note, or change it, and say its version."""
    version: int = tx.value(
        """
        INSERT INTO notes (id, text, version, ends_at) VALUES (:id, :text, 1, :ends_at)
        ON CONFLICT (id) DO UPDATE SET text = :text, version = notes.version + 1, ends_at = :ends_at
        RETURNING version
        """,
        id=note_id,
        text=text,
        ends_at=ends_at,
    )
    tx.touch(f"note:{note_id}")
    return version


def reword(tx: Tx, note_id: int, text: str) -> None:
    """Change what a page shows without a new version, as a change of the site's rules does."""
    tx.run("UPDATE notes SET text = :text WHERE id = :id", id=note_id, text=text)
    tx.touch("site:1")


def take_down(tx: Tx, note_id: int) -> None:
    """Take a note off the board."""
    tx.run("DELETE FROM notes WHERE id = :id", id=note_id)
    tx.touch(f"note:{note_id}")


@dataclass
class Board:
    """The app with what a test looks at: how often a page was loaded, and a gate that loading waits at."""

    house: House
    app: Shortcut = field(init=False)
    loads: list[int] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    broken: Exception | None = None

    def load(self, tx: Tx, note_id: int, sort: str = "oldest") -> Sheet:
        """The page of one note."""
        self.loads.append(note_id)
        if self.broken is not None:
            raise self.broken
        note = tx.one(Note, "SELECT id, text, version, ends_at FROM notes WHERE id = :id", id=note_id)
        self.gate.wait(10)
        return Sheet(
            template="board/note.html",
            context={"site": None, "note": note, "lines": [sort]},
            language="en",
            tags=frozenset({f"note:{note_id}", "site:1"}),
            version=note.version,
            valid_until=note.ends_at,
        )

    def client(self, base_url: str = BASE_URL, **headers: str) -> httpx.AsyncClient:
        """A browser without cookies that talks to the app itself."""
        transport = httpx.ASGITransport(app=self.app)
        return httpx.AsyncClient(transport=transport, base_url=base_url, headers=headers)


def build_board(db: Database, static: Path, *, base_url: str = BASE_URL, limit: int = LIMIT) -> Board:
    """A board that is not at work yet: its app's lifespan, or `running`, starts it."""
    settings = load_settings({}, {"base_url": base_url})
    folders = template_folders() | {"board": Path(__file__).parent / "templates"}
    rendering = Rendering(Static(static), folders)
    host = base_url.partition("://")[2]
    snapshots = Snapshots(db, rendering, {host: base_url}.get, limit=limit)
    board = Board(House(settings, db, rendering, snapshots, Keys(db), ()))
    board.gate.set()
    router = APIRouter()
    hang_routes(router, board)
    board.app = make_app(board.house, [router])
    return board


@asynccontextmanager
async def open_board(db: Database, static: Path, limit: int = LIMIT) -> AsyncIterator[Board]:
    """A board that is at work."""
    await db.write(make_table)
    board = build_board(db, static, limit=limit)
    async with running(board.house):
        yield board


def hang_routes(router: APIRouter, board: Board) -> None:
    """Every kind of door there is."""

    @router.get("/notes/{note_id:int}")
    async def note_page(request: Request, note_id: int) -> Response:
        params = closed(request, {"sort": ("oldest", "newest")})
        sort = params.get("sort", "oldest")
        return await house(request).snapshots.answer(
            request, params, board.load, note_id, sort, at_least=version_of(request)
        )

    @router.post("/notes/{note_id:int}")
    async def post_note(request: Request, note_id: int) -> Response:
        check_own(request, house(request).settings.base_url, may_be_sent=True)
        form = await read_form(request, {"text": 500, "name": 80})
        if "text" not in form:
            raise Invalid("text-missing", "Please write something.", field="text")
        version = await house(request).db.write(write_note, note_id, form["text"])
        return see_other(f"/notes/{note_id}?v={version}")

    @router.post("/api/notes/{note_id:int}")
    async def post_json(request: Request, note_id: int, body: NoteBody) -> dict[str, int]:
        return {"version": await house(request).db.write(write_note, note_id, body.text)}

    @router.get("/private")
    async def private(request: Request) -> Response:
        note = Note(0, "for you", 0, None)
        return no_store(request, "board/note.html", {"site": None, "note": note, "lines": []})

    @router.get("/{area}/refused/{kind}")
    @router.get("/refused/{kind}")
    async def refused(kind: str) -> Response:
        raise {
            "missing": NotFound("not-found", "There is nothing at this address."),
            "changed": Conflict("comment-changed", "It changed meanwhile.", field="text"),
            "often": TooMany("too-many", "Please wait %(seconds)d seconds.", retry_after=7, seconds=7),
            "busy": Unavailable("busy", "Too much at once.", retry_after=3),
            "broken": RuntimeError("a secret of the inside"),
        }[kind]
