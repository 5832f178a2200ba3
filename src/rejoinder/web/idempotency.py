"""A write that arrives twice is done once: its key leads to the first answer for a day."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from starlette.requests import Request

from rejoinder.db import Tx
from rejoinder.errors import N_, Invalid

from . import queries
from .models import Attempt

LASTS = timedelta(hours=24)

_KEY = re.compile(r"[!-~]{1,100}")


def read_key(request: Request) -> str | None:
    """The `Idempotency-Key` a request carries, if any. Raises `Invalid` for one that is no key."""
    key = request.headers.get("idempotency-key")
    return None if key is None else check_key(key)


def check_key(key: str) -> str:
    """The key, wherever it came from. Raises `Invalid` where it is empty, long or not plain ASCII."""
    if not _KEY.fullmatch(key):
        raise Invalid("idempotency-key", N_("An idempotency key is 1 to 100 visible ASCII characters."))
    return key


def hash_request(fields: Mapping[str, str]) -> bytes:
    """What tells one request from another under the same key."""
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def claim(tx: Tx, attempt: Attempt, answer: str, *, now: datetime) -> str | None:
    """Keep the answer of a first attempt, in the transaction that does what it asks; else, what the first was answered.

    A second attempt that runs at the same time waits for the first. Raises `Invalid` ("idempotency-mismatch")
    where the same key came with something else.
    """
    if queries.insert_answer(tx, attempt, answer, expires_at=now + LASTS, now=now):
        return None
    stored = queries.get_answer(tx, attempt)
    if stored.request_hash != attempt.request_hash:
        raise Invalid(
            "idempotency-mismatch",
            N_("This key was used for another request. Please send it with a new one."),
        )
    return stored.answer


def forget_answers(tx: Tx) -> int:
    """Forget answers that are more than a day old and say how many."""
    return queries.delete_expired_answers(tx, tx.now)
