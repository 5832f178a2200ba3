"""What an article file may say, and what is said of it when it is wrong."""

from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.articles.models import ArticleDraft, Discussion
from rejoinder.publication.article_file import Reading, read_article
from rejoinder.publication.faults import Faults
from rejoinder.publication.frontmatter import FrontMatter, read_parts
from rejoinder.sites.models import Rules, Site

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
BERLIN = Rules.model_validate({"time_zone": "Europe/Berlin", "close_after_days": 30})


def read(root: Path, text: str | bytes, rules: Rules | None = None) -> tuple[ArticleDraft | None, list[str]]:
    """Read one file as `a.md`; its faults as they are printed."""
    (root / "a.md").write_bytes(text.encode() if isinstance(text, str) else text)
    faults = Faults("a.md")
    site = Site(1, "https://coast.example", rules or Rules(), (), 1)
    file = read_article(PurePosixPath("a.md"), "a", Reading(site, root, NOON), faults)
    return (file.draft if file else None), [str(fault) for fault in faults.found]


def test_a_file_says_all_of_it(tmp_path: Path) -> None:
    draft, faults = read(
        tmp_path,
        """---
title: 1984
byline: By the editors
origin: https://www.coastwise.example/lamp
published: 2026-05-12 09:30
updated: 2026-05-12T10:00:00+00:00
section: Opinion
language: no
lead: |
  Two lines
  are one.
aliases: [/2019/lamp.html, https://old.example/lamp?id=4&utm_source=x, lampe]
discussion: held
close_after_days: 7
---
Text.
""",
        BERLIN,
    )

    assert faults == []
    assert draft is not None
    assert (draft.title, draft.language, draft.lead) == ("1984", "no", "Two lines are one.")
    assert draft.byline.text == "By the editors"
    assert draft.origin is not None
    assert draft.origin.name == "coastwise.example"
    assert draft.published_at == datetime(2026, 5, 12, 7, 30, tzinfo=UTC)
    assert draft.updated_at == datetime(2026, 5, 12, 10, tzinfo=UTC)
    assert draft.close_at == datetime(2026, 5, 19, 7, 30, tzinfo=UTC)
    assert draft.discussion is Discussion.HELD
    assert draft.aliases == ("/2019/lamp.html", "https://old.example/lamp?id=4", "/articles/lampe")


def test_what_a_file_does_not_say_stays_unknown_or_is_the_sites(tmp_path: Path) -> None:
    draft, faults = read(tmp_path, "# Lamp\n\nText.\n", Rules.model_validate({"discussion": "held"}))

    assert faults == []
    assert draft is not None
    assert (draft.published_at, draft.updated_at, draft.close_at, draft.section) == (None, None, None, None)
    assert not draft.byline
    assert draft.discussion is Discussion.HELD


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("title: [a]", "2: error: `title` must be text"),
        ("x: 1\ntitle: A", "2: warning: `x` means nothing here"),
        ("tittle: A", "2: warning: `tittle` means nothing here: did you mean `title`?"),
        ("origin:\n  nmae: A", "3: warning: `origin.nmae` means nothing here"),
        (
            "origin: javascript:alert(1)",
            "2: error: `origin.url` must be an address that begins with https:// or http://",
        ),
        (
            "origin: {name: A, url: 'javascript:alert(1)'}",
            "2: error: `origin.url` must be an address that begins with https:// or http://",
        ),
        (
            "authors:\n  - name: Mara\n    url: data:text/html,x",
            "4: error: `authors.1.url` must be a path such as /articles/about, or an address that begins with https:// or http://",
        ),
        (
            "authors:\n  - name: Mara\n    url: //evil.example",
            "4: error: `authors.1.url` must be a path such as /articles/about, or an address that begins with https:// or http://",
        ),
        ("byline: A\nauthors: B", "3: error: `authors` are given beside `byline`: keep one of the two"),
        ("published: soon", "2: error: `published` must be a date such as 2026-05-12 or 2026-05-12 09:30"),
        (
            "published: 2026-02-30",
            "2: error: `published` must be a date such as 2026-05-12 or 2026-05-12 09:30",
        ),
        (
            "published: 0001-01-01",
            "2: error: `published` must be a date such as 2026-05-12 or 2026-05-12 09:30",
        ),
        ("draft: perhaps", "2: error: `draft` must be true or false"),
        ("discussion: sometimes", "2: error: `discussion` must be one of: open, held, closed, none"),
        ("close_after_days: -1\npublished: 2026-01-01", "2: error: `close_after_days` must be at least 0"),
        ("close_after_days: soon", "2: error: `close_after_days` must be a whole number"),
        ("close_after_days: 3", "2: warning: `close_after_days` counts from `published`: give it"),
        ("language: Deutsch, bitte", "2: error: `language` is not of the right form"),
        ("section: a/b", "2: error: `section` is not of the right form"),
        ("title: A\ntitle: B", "3: error: gives `title` twice"),
        ("title: &a A\nlead: *a", "3: error: uses an alias (`*name`): write the value out"),
        ("title: 'A", "2: error: is not YAML: found unexpected end of stream"),
        ("title: A\n\tlead: B", "3: error: is not YAML: found a tab character that violates indentation"),
        ("- title", "2: error: is not a list of `key: value` lines"),
        ("? [a]\n: b", "2: error: has a key that is not a word"),
        ("title: !!python/object/apply:os.system [id]", "2: error: `title` must be text"),
        ('title: "a\\0b"', "2: error: `title` holds a character that can't be shown"),
        ('title: "a\\ud800b"', "2: error: is not YAML: found invalid Unicode character escape code"),
        ("title: a\nlead: a\x07b", "3: error: holds a character that is not text"),
        (f"title: {'[' * 20}", "2: error: is nested deeper than 8 levels"),
        (f"title: {'x' * 301}", "2: error: `title` is longer than 300 characters"),
        ("image: photo.jpg", "2: warning: picture `photo.jpg` is not there"),
        (
            "image: ../../etc/passwd",
            "2: warning: picture `../../etc/passwd` must lie beside the article or in a folder below it",
        ),
        (
            "aliases:\n - ok\n - 'http://'",
            "4: error: alias `http://` must be an address, a path such as /2019/lamp.html, or an earlier slug",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, head: str, said: str) -> None:
    _, faults = read(tmp_path, f"---\n{head}\n---\n# Title\n")

    assert f"a.md:{said}" in faults


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"# A\n\nB\xff", "a.md:3: error: is not UTF-8: save it as UTF-8"),
        ("# A\n".encode("utf-16"), "a.md:1: error: is not UTF-8: save it as UTF-8"),
        (b"x" * 1_048_577, "a.md: error: is larger than 1024 KiB"),
        (b"", "a.md:1: error: has no title: give it a `title`, or begin the text with a heading"),
        (b"Text only.\n", "a.md:1: error: has no title: give it a `title`, or begin the text with a heading"),
        (
            b"---\ntitle: A\n",
            "a.md:1: error: begins with `---`, but no second `---` ends what it says of itself",
        ),
        (
            b"# " + b"x" * 301,
            "a.md:1: error: the heading is no title of at most 300 characters: give a `title`",
        ),
    ],
)
def test_a_file_that_cant_be_read_says_why(tmp_path: Path, raw: bytes, said: str) -> None:
    draft, faults = read(tmp_path, raw)

    assert (draft, faults) == (None, [said])


@pytest.mark.parametrize(
    "text",
    [
        '---\ntitle: The “lamp”\n---\n# The "Lamp"\n\nText.\n',
        "---\ntitle: The “lamp”\n---\nThe *“lamp”*\n=====\n\nText.\n",
        "\ufeff---\r\ntitle: The “lamp”\r\n---\r\n\r\nText.\r\n",
        "# The “lamp”\n\nText.\n",
        "\n\n## The “lamp” ##\nText.",
    ],
)
def test_a_headline_is_drawn_once(tmp_path: Path, text: str) -> None:
    draft, faults = read(tmp_path, text)

    assert faults == []
    assert draft is not None
    assert (draft.title, draft.body.html) == ("The “lamp”", "<p>Text.</p>")


def test_another_first_heading_stays(tmp_path: Path) -> None:
    draft, _ = read(tmp_path, "---\ntitle: Lamp\n---\n# Another\n\n## Below\n")

    assert draft is not None
    assert draft.body.html == "<h2>Another</h2>\n<h3>Below</h3>"


@given(st.text())
def test_any_head_is_read_or_refused_with_a_line_inside_it(text: str) -> None:
    faults = Faults("a.md")

    parts = read_parts(f"---\n{text}\n---\n", faults)

    assert (parts is None) == faults.are_fatal
    assert all(1 <= fault.line <= text.count("\n") + 3 for fault in faults.found)


VALUES = st.recursive(
    st.text(max_size=20) | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*FrontMatter.model_fields, "other"]), VALUES))
def test_any_values_are_taken_or_refused_with_the_line_of_their_key(values: dict[str, object]) -> None:
    head = yaml.safe_dump(values, allow_unicode=True, sort_keys=False)
    faults = Faults("a.md")

    parts = read_parts(f"---\n{head}---\n", faults)

    assert (parts is None) == faults.are_fatal
    lines = head.count("\n") + 2
    assert all(1 <= fault.line <= lines for fault in faults.found)
