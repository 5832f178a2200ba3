"""From the path of an article file to its slug: the name without `.md`; `foo/index.md` is foo."""

import unicodedata
from pathlib import PurePosixPath

SUFFIX = ".md"
INDEX = "index"
LONGEST = 120

_MARKS = "-_.~"


def slug_of(path: PurePosixPath) -> str:
    """The slug of an article file; folders mean nothing. One name may be spelled in two ways in Unicode: NFC is taken."""
    name = path.name.removesuffix(SUFFIX)
    if name == INDEX and path.parent.name:
        name = path.parent.name
    return unicodedata.normalize("NFC", name)


def check_slug(slug: str) -> None:
    """Letters and digits of any script, and between them `-`, `_`, `.`, `~`. Raises `ValueError` with the reason."""
    if len(slug) > LONGEST:
        raise ValueError(f"the file name is longer than {LONGEST} characters")
    for character in slug:
        if not (
            character.isalnum() or character in _MARKS or unicodedata.category(character) in ("Mn", "Mc")
        ):
            raise ValueError(f"the file name holds {character!r}: use letters, digits, `-`, `_` and `.`")
    if not slug or not slug[0].isalnum():
        raise ValueError("the file name does not begin with a letter or digit")
