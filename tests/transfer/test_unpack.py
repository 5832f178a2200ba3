"""Hostile files: bombs, document types, archives that lead elsewhere. Each is refused in a sentence, in little memory."""

import gzip
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from databases import Databases
from rejoinder.db import Database
from rejoinder.errors import Refusal
from rejoinder.sites.models import Site
from rejoinder.transfer.errors import Damaged, NotOurs
from rejoinder.transfer.formats import Format
from rejoinder.transfer.load import import_files
from transfer.exports import HEAD, TAIL, columns, comment, post

EXPORT = HEAD + post(1, comment(1)) + TAIL


@pytest.fixture
def refused(db: Database, site: Site) -> Callable[[Path], Refusal]:
    """Why a file is refused; nothing of it may be left."""

    def refused(file: Path) -> Refusal:
        with pytest.raises((NotOurs, Damaged)) as refusal:
            import_files(db, site, [file], format_=Format.WORDPRESS)
        for table in ("articles", "comments", "arrivals", "imports"):
            assert columns(db, f"SELECT count(*) FROM {table}") == [(0,)]
        return refusal.value

    return refused


Refused = Callable[[Path], Refusal]


def zipped(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def imported(db: Database, site: Site, *files: Path) -> int:
    comments: int = import_files(db, site, files, format_=Format.WORDPRESS)["comments"]
    return comments


def test_plain_gzipped_and_zipped_are_the_same(db: Database, site: Site, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(EXPORT, encoding="utf-8")
    (tmp_path / "a.gz").write_bytes(gzip.compress(EXPORT.encode()))
    zipped(tmp_path / "a.zip", {"deep/a.XML": EXPORT, "readme.txt": "Hello", "__MACOSX/._a.xml": "junk"})

    for name in ("a.xml", "a.gz", "a.zip"):
        assert imported(db, site, tmp_path / name) == 1
    assert columns(db, "SELECT count(*) FROM comments") == [(1,)]


def test_all_of_an_archive_is_read_in_the_order_of_names(db: Database, site: Site, tmp_path: Path) -> None:
    parts = {f"x.{n:03}.xml": HEAD + post(n, comment(n)) + TAIL for n in (2, 0, 1)}

    assert imported(db, site, zipped(tmp_path / "a.zip", parts)) == 3


def test_every_corpus_of_hostile_xml_is_refused(refused: Refused, shared: Path) -> None:
    files = sorted((shared / "corpora" / "xml").glob("*.xml"))
    assert len(files) == 7
    for file in files:
        assert "DOCTYPE" in str(refused(file)), file.name


INSIDE = {
    "entities": (
        "<!DOCTYPE rss [<!ENTITY a 'bbbb'>]>" + HEAD.partition("?>")[2] + post(1, title="&a;") + TAIL,
        "DOCTYPE",
    ),
    "a file of ours": (
        "<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + HEAD.partition("?>")[2] + TAIL,
        "DOCTYPE",
    ),
    "behind junk": (
        "junk <br> & " + "<!DOCTYPE rss [<!ENTITY a 'b'>]>" + HEAD.partition("?>")[2] + TAIL,
        "DOCTYPE",
    ),
    "in another encoding": (
        ("<?xml version='1.0' encoding='utf-16'?><!DOCTYPE rss>" + TAIL).encode("utf-16"),
        "DOCTYPE",
    ),
    "depth": (HEAD + "<a>" * 100_000, "nested deeper than 100"),
    "a comment without end": (HEAD + "<!--" + "x" * 3_000_000 + "-->" + TAIL, "does not end"),
    "a record too large": (HEAD + post(1, text="x" * 17_000_000) + TAIL, "larger than 16 MiB"),
    "too many fields": (
        HEAD + "<item>" + "<wp:postmeta/>" * 200_000 + "</item>" + TAIL,
        "larger than 16 MiB",
    ),
}


@pytest.mark.parametrize("trick", INSIDE)
def test_xml_that_is_made_to_hurt_is_refused(refused: Refused, tmp_path: Path, trick: str) -> None:
    text, why = INSIDE[trick]
    file = tmp_path / "a.xml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())

    assert why in str(refused(file))


def test_what_unpacks_to_far_more_than_it_was_is_refused(refused: Refused, tmp_path: Path) -> None:
    bomb = (HEAD + " " * 40_000_000).encode()
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bomb))
    zipped(tmp_path / "bomb.zip", {"a.xml": bomb})

    for name in ("bomb.gz", "bomb.zip"):
        assert "more than 100 times its size" in str(refused(tmp_path / name))


def test_a_packed_file_that_is_cut_off_is_refused(refused: Refused, tmp_path: Path) -> None:
    many = (HEAD + "".join(post(n, comment(n)) for n in range(2000)) + TAIL).encode()
    (tmp_path / "a.gz").write_bytes(gzip.compress(many)[:-2000])
    whole = zipped(tmp_path / "a.zip", {"a.xml": many}).read_bytes()
    (tmp_path / "a.zip").write_bytes(whole[:5000] + b"\0" * 2000 + whole[7000:])
    (tmp_path / "b.zip").write_bytes(whole[:5000])

    assert "cut off or broken" in str(refused(tmp_path / "a.gz"))
    assert "broken" in str(refused(tmp_path / "a.zip"))
    assert "broken" in str(refused(tmp_path / "b.zip"))


@pytest.mark.parametrize("name", ["../a.xml", "/etc/a.xml", "a/../../b.xml", "..\\a.xml"])
def test_an_archive_that_leads_elsewhere_is_refused(refused: Refused, tmp_path: Path, name: str) -> None:
    assert "leads out" in str(refused(zipped(tmp_path / "a.zip", {name: EXPORT})))


def test_an_archive_without_exports_or_with_too_much_in_it_is_refused(
    refused: Refused, tmp_path: Path
) -> None:
    assert "no XML file" in str(refused(zipped(tmp_path / "a.zip", {"a.txt": "x"})))
    assert "more than 10000 entries" in str(
        refused(zipped(tmp_path / "b.zip", {f"{n}.txt": "" for n in range(10_001)}))
    )
    assert "more than 1000 files" in str(
        refused(zipped(tmp_path / "c.zip", {f"{n}.xml": "" for n in range(1001)}))
    )


def test_hundreds_of_megabytes_are_read_in_little_memory(databases: Databases, tmp_path: Path) -> None:
    """150 MB, a third of it texts of posts; docs/moving/wordpress.md has the figure for a million comments."""
    file = tmp_path / "large.xml"
    with file.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        for number in range(50):
            out.write(post(number, text="word " * 200_000))
        for _ in range(200):
            out.write(f"<wp:term><wp:term_name>{'word ' * 100_000}</wp:term_name></wp:term>")
        out.write(post(1000, *(comment(n, content="word " * 100) for n in range(2000))))
        out.write(TAIL)
    with databases.empty("sqlite") as url:
        program = "from rejoinder.cli import app; app(standalone_mode=False); print(open('/proc/self/status').read())"
        answer = subprocess.run(
            [sys.executable, "-c", program, "import", "wordpress", str(file), "--dry-run", "--json"],
            env={
                "REJOINDER_DATABASE_URL": url,
                "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
                "PATH": "",
            },
            capture_output=True,
            text=True,
            check=True,
        )
    peak = next(line for line in answer.stdout.splitlines() if line.startswith("VmHWM:"))
    assert int(peak.split()[1]) < 200 * 1024
