"""Tokens that others signed (JWT, demand D29): read strictly, believed by keys and algorithms that were named beforehand.

Nothing in a token has a say in how it is checked: its `kid` is not looked at, each key that fits the algorithm is tried.
"""

import json
import re
import warnings
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey, import_key
from joserfc.jws import JWSRegistry

from rejoinder.errors import Invalid
from rejoinder.text.addresses import check_email

MOST_CHARACTERS = 8192
MOST_KEYS = 20
LEEWAY = timedelta(minutes=1)
"""How far clocks may be apart."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_HEADER = {"alg", "typ", "kid"}
_KINDS = {
    "HS256": ("oct", None),
    "RS256": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "EdDSA": ("OKP", "Ed25519"),
}


class TokenWrong(Exception):
    """This token is not believed; it says why, and holds nothing of the token but names of claims."""


class NoKeyFits(TokenWrong):
    """No key that is known made this signature; there may be a newer one."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says, once its signature is right."""

    said: Mapping[str, Any]

    def text(self, name: str, *, most: int = 255) -> str | None:
        """A claim that is a text without control characters; None where the token says nothing of it."""
        value = self.said.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str) or len(value) > most or not value.isprintable():
            raise TokenWrong(f"{name} is not a text of at most {most} characters that can be seen")
        return value

    def must(self, name: str) -> str:
        """The same, where it has to be there."""
        value = self.text(name)
        if value is None:
            raise TokenWrong(f"{name} is missing")
        return value

    def proved_email(self) -> str | None:
        """The address, where it is said to be proved; one that no mail could reach is none."""
        if self.said.get("email_verified") is not True:
            return None
        try:
            return check_email(self.text("email") or "")
        except Invalid:
            return None

    def time(self, name: str) -> float:
        """A claim that is a time, in seconds since 1970."""
        value = self.said.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 2**40:
            raise TokenWrong(f"{name} is missing or not a time in seconds")
        return value

    def check_times(self, now: datetime, *, longest: timedelta | None = None) -> None:
        """Raise TokenWrong where the token is over, not begun, or good for longer than it may be."""
        made, ends = self.time("iat"), self.time("exp")
        begins = self.time("nbf") if "nbf" in self.said else made
        if longest is not None and not made < ends <= made + longest.total_seconds():
            raise TokenWrong(
                f"exp is not after iat, or more than {longest.total_seconds():g} seconds after it"
            )
        if max(made, begins) > (now + LEEWAY).timestamp():
            raise TokenWrong("iat or nbf lies in the future: is a clock wrong?")
        if ends <= (now - LEEWAY).timestamp():
            raise TokenWrong("the token is over (exp)")


def read_token(token: str, keys: Sequence[Key], algorithms: Collection[str]) -> Claims:
    """What a token says, where one of these keys signed it with one of these algorithms. Raises TokenWrong."""
    if len(token) > MOST_CHARACTERS or not _TOKEN.fullmatch(token):
        raise TokenWrong("it has not the form of a signed token")
    head, body, signature = token.split(".")
    header, said = _json(head), _json(body)
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in algorithms:
        raise TokenWrong(f"alg is not {' or '.join(sorted(algorithms))}")
    if not header.keys() <= _HEADER:
        raise TokenWrong("its header holds more than alg, typ and kid")
    if str(header.get("typ", "JWT")).upper() != "JWT":
        raise TokenWrong("typ is not JWT")
    signed, made = f"{head}.{body}".encode(), _bytes(signature)
    if not any(_signed_by(key, algorithm, signed, made) for key in keys):
        raise NoKeyFits("no key that is known here made its signature")
    return Claims(said)


def secret_keys(secrets: Iterable[str]) -> list[Key]:
    """Keys for HS256."""
    return [OctKey.import_key(secret.encode()) for secret in secrets]


def public_keys(pems: Iterable[str], algorithm: str) -> list[Key]:
    """Keys for the other algorithms, from PEM."""
    kind: Any = {"RS256": RSAKey, "ES256": ECKey, "EdDSA": OKPKey}[algorithm]
    return [kind.import_key(pem) for pem in pems]


def key_set(document: object) -> list[Key]:
    """The public keys for signatures in a key set (JWKS); what is no such key is passed over."""
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise TokenWrong("the key set is no JSON Web Key Set")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a key that is too short is only warned of
        return [key for data in listed[:MOST_KEYS] if (key := _public(data)) is not None]


def _public(data: object) -> Key | None:
    try:
        if not isinstance(data, dict) or data.get("kty") == "oct" or data.get("use", "sig") != "sig":
            return None
        key = import_key(data)
        return None if key.is_private else key
    except (JoseError, ValueError, TypeError, KeyError, Warning):
        return None


def _signed_by(key: Key, algorithm: str, signed: bytes, signature: bytes) -> bool:
    try:
        return _fits(key, algorithm) and JWSRegistry.algorithms[algorithm].verify(signed, signature, key)
    except JoseError:  # a key that says of itself that it is for something else
        return False


def _fits(key: Key, algorithm: str) -> bool:
    kind, curve = _KINDS[algorithm]
    if key.key_type != kind or key.get("alg", algorithm) != algorithm:
        return False
    return curve is None or (isinstance(key, ECKey | OKPKey) and key.curve_name == curve)


def _json(part: str) -> dict[str, Any]:
    try:
        said = json.loads(_bytes(part).decode(), object_pairs_hook=_once, parse_constant=_no_number)
        json.dumps(said, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError):
        raise TokenWrong("a part of it is not JSON, or says one thing twice") from None
    if not isinstance(said, dict):
        raise TokenWrong("a part of it is no JSON object")
    return said


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice")
    return found


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number in JSON")


def _bytes(part: str) -> bytes:
    """The bytes of one part; each is written in one way only."""
    try:
        data = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        data = b""
    if urlsafe_b64encode(data).rstrip(b"=").decode() != part:
        raise TokenWrong("a part of it is not written as base64url")
    return data
