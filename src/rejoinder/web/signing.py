"""Signed notes that travel in a page and come back: nothing is stored for them."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from rejoinder.errors import N_, Invalid

from .keys import Keys

MOST_CHARACTERS = 4096


def sign(keys: Keys, purpose: str, payload: Mapping[str, Any], *, ttl: timedelta, now: datetime) -> str:
    """The payload (what JSON can hold), its end and a signature, as text for a form field or an address.

    Who holds it can read it, and it counts for this purpose only.
    """
    note = {"p": dict(payload), "x": int((now + ttl).timestamp())}
    body = _encode(json.dumps(note, separators=(",", ":"), ensure_ascii=False).encode())
    return f"{body}.{_encode(_mac(keys.current('forms', now).value, purpose, body))}"


def unsign(keys: Keys, purpose: str, text: str, *, now: datetime) -> dict[str, Any]:
    """The payload that `sign` was given. Raises `Invalid` ("form-expired") where it is not ours or its time is over."""
    body, _, signature = text.partition(".")
    if len(text) > MOST_CHARACTERS or not _is_ours(keys, purpose, body, signature, now):
        raise _expired()
    note: dict[str, Any] = json.loads(_decode(body))
    if note["x"] < now.timestamp():
        raise _expired()
    payload: dict[str, Any] = note["p"]
    return payload


def _is_ours(keys: Keys, purpose: str, body: str, signature: str, now: datetime) -> bool:
    return any(
        hmac.compare_digest(_encode(_mac(key.value, purpose, body)).encode(), signature.encode())
        for key in keys.valid("forms", now)
    )


def _mac(key: bytes, purpose: str, body: str) -> bytes:
    return hmac.digest(key, f"{purpose}.{body}".encode(), hashlib.sha256)


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _expired() -> Invalid:
    return Invalid(
        "form-expired", N_("This form has been open for too long. Please look it over and send it again.")
    )
