"""The publisher's single sign-on: a token that it signed, which says who somebody is (demand D29).

What each claim means to a publisher: docs/operating/single-sign-on.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from joserfc.jwk import Key

from rejoinder.accounts.models import Role, Vouched
from rejoinder.elsewhere import Publisher
from rejoinder.text.addresses import outgoing_link
from rejoinder.web.fetch import Documents
from rejoinder.web.jwt import Claims, NoKeyFits, TokenWrong, key_set, public_keys, read_token, secret_keys

LONGEST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SignedOn:
    """Whom the publisher vouches for, and the one sign-in that it is for."""

    vouched: Vouched
    nonce: str


async def read_signed_on(
    documents: Documents, publisher: Publisher, token: str, *, audience: str, now: datetime
) -> SignedOn:
    """Read a token of the publisher's for the site at this address. Raises TokenWrong or FetchFailed."""
    claims = await _read(documents, publisher, token)
    if claims.said.get("iss") != publisher.issuer:
        raise TokenWrong("iss is not the issuer that is set")
    if claims.said.get("aud") != audience:
        raise TokenWrong(f"aud is not {audience}")
    claims.check_times(now, longest=LONGEST)
    vouched = Vouched(
        publisher.issuer,
        claims.must("sub"),
        claims.text("name", most=400),
        claims.proved_email(),
        _profile(claims),
        _role(claims, publisher),
    )
    return SignedOn(vouched, claims.must("nonce"))


async def look(documents: Documents, publisher: Publisher) -> str:
    """Say whether there are keys, for `rejoinder doctor`. Raises FetchFailed or TokenWrong."""
    keys = await _keys(documents, publisher)
    if not keys:
        raise TokenWrong("no public key for signatures is in its key set")
    return f"{publisher.name} signs with {publisher.algorithm}; {len(keys)} keys are known."


async def _read(documents: Documents, publisher: Publisher, token: str) -> Claims:
    algorithms = (publisher.algorithm,)
    try:
        return read_token(token, await _keys(documents, publisher), algorithms)
    except NoKeyFits:
        if publisher.keys_url is None:
            raise
        return read_token(token, key_set(await documents.get(publisher.keys_url, again=True)), algorithms)


async def _keys(documents: Documents, publisher: Publisher) -> list[Key]:
    if publisher.keys_url:
        return key_set(await documents.get(publisher.keys_url))
    if publisher.public_keys:
        return public_keys(publisher.public_keys, publisher.algorithm)
    return secret_keys(secret.get_secret_value() for secret in publisher.secrets)


def _profile(claims: Claims) -> str | None:
    said = claims.text("profile", most=2048)
    if said is None:
        return None
    link = outgoing_link(said)
    if link is None or not link.startswith("https://"):
        raise TokenWrong("profile is not an https address")
    return link


def _role(claims: Claims, publisher: Publisher) -> Role | None:
    said = claims.text("role")
    if said is None:
        return None
    if said not in publisher.roles:
        raise TokenWrong("role is none that is set in roles")
    return Role(said)
