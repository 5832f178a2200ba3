"""Asking who is signed in to prove anew that it is they, in place of a page or an act that needs it."""

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.models import Person
from rejoinder.accounts.pages.calling import caller_of
from rejoinder.accounts.pages.sign_in import ask_to_sign_in, elsewhere, sends_codes
from rejoinder.accounts.passkeys import takes_passkeys
from rejoinder.accounts.queries.passkeys import list_passkeys
from rejoinder.accounts.queries.staff import get_account
from rejoinder.errors import Refusal
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.web.answers import no_store, own_path
from rejoinder.web.forms import read_written
from rejoinder.web.house import house
from rejoinder.web.refusals import API, answer_refusal

router = APIRouter()


@router.get("/sign-in/again")
async def proof_page(request: Request) -> Response:
    """The ways in which who is signed in may prove that it is they, and back to `next`."""
    site = await site_of(request)
    then = own_path(request.query_params.get("next", ""))
    caller = await caller_of(request, site, now=datetime.now(UTC))
    if caller.person is None:
        return ask_to_sign_in(request, site, then=then)
    return await ask_for_proof(request, site, caller.person, then=then)


async def answer_proof_needed(request: Request, error: Exception) -> Response:
    """The answer to ProofNeeded: the same page, on which what a form had sent is kept to be sent again."""
    site = await site_of(request)
    caller = await caller_of(request, site, now=datetime.now(UTC))
    if caller.person is None or request.url.path.startswith(API):
        return await answer_refusal(request, error)
    if request.method != "GET":
        kept = await read_written(request)
        return await ask_for_proof(request, site, caller.person, kept=kept, status=403)
    query = f"?{request.url.query}" if request.url.query else ""
    then = own_path(request.url.path + query)
    return await ask_for_proof(request, site, caller.person, then=then, status=403)


async def ask_for_proof(
    request: Request,
    site: Site,
    person: Person,
    *,
    then: str = "",
    kept: dict[str, str] | None = None,
    refused: Refusal | None = None,
    status: int = 200,
) -> Response:
    """The page on which somebody proves that it is they, and goes on to `then`; `refused` is why a way did not lead on."""
    rooms = house(request)
    account = await rooms.db.read(get_account, person.account_id)
    passkeys = await rooms.db.read(list_passkeys, site.id, person.account_id)
    translate = rooms.rendering.translate
    context = {
        "site": site,
        "account": account,
        "email": account.email if sends_codes(request, site) else None,
        "by_passkey": bool(passkeys) and takes_passkeys(site.base_url),
        "is_staff": bool(person.roles),
        "next": then,
        "kept": kept,
        "again": request.url.path,
        **elsewhere(request, site),
        "refused": translate(request.state.language, refused.message, refused.params) if refused else None,
    }
    return no_store(request, "accounts/proof.html", context, status=403 if refused else status)
