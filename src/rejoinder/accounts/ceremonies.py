"""What passes between a browser's passkey and us (WebAuthn): what is asked for, and whether the answer is right.

Imported where it is needed only: with the library come 14 MB that a site without passkeys never uses.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ada_url import URL
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from rejoinder.accounts.errors import PasskeyRefused
from rejoinder.accounts.models import Account, Passkey
from rejoinder.accounts.passkeys import CHALLENGE_LASTS, passkey_host
from rejoinder.sites.models import Site

ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
WAITS_MS = int(CHALLENGE_LASTS.total_seconds()) * 1000


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that a device has made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def ask_to_make(site: Site, account: Account, known: list[Passkey], challenge: bytes) -> dict[str, Any]:
    """What the browser is to make: a passkey that its device finds without a name, and guards by PIN, finger or face."""
    options = generate_registration_options(
        rp_id=passkey_host(site.base_url),
        rp_name=site.rules.name,
        user_id=handle_of(account.id),
        user_name=account.name,
        challenge=challenge,
        timeout=WAITS_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_named(known),
        supported_pub_key_algs=ALGORITHMS,
    )
    return _as_dict(options_to_json(options))


def ask_to_sign(site: Site, known: list[Passkey], challenge: bytes) -> dict[str, Any]:
    """What the browser is to sign, with one of these passkeys; with any of this site where none are named."""
    options = generate_authentication_options(
        rp_id=passkey_host(site.base_url),
        challenge=challenge,
        timeout=WAITS_MS,
        allow_credentials=_named(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _as_dict(options_to_json(options))


def check_made(site: Site, credential: str, challenge: bytes) -> Made:
    """The passkey in a browser's answer. Raises PasskeyRefused for an answer to anything but our question."""
    with refusing():
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=passkey_host(site.base_url),
            expected_origin=URL(site.base_url).origin,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
    return Made(made.credential_id, made.credential_public_key, made.sign_count)


def read_signed(credential: str) -> AuthenticationCredential:
    """A browser's answer, of which nothing is checked yet. Raises PasskeyRefused."""
    with refusing():
        return parse_authentication_credential_json(credential)


def check_signed(site: Site, signed: AuthenticationCredential, passkey: Passkey, challenge: bytes) -> int:
    """How often the device says that the passkey was used. Raises PasskeyRefused for an answer to anything but our question.

    A count that does not grow is refused: there are two devices with one key then.
    """
    with refusing():
        if signed.response.user_handle not in {None, handle_of(passkey.account_id)}:
            raise PasskeyRefused
        verified = verify_authentication_response(
            credential=signed,
            expected_challenge=challenge,
            expected_rp_id=passkey_host(site.base_url),
            expected_origin=URL(site.base_url).origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    return verified.new_sign_count


def handle_of(account_id: int) -> bytes:
    """What a device knows an account by: a number that says nothing of the person."""
    return account_id.to_bytes(8, "big")


@contextmanager
def refusing() -> Iterator[None]:
    try:
        yield
    except (
        Exception
    ) as error:  # a stranger's bytes: however they break the library's parsers, they are refused
        raise PasskeyRefused from error


def _named(passkeys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=passkey.credential_id) for passkey in passkeys]


def _as_dict(text: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(text)
    return read
