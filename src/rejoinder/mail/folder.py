"""Mail into a folder (file:///…): one .eml file each, to be opened by any mail program."""

import os
import tempfile
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit


def send(url: str, message: EmailMessage) -> None:
    """Write a message; the same letter again replaces the first. Raises OSError."""
    folder = _folder(url)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = message["Message-ID"].strip("<>").partition("@")[0]
    # Whole or not at all: who watches the folder reads no half letter.
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(message.as_bytes())
    Path(file.name).replace(folder / f"{name}.eml")


def look(url: str) -> str:
    """Whether the folder can be written; what is to be said of it. Raises OSError."""
    folder = _folder(url)
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    if not os.access(nearest, os.W_OK):
        raise PermissionError(f"{nearest} can't be written")
    return f"Mail is written into {folder}; nobody gets it by post."


def _folder(url: str) -> Path:
    return Path(unquote(urlsplit(url).path))
