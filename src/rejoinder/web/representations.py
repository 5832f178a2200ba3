"""Ready bytes of one thing in several codings, each with its strong ETag and its headers, made once."""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

from starlette.responses import Response

from .codings import IDENTITY
from .headers import WITH_IMAGES, Header, completed


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out: status, headers and bytes."""

    status: int
    headers: list[Header]
    body: bytes

    def response(self) -> Response:
        """The same for the framework."""
        response = Response(status_code=self.status)
        response.raw_headers = list(self.headers)
        response.body = self.body
        return response


@dataclass(frozen=True, slots=True)
class Coded:
    """The bytes in one coding, with the answer that has them and the one that says "unchanged", both ready."""

    body: bytes
    etag: bytes
    full: Answer
    unchanged: Answer


@dataclass(slots=True)
class Representation:
    """A page or file as it is answered: `shared` are headers that every answer about it carries."""

    content: bytes
    media_type: bytes
    shared: list[Header]
    status: int = 200
    codings: dict[str, Coded] = field(default_factory=dict)
    _hash: str = ""

    def __post_init__(self) -> None:
        digest = hashlib.blake2b(self.content, digest_size=12)
        if WITH_IMAGES in self.shared:  # a browser that was told so has to hear when it ends
            digest.update(WITH_IMAGES[0])
        self._hash = urlsafe_b64encode(digest.digest()).decode()
        self.add(IDENTITY, self.content)

    @property
    def size(self) -> int:
        """Bytes of all codings together."""
        return sum(len(coded.body) for coded in self.codings.values())

    def add(self, coding: str, body: bytes) -> Coded:
        """Take in the content in another coding."""
        suffix = "" if coding == IDENTITY else f"-{coding}"
        etag = f'"{self._hash}{suffix}"'.encode()
        unchanged = [(b"etag", etag), *self.shared]
        headers = [(b"content-type", self.media_type), (b"content-length", str(len(body)).encode())]
        if coding != IDENTITY:
            headers.append((b"content-encoding", coding.encode()))
        self.codings[coding] = Coded(
            body,
            etag,
            Answer(self.status, completed([*headers, *unchanged]), body),
            Answer(304, unchanged, b""),
        )
        return self.codings[coding]

    def answer(self, coding: str, if_none_match: bytes | None) -> Answer | None:
        """The bytes, or 304 for who has them already; None where this coding is still to be made."""
        coded = self.codings.get(coding)
        if coded is None:
            return None
        if if_none_match is not None and self.status == 200 and _is_known(coded.etag, if_none_match):
            return coded.unchanged
        return coded.full


def _is_known(etag: bytes, if_none_match: bytes) -> bool:
    """Whether the tag is among those a browser has; a weak mark on it is no matter here (RFC 9110, 13.1.2)."""
    if if_none_match == etag or if_none_match.strip() == b"*":
        return True
    return etag in (known.strip().removeprefix(b"W/") for known in if_none_match.split(b","))
