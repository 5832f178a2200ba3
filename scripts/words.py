"""Keep the message catalogues in step with the code: `words.py update` gathers, `words.py check` judges."""

import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

DOMAIN = "rejoinder"
LANGUAGES = ("de", "ar")
ADVICE = "run `make words`, then translate"
WIDTH = "--width=100"
GATHERED = ["--omit-header", "--add-location=file", "--sort-by-file", "--add-comments=Translators:"]
# A guessed translation is worse than none: it looks done.
UPDATED = ["--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date"]


def update(root: Path) -> None:
    """Gather every string a reader can see and bring the catalogue of each language up to it."""
    template = folder(root) / f"{DOMAIN}.pot"
    template.parent.mkdir(parents=True, exist_ok=True)
    wanted = extract(root)
    if not template.is_file() or not same(catalogue(wanted), catalogue(template.read_bytes())):
        template.write_bytes(wanted)
    for language in LANGUAGES:
        path = folder(root) / language / "LC_MESSAGES" / f"{DOMAIN}.po"
        where = ["-D", DOMAIN, "-i", str(template), "-d", str(folder(root)), "-l", language]
        if not path.is_file():
            pybabel(root, "init", *where, WIDTH)
        elif not same(catalogue(wanted), catalogue(path.read_bytes())):
            pybabel(root, "update", *where, WIDTH, *UPDATED)


def faults(root: Path) -> Iterator[str]:
    """What stands between the catalogues and a complete translation, one line each."""
    template = folder(root) / f"{DOMAIN}.pot"
    if not template.is_file():
        yield f"{template}:1: words: there is no catalogue; {ADVICE}"
        return
    wanted, kept = catalogue(extract(root)), catalogue(template.read_bytes())
    for message in only_in(wanted, kept):
        yield f"{template}:1: words: new and not gathered: {shown(message)}; {ADVICE}"
    for message in only_in(kept, wanted):
        yield f"{template}:1: words: no longer in the code: {shown(message)}; {ADVICE}"
    for language in LANGUAGES:
        yield from faults_of(root, language, wanted)


def faults_of(root: Path, language: str, wanted: Catalog) -> Iterator[str]:
    """What one language lacks."""
    path = folder(root) / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.is_file():
        yield f"{path}:1: words: there is no catalogue for {language}; {ADVICE}"
        return
    translated = catalogue(path.read_bytes(), language)
    for message in only_in(wanted, translated):
        yield f"{path}:1: words: missing: {shown(message)}; {ADVICE}"
    for message in sentences(translated):
        for fault in faults_in(message):
            yield f"{path}:{message.lineno}: words: {fault}"
    for message, errors in translated.check():
        yield from (f"{path}:{message.lineno}: words: {error}: {shown(message)}" for error in errors)


def faults_in(message: Message) -> Iterator[str]:
    """What is wrong with one translation."""
    plural = isinstance(message.string, tuple)
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    if message.fuzzy:
        yield f"fuzzy: {shown(message)}; check it and take the mark away"
    elif not all(strings):
        yield f"untranslated: {shown(message)}; translate every form"
    else:
        wanted = placeholders(message.id)
        for string in strings:
            # One form of a plural may do without the number: "no replies yet".
            if placeholders(string) - wanted or (wanted - placeholders(string) and not plural):
                yield f"{sorted(wanted)} expected in “{string}”: {shown(message)}"


def placeholders(text: str | tuple[str, ...] | list[str] | None) -> set[str]:
    """What is filled into a message: %(name)s, {name}."""
    texts = [text] if isinstance(text, str) else text or []
    return {found for one in texts for found in re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w+\}", one)}


def extract(root: Path) -> bytes:
    """The template as it would be now."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "out.pot"
        pybabel(root, "extract", "-F", "pyproject.toml", "-o", str(out), WIDTH, *GATHERED, "src/rejoinder")
        return out.read_bytes()


def pybabel(root: Path, *words: str) -> None:
    """Run Babel's own command line; its chatter is shown only where it fails."""
    command = [sys.executable, "-m", "babel.messages.frontend", *words]
    done = subprocess.run(command, cwd=root, capture_output=True, check=False)
    if done.returncode:
        sys.exit(done.stderr.decode())


def folder(root: Path) -> Path:
    """Where the catalogues lie."""
    return root / "src/rejoinder/web/locale"


def catalogue(text: bytes, language: str | None = None) -> Catalog:
    """Read a catalogue."""
    return read_po(io.BytesIO(text), locale=language)


def sentences(catalog: Catalog) -> list[Message]:
    """All messages but the header."""
    return [message for message in catalog if message.id]


def same(one: Catalog, other: Catalog) -> bool:
    """Whether two catalogues hold the same messages."""
    return not only_in(one, other) and not only_in(other, one)


def only_in(one: Catalog, other: Catalog) -> list[Message]:
    """Messages of one catalogue that the other does not know under the same context and plural."""
    known = {key(message) for message in sentences(other)}
    return [message for message in sentences(one) if key(message) not in known]


def key(message: Message) -> tuple[object, object]:
    """What makes a message the same message."""
    return message.context, message.id


def shown(message: Message) -> str:
    """The message as a person would quote it."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f"“{text}”"


def main() -> int:
    """Update, or check and say how many faults there are."""
    root = Path.cwd()
    if sys.argv[1:] == ["update"]:
        update(root)
        return 0
    found = list(faults(root))
    for line in found or ["words: every catalogue is fresh and complete"]:
        print(line.replace(f"{root}/", ""))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
