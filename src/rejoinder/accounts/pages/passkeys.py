"""Passkeys: signing in with one, and one's own list of them. The browser does its part by script."""

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rejoinder.accounts.errors import PasskeyRefused, SignInNeeded
from rejoinder.accounts.models import Passkey, Person, Purpose
from rejoinder.accounts.pages.calling import browser_of, browser_to_enter, caller_of
from rejoinder.accounts.pages.proof import ask_for_proof
from rejoinder.accounts.pages.sign_in import ask_to_sign_in, check_door, come_in
from rejoinder.accounts.passkeys import add_passkey, challenge_browser, passkey_host, sign_in_with
from rejoinder.accounts.proof import FORM_LASTS, PROOF_LASTS, check_proof
from rejoinder.accounts.queries.passkeys import delete_passkey, find_passkey, list_passkeys, take_challenge
from rejoinder.accounts.queries.staff import get_account
from rejoinder.accounts.tokens import hash_token, is_token, new_token
from rejoinder.db import new_id, read_id
from rejoinder.errors import Refusal
from rejoinder.screening.limits import Sender
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.web.answers import no_store, own_path, see_other
from rejoinder.web.cookies import read_visitor, set_visitor
from rejoinder.web.forms import read_form
from rejoinder.web.house import house

router = APIRouter()

MINE = "/me/passkeys"
FIELDS = {"credential": 16_000, "next": 2000}


@router.post("/sign-in/passkey/challenge")
async def challenge_to_sign(request: Request) -> Response:
    """What a passkey is to sign, for the browser's own function; where somebody is signed in, with one of theirs."""
    site = await _passkey_door(request)
    now = datetime.now(UTC)
    person = (await caller_of(request, site, now=now)).person
    known = await _passkeys_of(request, person) if person else []
    token, challenge = await _challenge(request, site, Purpose.SIGN_IN, person)
    from rejoinder.accounts.ceremonies import ask_to_sign  # noqa: PLC0415 - it says why

    return _asked(site, ask_to_sign(site, known, challenge), token)


@router.post("/sign-in/passkey")
async def use_passkey(request: Request) -> Response:
    """Sign this browser in with what a passkey has signed; or prove anew who is."""
    site = await _passkey_door(request)
    form = await read_form(request, FIELDS)
    then = own_path(form.get("next", ""))
    try:
        token, known_by = await _sign_in(request, site, form.get("credential", ""))
    except PasskeyRefused as refused:
        caller = await caller_of(request, site, now=datetime.now(UTC))
        if caller.person:
            return await ask_for_proof(request, site, caller.person, then=then, refused=refused)
        return ask_to_sign_in(request, site, then=then, refused=refused, status=403)
    return come_in(site, token, known_by, then or "/me")


@router.get("/me/passkeys")
async def my_passkeys(request: Request) -> Response:
    """One's passkeys, for who has proved lately that it is they."""
    site = await site_of(request)
    passkey_host(site.base_url)
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    if caller.person is None:
        return ask_to_sign_in(request, site, then=MINE)
    check_proof(caller.person, now, within=PROOF_LASTS)
    return await _list(request, site, caller.person)


@router.post("/me/passkeys/challenge")
async def challenge_to_add(request: Request) -> Response:
    """What a new passkey is made from, for the browser's own function."""
    site, person = await _proved(request)
    known = await _passkeys_of(request, person)
    account = await house(request).db.read(get_account, person.account_id)
    token, challenge = await _challenge(request, site, Purpose.ADD, person)
    from rejoinder.accounts.ceremonies import ask_to_make  # noqa: PLC0415 - it says why

    return _asked(site, ask_to_make(site, account, known, challenge), token)


@router.post("/me/passkeys")
async def keep_passkey(request: Request) -> Response:
    """Sign in with this passkey, too, from now on."""
    site, person = await _proved(request)
    form = await read_form(request, {"name": 60, **FIELDS})
    try:
        await _add(request, site, person, form)
    except Refusal as refused:
        return await _list(request, site, person, name=form.get("name", ""), refused=refused)
    return see_other(MINE)


@router.post("/me/passkeys/{passkey_id}/remove")
async def remove_passkey(request: Request, passkey_id: str) -> Response:
    """Never let anybody in with one of one's passkeys again; another's is none of one's own."""
    site, person = await _proved(request)
    await house(request).db.write(delete_passkey, site.id, person.account_id, read_id(passkey_id))
    return see_other(MINE)


async def _sign_in(request: Request, site: Site, credential: str) -> tuple[str, str]:
    """The token of the session, and the one that the browser is known by from then on."""
    from rejoinder.accounts.ceremonies import check_signed, read_signed  # noqa: PLC0415 - it says why

    db, now = house(request).db, datetime.now(UTC)
    browser, known_by = browser_to_enter(request, site, now=now)
    asked = await db.write(take_challenge, site.id, browser.visitor or b"", Purpose.SIGN_IN, now)
    signed = read_signed(credential)
    passkey = await db.read(find_passkey, site.id, signed.raw_id)
    if asked is None or passkey is None or asked.account_id not in {None, passkey.account_id}:
        raise PasskeyRefused
    count = check_signed(site, signed, passkey, asked.challenge)
    return await db.write(sign_in_with, passkey, count, browser, now=now), known_by


async def _add(request: Request, site: Site, person: Person, form: dict[str, str]) -> None:
    from rejoinder.accounts.ceremonies import check_made  # noqa: PLC0415 - it says why

    db, now = house(request).db, datetime.now(UTC)
    browser = browser_of(request, site, now=now)
    asked = await db.write(take_challenge, site.id, browser.visitor or b"", Purpose.ADD, now)
    if asked is None or asked.account_id != person.account_id:
        raise PasskeyRefused
    made = check_made(site, form.get("credential", ""), asked.challenge)
    passkey = Passkey(
        new_id(),
        site.id,
        person.account_id,
        made.credential_id,
        made.public_key,
        made.sign_count,
        " ".join(form.get("name", "").split()) or browser.kind,
        created_at=now,
        used_at=None,
    )
    await db.write(add_passkey, passkey)


async def _challenge(
    request: Request, site: Site, purpose: Purpose, person: Person | None
) -> tuple[str, bytes]:
    """The token that this browser is known by, and what its passkey is to sign."""
    known = read_visitor(request, site.base_url)
    token = known if known and is_token(known) else new_token()
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    challenge = await house(request).db.write(
        challenge_browser,
        site.id,
        hash_token(token),
        purpose,
        person.account_id if person else None,
        sender=Sender(None, caller.network),
        now=now,
    )
    return token, challenge


def _asked(site: Site, options: dict[str, object], token: str) -> Response:
    response = JSONResponse(options)
    set_visitor(response, site.base_url, token)
    return response


async def _list(
    request: Request, site: Site, person: Person, *, name: str = "", refused: Refusal | None = None
) -> Response:
    translate = house(request).rendering.translate
    context = {
        "site": site,
        "host": passkey_host(site.base_url),
        "passkeys": await _passkeys_of(request, person),
        "name": name,
        "refused": translate(request.state.language, refused.message, refused.params) if refused else None,
    }
    return no_store(request, "accounts/passkeys.html", context, status=400 if refused else 200)


async def _passkeys_of(request: Request, person: Person) -> list[Passkey]:
    return await house(request).db.read(list_passkeys, person.site_id, person.account_id)


async def _passkey_door(request: Request) -> Site:
    site = await check_door(request)
    passkey_host(site.base_url)
    return site


async def _proved(request: Request) -> tuple[Site, Person]:
    """Who is signed in and has proved it within the last hour. Raises SignInNeeded or ProofNeeded."""
    site = await _passkey_door(request)
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    if caller.person is None:
        raise SignInNeeded
    check_proof(caller.person, now, within=FORM_LASTS)
    return site, caller.person
