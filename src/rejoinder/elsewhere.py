"""Who else may say who somebody is: OpenID providers and the publisher, as the operator sets them in `oidc` and `sso`."""

import re
import warnings
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from ada_url import URL
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

Algorithm: TypeAlias = Literal["HS256", "RS256", "ES256", "EdDSA"]
LEAST_SECRET = 32
"""Bytes: as many as the hash that HS256 makes of it (RFC 7518, 3.2)."""


def _private_address(text: str) -> str:
    """An https address; plain http on this machine, for trying out."""
    if not URL.can_parse(text) or URL(text).username or URL(text).password or URL(text).hash:
        raise ValueError("is an address such as https://example.org")
    url = URL(text)
    if url.protocol != "https:" and not (url.protocol == "http:" and _is_this_machine(url.hostname)):
        raise ValueError("begins with https://")
    return text


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


PrivateAddress: TypeAlias = Annotated[str, Field(max_length=2048), AfterValidator(_private_address)]
Label: TypeAlias = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Provider(_Part):
    """An OpenID provider that readers may sign in with."""

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")
    name: Label
    issuer: PrivateAddress
    client_id: str = Field(min_length=1, max_length=400)
    client_secret: SecretStr | None = None
    staff: bool = False

    @model_validator(mode="before")
    @classmethod
    def _read_secret(cls, given: Any) -> Any:
        return _from_file(given, "client_secret_file", "client_secret")


class Publisher(_Part):
    """The publisher, whose own accounts sign in here by a token it signs."""

    name: Label
    login_url: PrivateAddress
    issuer: str = Field(min_length=1, max_length=400)
    algorithm: Algorithm
    secrets: tuple[SecretStr, ...] = Field((), max_length=2)
    public_keys: tuple[str, ...] = Field((), max_length=2)
    keys_url: PrivateAddress | None = None
    roles: tuple[Literal["author", "moderator"], ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _read_secrets(cls, given: Any) -> Any:
        read = _from_file(given, "secrets_file", "secrets")
        if isinstance(read, dict) and isinstance(read.get("secrets"), str):
            read = {**read, "secrets": read["secrets"].splitlines()}
        return read

    @model_validator(mode="after")
    def _has_keys(self) -> "Publisher":
        if self.algorithm == "HS256":
            if not self.secrets or self.public_keys or self.keys_url:
                raise ValueError("HS256 takes secrets, one or two, and no other key")
            if any(len(secret.get_secret_value().encode()) < LEAST_SECRET for secret in self.secrets):
                raise ValueError(
                    f"a secret has at least {LEAST_SECRET} bytes; make one with: openssl rand -hex 32"
                )
        elif self.secrets or bool(self.public_keys) == bool(self.keys_url):
            raise ValueError(f"{self.algorithm} takes public_keys, one or two, or keys_url")
        for pem in self.public_keys:
            _check_public(pem, self.algorithm)
        return self


def with_providers(providers: tuple[Provider, ...]) -> tuple[Provider, ...]:
    """Let pass providers that can be told apart, where the library that speaks with them is installed."""
    if providers and find_spec("authlib") is None:
        raise ValueError('needs Authlib, which is not installed: pip install "rejoinder[oidc]"')
    for part in ("key", "issuer"):
        if len({getattr(provider, part) for provider in providers}) < len(providers):
            raise ValueError(f"names the same {part} twice")
    return providers


def _from_file(given: Any, file: str, name: str) -> Any:
    """Take a secret from the file that stands in its place."""
    if not isinstance(given, dict) or file not in given:
        return given
    if name in given:
        raise ValueError(f"has {name} and {file}; keep one of the two")
    path = given[file]
    try:
        secret = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError, TypeError) as error:
        raise ValueError(f"{file}: {path} can't be read: {error}") from None
    return {**{key: value for key, value in given.items() if key != file}, name: secret}


def _check_public(pem: str, algorithm: Algorithm) -> None:
    from joserfc import jwk  # noqa: PLC0415 - nine mebibytes that most servers never need
    from joserfc.errors import JoseError  # noqa: PLC0415 - as above

    if re.search("PRIVATE KEY", pem):
        raise ValueError("public_keys has a private key; that stays with the publisher")
    kind: Any = {"RS256": jwk.RSAKey, "ES256": jwk.ECKey, "EdDSA": jwk.OKPKey}[algorithm]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a short key is only warned of
            key = kind.import_key(pem)
    except (JoseError, ValueError, TypeError, Warning):
        raise ValueError(f"public_keys has one that is no good public key for {algorithm}, as PEM") from None
    if algorithm in {"ES256", "EdDSA"} and key.curve_name not in {"P-256", "Ed25519"}:
        raise ValueError(f"public_keys has a key of another curve than {algorithm} uses")
