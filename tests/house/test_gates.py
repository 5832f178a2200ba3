"""The gates find what they are for: each test plants one fault in a small clone and asks for its line."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]

HOUSE = {
    "src/rejoinder/__init__.py": '"""A small house."""\n',
    "src/rejoinder/db/migrations/0001_house.sql": "-- owner: votes\n-- purpose: votes\n"
    "-- personal: who voted (voter)\n-- until: erased\n-- erased: emptied\nCREATE TABLE votes (id INTEGER);\n"
    "-- owner: comments\n-- read by: votes\n-- purpose: said\n-- personal: none\nCREATE TABLE comments (id INTEGER);\n",
    "src/rejoinder/comments/queries.py": 'ALL = "SELECT id FROM comments WHERE id = :id"\n',
    "src/rejoinder/comments/templates/_comment.html": "<article>{{ comment.html }}</article>\n",
    "frontend/page.ts": "export const calm = true;\n",
}

LONG_PYTHON = "def long() -> int:\n" + "    print()\n" * 50 + "    return 1\n"
LONG_SCRIPT = "export function long(): void {\n" + "  stay();\n" * 50 + "}\n"
LONG_METHOD = "class Box {\n  open(): void {\n" + "    stay();\n" * 50 + "  }\n}\n"
UNSAID = "-- owner: comments\n-- personal: "
PURPOSE = "-- owner: comments\n-- purpose: names\n-- personal: "
ANSWER = '"""A page."""\n\n\ndef page(name: str) -> str:\n    return '

FAULTS = [
    ("src/rejoinder/comments/post.py", "x = 1\n" * 301, 301, "size"),
    ("src/rejoinder/comments/post.py", LONG_PYTHON, 1, "size"),
    ("frontend/elements/vote.ts", LONG_SCRIPT, 1, "size"),
    ("frontend/elements/vote.ts", LONG_METHOD, 2, "size"),
    ("src/rejoinder/comments/post.py", 'S = "SELECT 1 FROM comments"\n', 1, "sql-place"),
    ("src/rejoinder/comments/post.py", 'S = """\n    DELETE FROM comments\n"""\n', 1, "sql-place"),
    ("src/rejoinder/comments/post.py", "def f(tx: Tx) -> Row:\n    return tx.one(Row, S)\n", 2, "sql-place"),
    ("src/rejoinder/comments/queries.py", 'S = f"SELECT id FROM comments {tail}"\n', 1, "sql-built"),
    ("src/rejoinder/comments/queries.py", 'S = "SELECT id FROM comments " + tail\n', 1, "sql-built"),
    ("src/rejoinder/comments/queries.py", 'S = "SELECT id FROM %s" % table\n', 1, "sql-built"),
    ("src/rejoinder/db/engine.py", 'S = "DELETE FROM {}".format(table)\n', 1, "sql-built"),
    ("src/rejoinder/comments/queries.py", 'S = "SELECT id FROM votes"\n', 1, "sql-owner"),
    (
        "src/rejoinder/comments/queries/reading.py",
        'S = "SELECT 1 FROM comments c, votes v"\n',
        1,
        "sql-owner",
    ),
    ("src/rejoinder/votes/queries.py", 'S = "UPDATE comments SET up = 1"\n', 1, "sql-owner"),
    (
        "src/rejoinder/votes/queries.py",
        "def f(tx: Tx) -> Row:\n    return tx.one(Row, made(1))\n",
        2,
        "sql-built",
    ),
    ("src/rejoinder/db/migrations/0002_more.sql", "CREATE TABLE stray (id INTEGER);\n", 1, "sql-owner"),
    ("src/rejoinder/db/migrations/0002_more.sql", UNSAID + "none\nCREATE TABLE a (id);\n", 3, "sql-privacy"),
    (
        "src/rejoinder/db/migrations/0002_more.sql",
        PURPOSE + "names\nCREATE TABLE a (id);\n",
        4,
        "sql-privacy",
    ),
    (
        "src/rejoinder/db/migrations/0002_more.sql",
        PURPOSE + "a name (name)\nCREATE TABLE a (id);\n",
        4,
        "sql-privacy",
    ),
    ("src/rejoinder/comments/pages.py", ANSWER + 'f"<p>{name}</p>"\n', 5, "html-built"),
    ("src/rejoinder/comments/pages.py", ANSWER + '"<b>" + name\n', 5, "html-built"),
    ("src/rejoinder/comments/pages.py", ANSWER + '"<b>%s</b>" % name\n', 5, "html-built"),
    ("src/rejoinder/comments/templates/a.html", '<p\n style="top:0">\n', 1, "html-inline"),
    ("src/rejoinder/comments/templates/a.html", "<style>p {}</style>\n", 1, "html-inline"),
    ("src/rejoinder/comments/templates/a.html", '<p onclick="go()">\n', 1, "html-inline"),
    ("src/rejoinder/comments/templates/a.html", "<p>\n<script>go()</script>\n", 2, "html-inline"),
    ("src/rejoinder/comments/templates/a.html", "{{ text | safe }}\n", 1, "html-inline"),
    ("src/rejoinder/comments/templates/_comment.html", "<p>\n" * 61, 61, "comment"),
    ("src/rejoinder/comments/templates/_comment.html", "<p>\n{% if viewer.role %}\n", 2, "comment"),
    ("src/rejoinder/comments/post.py", "from fastapi import Request\n", 1, "import"),
    ("src/rejoinder/comments/pages.py", "import typer\n", 1, "import"),
    ("src/rejoinder/comments/queries.py", "from rejoinder.comments import pages\n", 1, "import"),
    ("src/rejoinder/comments/models.py", "from rejoinder.comments.queries import ALL\n", 1, "import"),
    ("src/rejoinder/comments/post.py", "from . import pages\n", 1, "import"),
    ("src/rejoinder/comments/post.py", "# TO" + "DO: later\n", 1, "unfinished"),
    ("docs/notes.md", "See /ho" + "me/alice/notes.\n", 1, "machine"),
    ("src/rejoinder/comments/events.py", "", 1, "empty"),
    ("src/rejoinder/comments/utils.py", "x = 1\n", 1, "name"),
]

FINE = [
    ("src/rejoinder/comments/pages.py", "from fastapi import Request\nfrom rejoinder.comments import post\n"),
    ("src/rejoinder/comments/post.py", '"""Select the words with care; delete from memory."""\n'),
    ("src/rejoinder/comments/post.py", 'def f(n: int) -> str:\n    return f"<{n}@example.org>"\n'),
    ("src/rejoinder/db/engine.py", "import apsw\n"),
    ("src/rejoinder/db/engine.py", 'S = f"PRAGMA cache_size={size}"\nT = "SELECT 1 WHERE " + _OURS\n'),
    ("src/rejoinder/votes/queries.py", 'S = "SELECT c.id FROM comments c"\n'),
    ("src/rejoinder/transfer/queries.py", 'S = "SELECT id FROM votes"\n'),
    ("src/rejoinder/comments/templates/a.html", '<script src="/static/page.js" defer></script>\n'),
    ("frontend/elements/vote.ts", "if (ready) {\n" + "  stay();\n" * 60 + "}\n"),
]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A clone that keeps every rule."""
    for path, text in HOUSE.items():
        write(tmp_path, path, text)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def write(root: Path, path: str, text: str) -> None:
    """Put a file into the clone."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def gates(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the gates as `make check` does."""
    command = [sys.executable, str(HERE / "scripts/gates"), str(root)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_house_in_order_passes(house: Path) -> None:
    answer = gates(house)

    assert answer.stdout == "gates: all kept\n"
    assert answer.returncode == 0


@pytest.mark.parametrize(("path", "text", "line", "rule"), FAULTS)
def test_a_fault_is_named_by_its_line(house: Path, path: str, text: str, line: int, rule: str) -> None:
    write(house, path, text)

    answer = gates(house)

    assert f"{path}:{line}: {rule}: " in answer.stdout
    assert answer.returncode == 1


@pytest.mark.parametrize(("path", "text"), FINE)
def test_what_is_allowed_passes(house: Path, path: str, text: str) -> None:
    write(house, path, text)

    assert gates(house).stdout == "gates: all kept\n"


def test_a_script_too_heavy_for_its_readers_is_named(house: Path) -> None:
    static = "src/rejoinder/web/static"
    write(house, f"{static}/manifest.json", '{"page.js": "page-AAAA.js"}')
    write(house, f"{static}/page-AAAA.js.br", "x" * 10_001)

    assert "frontend/page.js:1: size: 10001 bytes as Brotli" in gates(house).stdout
