"""Signed tokens as others make them: by `cryptography` alone, so that no library checks its own work."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from joserfc.jwk import import_key

SECRET = "0123456789abcdef0123456789abcdef"
CLAIMS = {"sub": "7", "name": "Nell"}
ALGORITHMS = ("HS256", "RS256", "ES256", "EdDSA")
PUBLISHER = {
    "name": "The Harbour",
    "login_url": "https://www.example.org/comments-login?from=lamp",
    "issuer": "https://www.example.org",
    "algorithm": "HS256",
    "secrets": [SECRET, f"{SECRET}1"],
    "roles": ["author", "moderator"],
}
NOWHERE = {"key": "id", "name": "Lighthouse ID", "issuer": "http://127.0.0.1:9", "client_id": "rejoinder"}
# Every way to sign in, for publications that many tests share; nobody answers for the provider.
WAYS = {"REJOINDER_OIDC": json.dumps([NOWHERE]), "REJOINDER_SSO": json.dumps(PUBLISHER)}


@cache
def private_key(algorithm: str, number: int = 0) -> Any:
    """A key of its own for each number."""
    if algorithm == "RS256":
        return rsa.generate_private_key(65537, 2048)
    if algorithm == "ES256":
        return ec.generate_private_key(ec.SECP256R1())
    return ed25519.Ed25519PrivateKey.generate()


def pem_of(algorithm: str, number: int = 0) -> str:
    form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return str(private_key(algorithm, number).public_key().public_bytes(*form).decode())


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signature_of(algorithm: str, signed: bytes, number: int = 0) -> bytes:
    """A signature made with `cryptography` alone, so that no library checks its own work."""
    if algorithm == "HS256":
        return hmac.digest(f"{SECRET}{number or ''}".encode(), signed, hashlib.sha256)
    key = private_key(algorithm, number)
    if algorithm == "RS256":
        return bytes(key.sign(signed, padding.PKCS1v15(), hashes.SHA256()))
    if algorithm == "ES256":
        r, s = utils.decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return bytes(key.sign(signed))


def token_of(
    algorithm: str = "HS256",
    *,
    header: Mapping[str, object] | bytes | None = None,
    claims: object = CLAIMS,
    number: int = 0,
) -> str:
    """A token, rightly signed whatever it says."""
    head = (
        header
        if isinstance(header, bytes)
        else json.dumps(header or {"alg": algorithm, "typ": "JWT"}).encode()
    )
    body = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    signed = f"{b64(head)}.{b64(body)}"
    return f"{signed}.{b64(signature_of(algorithm, signed.encode(), number))}"


def jwk_of(algorithm: str, number: int = 0, **more: object) -> dict[str, Any]:
    kind = {"RS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}[algorithm]
    return {**import_key(pem_of(algorithm, number), kind).as_dict(), **more}


def claims_of_publisher(audience: str, nonce: str, /, **changed: object) -> dict[str, Any]:
    """What an honest publisher says; what is changed to None is left out."""
    now = int(time.time())
    honest = {
        "iss": PUBLISHER["issuer"],
        "aud": audience,
        "sub": "7",
        "iat": now,
        "exp": now + 300,
        "nonce": nonce,
        "name": "Nell",
    }
    return {name: value for name, value in {**honest, **changed}.items() if value is not None}
