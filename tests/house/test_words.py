"""`words.py` notices what readers would see untranslated."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]
LOCALE = "src/rejoinder/web/locale"

CODE = """
from rejoinder.errors import N_

CLOSED = N_("This discussion is closed.")
COUNT = ngettext("%(num)s comment", "%(num)s comments", 2)
"""
TEMPLATE = """{% trans name=author %}Reply to {{ name }}{% endtrans %}
{% trans num=count %}{{ num }} reply{% pluralize %}{{ num }} replies{% endtrans %}
<p>{{ _("Waiting for a moderator.") }}</p>"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with five things to say, gathered and not yet translated."""
    for path, text in {
        "pyproject.toml": (HERE / "pyproject.toml").read_text(encoding="utf-8"),
        "src/rejoinder/comments/post.py": CODE,
        "src/rejoinder/comments/templates/comments/_form.html": TEMPLATE,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert words(tmp_path, "update").returncode == 0
    return tmp_path


def words(clone: Path, job: str) -> subprocess.CompletedProcess[str]:
    """Run words.py as `make words` and `make check` do."""
    command = [sys.executable, str(HERE / "scripts/words.py"), job]
    return subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False)


def translate(clone: Path) -> None:
    """Translate everything into both languages, after a fashion."""
    for language in ("de", "ar"):
        path = clone / LOCALE / language / "LC_MESSAGES/rejoinder.po"
        head, *messages = path.read_text(encoding="utf-8").split("\n\n")
        done = [message.replace('""', '"…"') for message in messages]
        done = [
            message.replace('msgstr "…"', 'msgstr "%(name)s …"') if "%(name)s" in message else message
            for message in done
        ]
        done = [message.replace('] "…"', '] "%(num)s …"') for message in done]
        path.write_text("\n\n".join([head, *done]), encoding="utf-8")


def test_every_way_of_saying_something_is_gathered(clone: Path) -> None:
    gathered = (clone / LOCALE / "rejoinder.pot").read_text(encoding="utf-8")

    for said in [
        'msgid "This discussion is closed."',
        'msgid "%(num)s comment"\nmsgid_plural "%(num)s comments"',
        'msgid "Reply to %(name)s"',
        'msgid "%(num)s reply"\nmsgid_plural "%(num)s replies"',
        'msgid "Waiting for a moderator."',
    ]:
        assert said in gathered


def test_an_untranslated_sentence_is_named(clone: Path) -> None:
    answer = words(clone, "check")

    assert "de/LC_MESSAGES/rejoinder.po" in answer.stdout
    assert "untranslated: “This discussion is closed.”" in answer.stdout
    assert answer.returncode == 1


def test_a_complete_translation_passes(clone: Path) -> None:
    translate(clone)

    answer = words(clone, "check")

    assert answer.stdout == "words: every catalogue is fresh and complete\n"
    assert answer.returncode == 0


def test_a_new_sentence_makes_the_catalogues_stale_until_gathered(clone: Path) -> None:
    translate(clone)
    (clone / "src/rejoinder/comments/edit.py").write_text('SAVED = _("Saved.")\n', encoding="utf-8")

    assert "new and not gathered: “Saved.”" in words(clone, "check").stdout

    words(clone, "update")
    assert "new and not gathered" not in words(clone, "check").stdout
    assert "untranslated: “Saved.”" in words(clone, "check").stdout


def test_a_sentence_that_is_gone_is_named(clone: Path) -> None:
    translate(clone)
    (clone / "src/rejoinder/comments/post.py").unlink()

    assert "no longer in the code: “This discussion is closed.”" in words(clone, "check").stdout


def test_a_lost_placeholder_is_named(clone: Path) -> None:
    translate(clone)
    path = clone / LOCALE / "de/LC_MESSAGES/rejoinder.po"
    path.write_text(path.read_text(encoding="utf-8").replace("%(name)s …", "…"), encoding="utf-8")

    assert "['%(name)s'] expected in “…”: “Reply to %(name)s”" in words(clone, "check").stdout


def test_a_guessed_translation_is_not_a_translation(clone: Path) -> None:
    translate(clone)
    path = clone / LOCALE / "de/LC_MESSAGES/rejoinder.po"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgid "Waiting', '#, fuzzy\nmsgid "Waiting'), encoding="utf-8")

    assert "fuzzy: “Waiting for a moderator.”" in words(clone, "check").stdout
