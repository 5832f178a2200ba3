"""The notice board for the tests of `web/`: a real database, a real bundle, the real app."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from rejoinder.db import Database, open_database
from web.board import Board, open_board


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture(scope="session")
def static_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle as the build makes it."""
    folder = tmp_path_factory.mktemp("static")
    (folder / "page-AAAAAAAA.css").write_text("body { color: black }\n" * 50)
    (folder / "page-BBBBBBBB.js").write_text("document.title;\n" * 50)
    manifest = {"page.css": "page-AAAAAAAA.css", "page.js": "page-BBBBBBBB.js"}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.fixture
def board_db(tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database with our schema."""
    db = open_database(f"sqlite:///{tmp_path / 'board.db'}", create=True)
    yield db
    db.close()


@pytest.fixture
async def board(anyio_backend: str, board_db: Database, static_folder: Path) -> AsyncIterator[Board]:
    """The board at work."""
    async with open_board(board_db, static_folder) as board:
        yield board
