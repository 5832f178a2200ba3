"""What a folder holds, and what of it is served."""

import os
import unicodedata
from pathlib import Path

import pytest

from publication.conftest import Write
from rejoinder.publication.folder import scan_folder
from rejoinder.publication.publication_file import read_publication_file


def slugs(folder: Path) -> list[str]:
    return [entry.slug for entry in scan_folder(folder).entries]


def faults(folder: Path) -> list[str]:
    return [str(fault) for fault in scan_folder(folder).faults]


def test_a_slug_is_the_files_name_and_folders_mean_nothing(folder: Path, write: Write) -> None:
    for name in (
        "lamp.md",
        "2026/05/fog.md",
        "boats/index.md",
        "Über-uns.md",
        "مقال.md",
        "v1.2.md",
        "notes.txt",
    ):
        write(name, "# T")

    assert sorted(slugs(folder)) == sorted(["fog", "lamp", "boats", "Über-uns", "مقال", "v1.2"])
    assert faults(folder) == []


def test_one_name_in_two_spellings_of_unicode_is_one_slug(folder: Path, write: Write) -> None:
    write(unicodedata.normalize("NFD", "Küste.md"), "# T")

    assert slugs(folder) == [unicodedata.normalize("NFC", "Küste")]


def test_of_two_equal_slugs_the_first_path_wins_and_the_other_is_reported(folder: Path, write: Write) -> None:
    write("b/lamp.md", "# B")
    write("a/lamp.md", "# A")

    assert [entry.path.as_posix() for entry in scan_folder(folder).entries] == ["a/lamp.md"]
    assert faults(folder) == ["b/lamp.md: error: is not served: a/lamp.md has the same slug `lamp`"]


def test_hidden_files_and_folders_are_not_looked_at(folder: Path, write: Write) -> None:
    write(".draft.md", "# T")
    write(".git/lamp.md", "# T")

    assert (slugs(folder), faults(folder)) == ([], [])


@pytest.mark.parametrize(
    "name",
    ["a b.md", "a?b.md", "a;b.md", "-a.md", "_a.md", "~.md", "a\u202eb.md", "é" * 0 + "x" * 121 + ".md"],
)
def test_a_name_that_is_no_slug_is_reported(folder: Path, write: Write, name: str) -> None:
    write(name, "# T")

    assert slugs(folder) == []
    assert len(faults(folder)) == 1


def test_links_that_lead_out_are_not_followed(folder: Path, write: Write, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("# Secret")
    (folder / "secret.md").symlink_to(outside / "secret.md")
    (folder / "there").symlink_to(outside)
    (folder / "nowhere.md").symlink_to("gone.md")
    write("..data/real.md", "# Real")
    (folder / "real.md").symlink_to("..data/real.md")  # as Kubernetes lays files out

    assert slugs(folder) == ["real"]
    assert faults(folder) == [
        "there: warning: is a link to a folder, which is not followed",
        "nowhere.md: error: can't be read: No such file or directory",
        "secret.md: error: can't be read: it is a link that leads out of the folder",
    ]


def test_a_pipe_is_no_article_and_stops_nothing(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")

    assert faults(folder) == ["pipe.md: error: can't be read: it is not a file"]


def test_a_folder_that_is_not_there_raises(folder: Path) -> None:
    with pytest.raises(OSError):
        scan_folder(folder / "none")


TOML = """# The rules of the site
name = "Coast"
time_zone = "Europe/Oslo"

discussion = "held"

[sections]
opinion = "Opinion"

[[navigation]]
label = "About"
url = "/articles/about"
"""


def test_a_publication_file_gives_the_rules_it_names_and_no_others(folder: Path, write: Write) -> None:
    write("publication.toml", TOML)

    file = read_publication_file(folder)

    assert file.faults == ()
    assert file.values == {
        "name": "Coast",
        "time_zone": "Europe/Oslo",
        "discussion": "held",
        "sections": {"opinion": "Opinion"},
        "navigation": [{"label": "About", "url": "/articles/about"}],
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ('"Europe/Oslo"', '"Norway"'),
            "3: error: `time_zone` is not a time zone of the IANA list, such as Europe/Oslo",
        ),
        (('"held"', "7"), "5: error: `discussion` must be one of"),
        (('"Opinion"', "[]"), "8: error: `sections.opinion` must be text"),
        (
            ('"/articles/about"', '"javascript:alert(1)"'),
            "12: error: `navigation.1.url` must be a path such as",
        ),
        (("name", "nmae"), "2: warning: `nmae` means nothing here: did you mean `name`?"),
        (('"Coast"', "Coast"), "2: error: is not TOML: Invalid value"),
        (('name = "Coast"', 'logo = "none.svg"'), "2: error: `logo` is not there"),
        (('name = "Coast"', 'logo = "../x.svg"'), "2: error: `logo` must be the name of a file"),
    ],
)
def test_what_is_wrong_with_it_is_said_with_its_line(
    folder: Path, write: Write, change: tuple[str, str], said: str
) -> None:
    write("publication.toml", TOML.replace(*change))

    found = [str(fault) for fault in read_publication_file(folder).faults]

    assert [fault for fault in found if fault.startswith(f"publication.toml:{said}")], found


def test_all_that_is_wrong_with_it_is_said_at_once(folder: Path, write: Write) -> None:
    write("publication.toml", 'name = 1\nlanguage = "xx"\naccent = "red"\nfooter = [\n  {label = "A"},\n]\n')

    file = read_publication_file(folder)

    assert file.values is None
    assert [fault.line for fault in file.faults] == [1, 2, 3, 4]
