"""Databases for tests: migrated once, then copied; on PostgreSQL emptied and used again."""

import itertools
import shutil
from collections import defaultdict
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
        self._used: defaultdict[str, list[str]] = defaultdict(list)

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
        """The address of a database with the schema and no row. A test that changes a schema takes `empty`."""
        template = self._template(engine, migrations)
        if engine == "sqlite":
            name = f"test_{next(self._numbers)}"
            shutil.copyfile(self._folder / f"{template}.db", self._folder / f"{name}.db")
            yield self._sqlite_url(name)
            return
        name = self._used[template].pop() if self._used[template] else self._copy(template)
        yield self._server().url(name)
        self._server().clean(name)
        self._used[template].append(name)

    def _template(self, engine: Engine, migrations: Path) -> str:
        name = self._templates.get((engine, migrations))
        if name is None:
            name = f"template_{next(self._numbers)}"
            url = self._sqlite_url(name) if engine == "sqlite" else self._server().create(name)
            migrate(url, migrations=migrations)
            self._templates[engine, migrations] = name
        return name

    def _copy(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._server().create(name, template=template)
        return name

    def _sqlite_url(self, name: str) -> str:
        return f"sqlite:///{self._folder}/{name}.db"
