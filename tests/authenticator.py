"""A device with passkeys, in software: it makes keys and signs with them as a browser has it do, honestly unless told otherwise."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

Kind: TypeAlias = Literal["ES256", "EdDSA", "RS256", "ES256K"]
Key: TypeAlias = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One device with one key, in a browser that stands at an origin."""

    origin: str
    kind: Kind = "ES256"
    verifies: bool = True
    count: int = 0
    counts: bool = True
    host: str | None = None
    """The name it keeps its key for, where that is not the one it is asked for."""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    handle: bytes = b""

    def __post_init__(self) -> None:
        self.key = _new_key(self.kind)

    def make(self, asked: dict[str, Any]) -> str:
        """Answer to what a server asked for when a passkey is to be made."""
        self.handle = _bytes(asked["user"]["id"])
        public = cbor2.dumps(_public(self.key, self.kind))
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public
        data = self._data(asked["rp"]["id"], ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            clientDataJSON=self._client_data("webauthn.create", asked["challenge"]),
            attestationObject=attestation,
        )

    def sign(self, asked: dict[str, Any]) -> str:
        """Answer to what a server asked for when somebody signs in."""
        self.count += self.counts
        data = self._data(asked["rpId"])
        client_data = self._client_data("webauthn.get", asked["challenge"])
        signature = _sign(self.key, data + hashlib.sha256(client_data).digest())
        return self._answer(
            clientDataJSON=client_data, authenticatorData=data, signature=signature, userHandle=self.handle
        )

    def _data(self, host: str, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return (
            hashlib.sha256((self.host or host).encode()).digest()
            + bytes([flags])
            + self.count.to_bytes(4, "big")
        )

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, **response: bytes) -> str:
        named = _text(self.credential_id)
        return json.dumps(
            {
                "id": named,
                "rawId": named,
                "type": "public-key",
                "response": {name: _text(value) for name, value in response.items()},
                "clientExtensionResults": {},
            }
        )


def _new_key(kind: Kind) -> Key:
    match kind:
        case "ES256":
            return ec.generate_private_key(ec.SECP256R1())
        case "ES256K":
            return ec.generate_private_key(ec.SECP256K1())
        case "EdDSA":
            return ed25519.Ed25519PrivateKey.generate()
        case "RS256":
            return rsa.generate_private_key(65537, 2048)


def _public(key: Key, kind: Kind) -> dict[int, object]:
    """The public half as COSE writes it (RFC 9053)."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        point = key.public_key().public_numbers()
        curve, algorithm = (1, -7) if kind == "ES256" else (8, -47)
        return {
            1: 2,
            3: algorithm,
            -1: curve,
            -2: point.x.to_bytes(32, "big"),
            -3: point.y.to_bytes(32, "big"),
        }
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return {1: 1, 3: -8, -1: 6, -2: key.public_key().public_bytes_raw()}
    numbers = key.public_key().public_numbers()
    return {1: 3, 3: -257, -1: numbers.n.to_bytes(256, "big"), -2: numbers.e.to_bytes(3, "big")}


def _sign(key: Key, data: bytes) -> bytes:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(SHA256()))
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(data)
    return key.sign(data, padding.PKCS1v15(), SHA256())


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")
