"""Pictures that come along: found in a copy of `wp-content/uploads`, copied to where the site serves its own."""

import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from rejoinder.publication.pictures import Beside, NoPicture, Picture, find_picture, picture_url
from rejoinder.transfer.wordpress.addresses import split_address

FOLDER = "uploads"
"""In the publication's folder; the same years and months below it as in WordPress."""

_UPLOADS = "/wp-content/uploads/"
_HOSTED = re.compile(r"[\w-]+\.files\.wordpress\.com")
_MIRROR = re.compile(r"i[0-3]\.wp\.com")
_RESIZED = re.compile(r"-\d+x\d+(?=\.\w+\Z)")


@dataclass(frozen=True, slots=True)
class Pictures:
    """Where pictures are taken from, and the publication's folder; None in a dry run, which copies nothing."""

    source: Path
    publication: Path | None

    def find(self, slug: str, home: str, address: str) -> Picture | None:
        """A picture of this blog as an article has it; None where it is not in the folder."""
        name = _name_of(address, home)
        for candidate in dict.fromkeys((name, _RESIZED.sub("", name))):
            try:
                file = find_picture(self.source, self.source, candidate)
                picture = Beside(slug, self.source, self.source).picture(candidate)
            except NoPicture:
                continue
            self._copy(file, candidate)
            return replace(picture, url=picture_url(slug, f"{FOLDER}/{candidate}"))
        return None

    def _copy(self, file: Path, name: str) -> None:
        if self.publication is None:
            return
        place = self.publication / FOLDER / name
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            part = place.with_name(f".{place.name}.part")
            shutil.copyfile(file, part)
            part.replace(place)


def _name_of(address: str, home: str) -> str:
    """Below the folder of uploads; empty where the address is another site's."""
    parts = split_address(address)
    host, path = parts.netloc.lower(), unquote(parts.path)
    if _HOSTED.fullmatch(host):
        return path.removeprefix("/")
    if _MIRROR.fullmatch(host):
        host, _, path = path.removeprefix("/").partition("/")
        path = f"/{path}"
    if host.removeprefix("www.") not in ("", split_address(home).netloc.lower().removeprefix("www.")):
        return ""
    return path.partition(_UPLOADS)[2]
