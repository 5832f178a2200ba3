"""What a member is called: they may change it, and all they signed bears the new name."""

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.errors import SignInNeeded
from rejoinder.accounts.naming import rename
from rejoinder.accounts.pages.calling import caller_of
from rejoinder.accounts.pages.sign_in import ask_to_sign_in
from rejoinder.errors import Invalid
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.text.names import check_name
from rejoinder.web.answers import no_store, see_other
from rejoinder.web.forms import read_form
from rejoinder.web.house import house
from rejoinder.web.origin import check_own

router = APIRouter()


@router.get("/me/name")
async def name_page(request: Request) -> Response:
    """The form for another name; who has a role reads who gives it."""
    site = await site_of(request)
    caller = await caller_of(request, site, now=datetime.now(UTC))
    if caller.person is None:
        return ask_to_sign_in(request, site)
    return _form(request, site, caller.person.name, is_given=caller.staff is not None)


@router.post("/me/name")
async def change_name(request: Request) -> Response:
    """Take another name; one that is somebody's is refused, and what was written is kept."""
    site = await site_of(request)
    check_own(request, site.base_url)
    form = await read_form(request, {"name": 400})
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    if caller.person is None:
        raise SignInNeeded
    try:
        name = check_name(form.get("name", ""), reserved=site.rules.reserved_names)
        await house(request).db.write(rename, site.id, caller.person, name, network=caller.network, now=now)
    except Invalid as fault:
        return _form(request, site, form.get("name", ""), fault)
    return see_other("/me")


def _form(
    request: Request, site: Site, name: str, fault: Invalid | None = None, *, is_given: bool = False
) -> Response:
    translate = house(request).rendering.translate
    context = {
        "site": site,
        "name": name,
        "is_given": is_given,
        "fault": translate(request.state.language, fault.message, fault.params) if fault else None,
    }
    return no_store(request, "accounts/name.html", context, status=400 if fault else 200)
