"""Pictures beside an article file: which of them may be shown, where they stand, how large they are."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import imagesize

from rejoinder.articles.models import own_url
from rejoinder.text.addresses import write_path

TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}


class NoPicture(Exception):
    """Why a picture can't be shown; the words follow its name."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture served by us; sizes in pixels, None where the file does not tell."""

    url: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Beside:
    """The place of an article's pictures: its slug, its file's folder, and the publication that both are in."""

    slug: str
    folder: Path
    root: Path

    def picture(self, src: str) -> Picture:
        """The picture that an article calls `src`. Raises `NoPicture`."""
        name = unquote(src.partition("?")[0].partition("#")[0]).removeprefix("./")
        width, height = _measure(find_picture(self.root, self.folder, name))
        return Picture(picture_url(self.slug, name), width, height)


def picture_url(slug: str, name: str) -> str:
    """Where we serve a picture of an article."""
    return own_url(slug) + "/" + write_path(name)


def find_picture(root: Path, folder: Path, name: str) -> Path:
    """The file of a picture beside an article, or in a folder below it. Raises `NoPicture`."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or "//" in name:
        raise NoPicture("is not a file beside the article")
    if any(character in "\\;" or not character.isprintable() for character in name):
        raise NoPicture("has a name that can't stand in an address")
    if any(part.startswith(".") for part in parts):
        raise NoPicture("must lie beside the article or in a folder below it")
    if PurePosixPath(name).suffix.lower() not in TYPES:
        raise NoPicture(f"is not one of {', '.join(sorted(TYPES))}")
    path = folder.joinpath(*parts)
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        raise NoPicture("is not there") from None
    if not real.is_file():
        raise NoPicture("is not there")
    if not real.is_relative_to(root.resolve()):
        raise NoPicture("leads out of the publication's folder")
    return real


def _measure(path: Path) -> tuple[int | None, int | None]:
    """Width and height in whole pixels, as far as the file tells them."""
    with path.open("rb") as file:  # a file, because imagesize would fetch a path that looks like an address
        width, height = imagesize.get(file)
    return (round(width), round(height)) if width >= 1 and height >= 1 else (None, None)
