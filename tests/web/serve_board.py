"""Serves the notice board as a process of its own: FOLDER PORT [LINES]."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from rejoinder.db import open_database
from rejoinder.settings import load_settings
from rejoinder.web import server
from web.board import build_board, make_table, write_note


def main(folder: str, port: str, text: str = "Hello") -> None:
    """A fresh board with one note that does not end soon."""
    server.HEADER_SECONDS = 2
    url = f"sqlite:///{folder}/board.db"
    base_url = f"http://127.0.0.1:{port}"
    db = open_database(url, create=True)
    db.write_now(make_table)
    db.write_now(write_note, 1, text, datetime(2090, 1, 1, tzinfo=UTC))
    board = build_board(db, Path(folder) / "static", base_url=base_url)
    given = {"database_url": url, "port": port, "base_url": base_url, "log_level": "warning"}
    server.run(board.app, load_settings({}, given))


if __name__ == "__main__":
    main(*sys.argv[1:])
