"""Speaking with OpenID providers: the code flow with PKCE, and what their ID tokens have to say (OpenID Connect Core 1.0).

Authlib writes the messages and knows the rules for claims; signatures are `web/jwt.py`'s, connections `web/fetch.py`'s.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError

from rejoinder.accounts.models import Trip, Vouched
from rejoinder.elsewhere import Provider
from rejoinder.text.addresses import outgoing_link
from rejoinder.web.fetch import Documents, FetchFailed, fetch
from rejoinder.web.jwt import LEEWAY, Claims, NoKeyFits, TokenWrong, key_set, read_token
from rejoinder.web.loopback import is_plain_abroad

ALGORITHMS = frozenset({"RS256", "ES256", "EdDSA"})
SCOPE = "openid profile email"
DISCOVERY = "/.well-known/openid-configuration"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider says it is spoken with, and how."""

    authorization: str
    token: str
    keys: str
    people: str | None
    takes_basic: bool
    says_issuer: bool


async def discover(documents: Documents, provider: Provider) -> Endpoints:
    """What the provider says of itself. Raises FetchFailed, also where it says that it is another."""
    said = await documents.get(provider.issuer.rstrip("/") + DISCOVERY)
    if not isinstance(said, dict) or said.get("issuer") != provider.issuer:
        raise FetchFailed(
            f"its metadata is not that of {provider.issuer}: the issuer has to be the same text"
        )
    people = said.get("userinfo_endpoint")
    return Endpoints(
        authorization=_address(said, "authorization_endpoint"),
        token=_address(said, "token_endpoint"),
        keys=_address(said, "jwks_uri"),
        people=people if isinstance(people, str) else None,
        takes_basic="client_secret_basic"
        in said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]),
        says_issuer=said.get("authorization_response_iss_parameter_supported") is True,
    )


def authorization_url(
    provider: Provider, endpoints: Endpoints, *, back: str, state: str, verifier: str, anew: bool
) -> str:
    """Where the browser goes to sign in; `anew` asks the provider not to take an older sign-in for it."""
    more = {"max_age": "0"} if anew else {}
    url: str = prepare_grant_uri(
        endpoints.authorization,
        client_id=provider.client_id,
        response_type="code",
        redirect_uri=back,
        scope=SCOPE,
        state=state,
        nonce=nonce_of(state),
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
        **more,
    )
    return url


def nonce_of(state: str) -> str:
    """What ties an ID token to one trip."""
    return hashlib.sha256(f"nonce {state}".encode()).hexdigest()


async def redeem(
    documents: Documents,
    provider: Provider,
    endpoints: Endpoints,
    code: str,
    *,
    trip: Trip,
    state: str,
    back: str,
    now: datetime,
) -> Vouched:
    """Who somebody is, for the code they came back with from this trip. Raises FetchFailed or TokenWrong."""
    tokens = await _exchange(provider, endpoints, code, back=back, verifier=trip.verifier)
    id_token, access_token = tokens.get("id_token"), tokens.get("access_token")
    if not isinstance(id_token, str):
        raise TokenWrong("there is no ID token in the answer")
    claims = await _read(documents, endpoints, id_token)
    _check(claims, provider, state, now)
    subject = claims.must("sub")
    if endpoints.people and isinstance(access_token, str) and not {"name", "email"} <= claims.said.keys():
        more = await _ask_for_more(endpoints.people, access_token, subject)
        # That an address is proved is said of the one that stands beside it, and of no other.
        of_address = {"email", "email_verified"} if "email" in more else set()
        claims = Claims(
            {**{name: said for name, said in claims.said.items() if name not in of_address}, **more}
        )
    return Vouched(
        provider.issuer,
        subject,
        claims.text("name", most=400) or claims.text("preferred_username", most=400),
        claims.proved_email(),
    )


async def look(documents: Documents, provider: Provider) -> str:
    """Say whether metadata and keys can be had, for `rejoinder doctor`. Raises FetchFailed or TokenWrong."""
    endpoints = await discover(documents, provider)
    keys = key_set(await documents.get(endpoints.keys))
    if not keys:
        raise TokenWrong("no public key for signatures is in its key set")
    return f"{provider.name} can be reached and has {len(keys)} keys."


def _address(said: dict[str, Any], name: str) -> str:
    address = said.get(name)
    if not isinstance(address, str) or outgoing_link(address) is None or is_plain_abroad(address):
        raise FetchFailed(f"its metadata has no {name} that begins with https://")
    return address


async def _exchange(
    provider: Provider, endpoints: Endpoints, code: str, *, back: str, verifier: str
) -> dict[str, Any]:
    secret = provider.client_secret.get_secret_value() if provider.client_secret else None
    method = (
        "none" if secret is None else "client_secret_basic" if endpoints.takes_basic else "client_secret_post"
    )
    body = prepare_token_request("authorization_code", redirect_uri=back, code=code, code_verifier=verifier)
    auth = ClientAuth(provider.client_id, secret, method)
    url, headers, body = auth.prepare("POST", endpoints.token, dict(FORM), body)
    answer = await fetch("POST", url, body=body.encode(), headers=headers)
    said = answer.data
    if answer.status != 200 or not isinstance(said, dict):
        error = str(said.get("error", ""))[:60] if isinstance(said, dict) else ""
        raise TokenWrong(f"the code was not taken: status {answer.status} {error!a}")
    return said


async def _read(documents: Documents, endpoints: Endpoints, token: str) -> Claims:
    try:
        return read_token(token, key_set(await documents.get(endpoints.keys)), ALGORITHMS)
    except NoKeyFits:
        return read_token(token, key_set(await documents.get(endpoints.keys, again=True)), ALGORITHMS)


def _check(claims: Claims, provider: Provider, state: str, now: datetime) -> None:
    claims.check_times(now)
    exactly = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }
    said = CodeIDToken(claims.said, {}, exactly, {"nonce": nonce_of(state), "client_id": provider.client_id})
    try:
        said.validate(int(now.timestamp()), int(LEEWAY.total_seconds()))
    except JoseError as why:
        raise TokenWrong(f"the ID token is not for this sign-in: {why.error}: {why.description}") from None


async def _ask_for_more(address: str, access_token: str, subject: str) -> dict[str, Any]:
    """What some providers say of a person only when asked: they must be the same one."""
    answer = await fetch("GET", address, headers={"authorization": f"Bearer {access_token}"})
    said = answer.data
    if answer.status != 200 or not isinstance(said, dict) or said.get("sub") != subject:
        raise TokenWrong("what it says of this person is not about them")
    return said
