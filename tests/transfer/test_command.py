"""The commands: what they say of files that are none, cut off or damaged, and that no record is lost silently."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from databases import Databases
from rejoinder.cli import app
from rejoinder.db import Engine, new_id, open_database
from rejoinder.sites.models import Rules
from rejoinder.sites.queries import insert_site
from transfer.archives import HEADER, article, comment, vote, write
from transfer.exports import comment as wp_comment
from transfer.exports import post
from transfer.exports import write as write_export


@pytest.fixture
def url(databases: Databases, engine: Engine) -> Any:
    """A database that is not made yet."""
    with databases.empty(engine) as url:
        yield url


def run(url: str, *words: str) -> Result:
    return CliRunner().invoke(app, list(words), env={"REJOINDER_DATABASE_URL": url})


def count(url: str) -> tuple[int, int, int]:
    db = open_database(url)
    counts = tuple(
        db.read_now(lambda tx, sql=sql: tx.value(sql))
        for sql in (
            "SELECT count(*) FROM articles",
            "SELECT count(*) FROM comments",
            "SELECT count(*) FROM arrivals",
        )
    )
    db.close()
    return counts  # type: ignore[return-value]


def test_an_import_makes_the_database_and_its_first_site(url: str, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl.gz", [article(), comment("a1")])

    answer = run(url, "import", "jsonl", str(file), "--json")

    assert answer.exit_code == 0, answer.output
    assert len(answer.stdout.splitlines()) == 1
    assert json.loads(answer.stdout)["comments"] == 1
    assert count(url) == (1, 1, 0)


def test_people_read_sentences(url: str, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [article(), comment("a1"), comment("b", "lost")])

    answer = run(url, "import", "jsonl", str(file))

    assert "2 comments imported: 2 published, 0 waiting; 0 of them replies." in answer.stdout
    assert "its parent lost is not there" in answer.stderr


NOT_OURS = [
    (b"", "This file is empty."),
    (b"\n\n", "This file is empty."),
    (b"<?xml version='1.0'?>\n", "This is no archive of Rejoinder"),
    (b'{"version":1,"users":[]}\n', "This is no archive of Rejoinder"),
    (b"[]\n", "This is no archive of Rejoinder"),
    (b'{"format":"rejoinder"}\n', "of version None"),
    (
        b'{"format":"rejoinder","version":2}\n',
        "This is an archive of version 2; this Rejoinder reads version 1.",
    ),
    (b'{"format":"rejoinder","version":1,"origin":7}\n', "`origin` in its first line is not a text."),
    (b"\x1f\x8bnonsense", "The packed file is cut off or broken here."),
    (
        gzip.compress(b'{"format":"rejoinder","version":1}\n' * 9000)[:-30],
        "The packed file is cut off or broken",
    ),
    (b"[" * 100_000, "This is no archive of Rejoinder"),
]


@pytest.mark.parametrize(("data", "message"), NOT_OURS)
def test_a_file_that_is_not_ours_is_refused_whole(
    url: str, tmp_path: Path, data: bytes, message: str
) -> None:
    file = tmp_path / "file"
    file.write_bytes(data)

    answer = run(url, "import", "jsonl", str(file))

    assert answer.exit_code == 1
    assert message in answer.stderr
    assert "Nothing was imported." in answer.stderr
    assert count(url) == (0, 0, 0)


BAD_LINES = [
    ("{", "unreadable", "line 3: is not JSON: Expecting property name"),
    ("[1]", "unreadable", "line 3: is not a JSON object."),
    ("[" * 100_000, "unreadable", "line 3: is not JSON: "),
    ("\udcff{}", "unreadable", "line 3: is not JSON: not UTF-8"),
    (comment(""), "invalid", "line 3: `id`: string should have at least 1 character."),
    ({**comment("x"), "id": 7}, "invalid", "line 3: `id`: input should be a valid string."),
    ({**comment("x"), "posted": 1589}, "invalid", "line 3: `posted`: is a time such as"),
    (
        {**comment("x"), "posted": "2020-01-01T00:00:00"},
        "invalid",
        "line 3: `posted`: input should have timezone",
    ),
    ({**comment("x"), "status": "maybe"}, "invalid", "line 3: `status`: input should be 'published'"),
    ({**comment("x"), "up": -1}, "invalid", "line 3: `up`: input should be greater"),
    ({**comment("x"), "author": "Nell"}, "invalid", "line 3: `author`"),
    ({"type": "comment", "id": "x"}, "invalid", "line 3: `article`: field required."),
]


@pytest.mark.parametrize(("line", "reason", "message"), BAD_LINES)
def test_a_bad_line_is_told_and_counted_and_the_others_come_in(
    url: str, tmp_path: Path, line: Any, reason: str, message: str
) -> None:
    file = write(tmp_path / "a.jsonl", [article(), line, comment("a1")])

    answer = run(url, "import", "jsonl", str(file), "--json")

    assert answer.exit_code == 1, "a script must notice"
    report = json.loads(answer.stdout)
    assert report["skipped"] == {reason: 1}
    assert (report["records"], report["comments"]) == (2, 1)
    assert any(message in repair for repair in report["repairs"])
    assert message in answer.stderr


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            {"type": "reaction", "id": "x"},
            "line 3: has a `type` that this Rejoinder does not know: 'reaction'. It is left out.",
        ),
        ({**vote("a1", "v"), "value": 2}, "line 3: `value`: input should be 1 or -1. It is left out."),
        ({"type": "article", "id": "b"}, "line 3: `url`: field required. It is left out."),
        (
            article("b", url="javascript:x"),
            "line 3: article b: 'javascript:x' is no address, so it is left out.",
        ),
        (article("b", byline={"x": 1}), "line 3: the byline {'x': 1} can't be used, so it is left out."),
    ],
)
def test_a_record_that_is_no_comment_is_told_and_not_counted(
    url: str, tmp_path: Path, line: Any, message: str
) -> None:
    file = write(tmp_path / "a.jsonl", [article(), line, comment("a1")])

    report = json.loads(run(url, "import", "jsonl", str(file), "--json").stdout)

    assert report["repairs"] == [message]
    assert (report["records"], report["comments"], report["skipped"]) == (1, 1, {})


def test_a_dry_run_leaves_the_database_as_it_was(url: str, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [article(), comment("a1")])

    answer = run(url, "import", "jsonl", str(file), "--dry-run", "--json")

    assert json.loads(answer.stdout)["new"] == 1
    assert "would be imported" in answer.stderr
    assert count(url) == (0, 0, 0)


def test_several_files_are_one_import(url: str, tmp_path: Path) -> None:
    first = write(tmp_path / "1.jsonl", [article(), comment("b", "a1")])
    second = write(tmp_path / "2.jsonl.gz", [comment("a1"), "{"])

    answer = run(url, "import", "jsonl", str(first), str(second), "--json")

    report = json.loads(answer.stdout)
    assert (report["comments"], report["replies"]) == (2, 1)
    assert report["repairs"][0].startswith("file 2, line 3: ")


def test_files_of_two_sites_are_two_imports(url: str, tmp_path: Path) -> None:
    first = write(tmp_path / "1.jsonl", [article()])
    second = write(tmp_path / "2.jsonl", [], {**HEADER, "origin": "https://other.example"})

    answer = run(url, "import", "jsonl", str(first), str(second))

    assert (answer.exit_code, "comes from another site" in answer.stderr) == (1, True)


def test_an_export_goes_to_a_file_or_to_standard_output(url: str, tmp_path: Path) -> None:
    run(url, "import", "jsonl", str(write(tmp_path / "a.jsonl", [article(), comment("a1")])))

    shown = run(url, "export", "jsonl").stdout
    run(url, "export", "jsonl", "-o", str(tmp_path / "out.jsonl.gz"))

    assert json.loads(shown.splitlines()[0]) == {
        "format": "rejoinder",
        "version": 1,
        "origin": "http://127.0.0.1:8080",
    }
    assert gzip.decompress((tmp_path / "out.jsonl.gz").read_bytes()).decode() == shown
    assert len(shown.splitlines()) == 3


def test_imports_are_listed_and_undone_by_their_id(url: str, tmp_path: Path) -> None:
    first = write(tmp_path / "first.jsonl", [article(), comment("a1"), comment("b", "a1")])
    run(url, "import", "jsonl", str(first))
    run(url, "import", "jsonl", str(first), "--dry-run")

    [listed] = json.loads(run(url, "import", "list", "--json").stdout)
    assert (listed["format"], listed["files"], listed["state"]) == ("jsonl", ["first.jsonl"], "complete")
    assert (listed["new"], listed["articles"], listed["comments"]) == (2, 1, 2)
    assert listed["id"] in run(url, "import", "list").stdout

    undone = json.loads(run(url, "import", "undo", listed["id"], "--json").stdout)
    again = run(url, "import", "undo", listed["id"])

    assert (undone["comments"], undone["articles"], count(url)) == (2, 1, (0, 0, 0))
    assert (again.exit_code, "was taken back on" in again.stderr) == (1, True)
    assert json.loads(run(url, "import", "list", "--json").stdout)[0]["state"] == "undone"


def test_people_read_what_an_undo_took_back(url: str, tmp_path: Path) -> None:
    run(url, "import", "jsonl", str(write(tmp_path / "a.jsonl", [article(), comment("a1"), vote("a1", "v")])))
    [listed] = json.loads(run(url, "import", "list", "--json").stdout)

    answer = run(url, "import", "undo", listed["id"])

    assert answer.stdout == "Taken back: 1 comments, 1 votes on them, 1 articles, 1 authors.\n"


def test_the_help_names_the_formats_and_what_else_can_be_done(url: str) -> None:
    assert all(word in run(url, "import", "--help").stdout for word in ("FORMAT FILE…", "list", "undo"))
    assert "FORMAT FILE… | list | undo RUN" in run(url, "import", "--help").stdout
    assert "--dry-run" in run(url, "import", "jsonl", "--help").stdout
    unknown = run(url, "import", "blogger", "x")
    assert (unknown.exit_code, "jsonl" in unknown.stderr) == (2, True)


@pytest.mark.parametrize("words", [["comments", "list"], ["articles", "list"], ["import", "list"]])
def test_of_several_sites_one_is_named(url: str, tmp_path: Path, words: list[str]) -> None:
    run(url, "import", "jsonl", str(write(tmp_path / "a.jsonl", [article(), comment("a1")])))
    db = open_database(url)
    db.write_now(insert_site, new_id(), "https://other.example", Rules())
    db.close()

    assert "name one with --site" in run(url, *words).stderr
    assert run(url, *words, "--site", "http://127.0.0.1:8080").exit_code == 0


def test_a_comment_is_moved_and_moved_back_by_its_id(url: str, tmp_path: Path) -> None:
    run(url, "import", "jsonl", str(write(tmp_path / "a.jsonl", [article(), comment("a1"), comment("b")])))
    ids = {
        c["text"]: c["id"]
        for c in json.loads(run(url, "comments", "list", "--status", "published", "--json").stdout)
    }
    own, other = ids["Comment b."], ids["Comment a1."]

    assert run(url, "comments", "move", own, "--under", other).exit_code == 0
    assert tops(url) == 1
    assert run(url, "comments", "move", own, "--top").exit_code == 0
    assert tops(url) == 2
    assert run(url, "comments", "move", own, "--undo").exit_code == 0
    assert tops(url) == 1
    assert "below itself" in run(url, "comments", "move", other, "--under", own).stderr
    for words in ([], ["--top", "--undo"], ["--under", other, "--top"]):
        refused = run(url, "comments", "move", own, *words)
        assert (refused.exit_code, "--under ID, --top or --undo" in refused.stderr) == (1, True)


def tops(url: str) -> int:
    db = open_database(url)
    number: int = db.read_now(lambda tx: tx.value("SELECT top_count FROM threads"))
    db.close()
    return number


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["wordpress", "--timezone", "Mars/Olympus"], "is not a time zone"),
        (["wordpress", "--timezone", "../../etc/passwd"], "is not a time zone"),
        (["wordpress", "--images", "."], "REJOINDER_PUBLICATION"),
        (["jsonl", "--timezone", "UTC"], "are for wordpress"),
    ],
)
def test_an_option_that_can_not_be_followed_is_refused(
    url: str, tmp_path: Path, words: list[str], why: str
) -> None:
    file = write_export(tmp_path / "a.xml", post(1))

    answer = run(url, "import", words[0], str(file), *words[1:])

    assert (answer.exit_code, why in answer.stderr) == (1, True)


def test_an_export_of_wordpress_comes_in_by_the_command(url: str, tmp_path: Path) -> None:
    file = write_export(tmp_path / "a.xml", post(1, wp_comment(1), wp_comment(2, 1)))

    dry = run(url, "import", "wordpress", str(file), "--dry-run", "--json")
    real = run(url, "import", "wordpress", str(file), "--json", "--timezone", "Europe/Oslo")

    assert real.exit_code == 0, real.output
    assert json.loads(dry.stdout) == json.loads(real.stdout)
    assert count(url) == (1, 2, 0)


def test_a_comment_that_is_cut_off_ends_the_command_with_status_1(url: str, tmp_path: Path) -> None:
    file = write_export(tmp_path / "a.xml", post(1, wp_comment(1)), tail="")
    file.write_text(file.read_text().partition("<wp:comment_parent>")[0])

    assert run(url, "import", "wordpress", str(file)).exit_code == 1


def test_only_our_own_archive_is_written(url: str) -> None:
    assert run(url, "export", "wordpress").exit_code == 2
