"""Databases for tests: migrated once, then copied."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from postgresql_server import Server
from rejoinder.db import MIGRATIONS, Engine, migrate


class Databases:
    """Gives fresh databases of both engines; `server` is asked for a PostgreSQL when first needed."""

    def __init__(self, folder: Path, server: Callable[[], Server]) -> None:
        self._folder = folder
        self._server = server
        self._numbers = itertools.count(1)
        self._templates: dict[tuple[Engine, Path], str] = {}

    @contextmanager
    def empty(self, engine: Engine) -> Iterator[str]:
        """The address of a database without any table; on SQLite the file does not exist."""
        name = f"test_{next(self._numbers)}"
        if engine == "sqlite":
            yield self._sqlite_url(name)
        else:
            yield self._server().create(name)
            self._server().drop(name)

    @contextmanager
    def migrated(self, engine: Engine, migrations: Path = MIGRATIONS) -> Iterator[str]:
        """The address of a database with the schema and no row."""
        name, template = f"test_{next(self._numbers)}", self._template(engine, migrations)
        if engine == "sqlite":
            shutil.copyfile(self._folder / f"{template}.db", self._folder / f"{name}.db")
            yield self._sqlite_url(name)
        else:
            yield self._server().create(name, template=template)
            self._server().drop(name)

    def _template(self, engine: Engine, migrations: Path) -> str:
        name = self._templates.get((engine, migrations))
        if name is None:
            name = f"template_{next(self._numbers)}"
            migrate(
                self._sqlite_url(name) if engine == "sqlite" else self._server().create(name),
                migrations=migrations,
            )
            self._templates[engine, migrations] = name
        return name

    def _sqlite_url(self, name: str) -> str:
        return f"sqlite:///{self._folder}/{name}.db"
