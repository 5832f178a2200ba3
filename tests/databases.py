"""Databases for tests: made once with all migrations, then copied."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from postgresql_server import Server
from rejoinder.db import Engine, migrate

TEMPLATE = "rejoinder_template"


class Databases:
    """Gives fresh databases of both engines; `server` is asked for a PostgreSQL when first needed."""

    def __init__(self, folder: Path, server: Callable[[], Server]) -> None:
        self._folder = folder
        self._server = server
        self._numbers = itertools.count(1)
        self._templates: set[str] = set()

    @contextmanager
    def empty(self, engine: Engine) -> Iterator[str]:
        """The address of a database without any table; on SQLite the file does not exist."""
        number = next(self._numbers)
        if engine == "sqlite":
            yield f"sqlite:///{self._folder}/{number}.db"
        else:
            yield self._server().create(f"test_{number}")
            self._server().drop(f"test_{number}")

    @contextmanager
    def migrated(self, engine: Engine) -> Iterator[str]:
        """The address of a database with the schema and no row."""
        number = next(self._numbers)
        if engine == "sqlite":
            shutil.copyfile(self._sqlite_template(), self._folder / f"{number}.db")
            yield f"sqlite:///{self._folder}/{number}.db"
        else:
            yield self._server().create(f"test_{number}", template=self._postgresql_template())
            self._server().drop(f"test_{number}")

    def _sqlite_template(self) -> Path:
        path = self._folder / "template.db"
        if not path.exists():
            migrate(f"sqlite:///{path}")
        return path

    def _postgresql_template(self) -> str:
        if TEMPLATE not in self._templates:
            migrate(self._server().create(TEMPLATE))
            self._templates.add(TEMPLATE)
        return TEMPLATE
