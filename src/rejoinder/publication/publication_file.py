"""`publication.toml` at the folder's root: the site's rules as its publisher writes them down."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rejoinder.publication.checked import checked
from rejoinder.publication.faults import Fault, Faults
from rejoinder.publication.located import Misread, read_toml
from rejoinder.publication.pictures import NoPicture, find_picture
from rejoinder.publication.source import read_source
from rejoinder.sites.models import Rules

NAME = "publication.toml"
LARGEST = 16 * 1024


@dataclass(frozen=True, slots=True)
class PublicationFile:
    """The rules that the file gives (`values`, of the others none); None when it is wrong: then nothing changes."""

    values: Mapping[str, Any] | None
    faults: tuple[Fault, ...]


def read_publication_file(root: Path) -> PublicationFile:
    """Read and check the file; no file gives no rules."""
    if not (root / NAME).exists():
        return PublicationFile({}, ())
    faults = Faults(NAME)
    values = _read(root, faults)
    return PublicationFile(values, tuple(faults.found))


def _read(root: Path, faults: Faults) -> Mapping[str, Any] | None:
    text = read_source(root / NAME, faults, largest=LARGEST)
    if text is None:
        return None
    try:
        written = read_toml(text)
    except Misread as wrong:
        faults.error(wrong.line, wrong.message)
        return None
    rules = checked(Rules, written, faults)
    if rules is None:
        return None
    if rules.logo is not None:
        try:
            find_picture(root, root, rules.logo)
        except NoPicture as why:
            faults.error(written.line(("logo",)), f"`logo` {why}")
            return None
    return rules.model_dump(mode="json", include=set(written.values) & set(Rules.model_fields))
