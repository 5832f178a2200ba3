"""How people come in, by a link of the operator's or by a code, and how they go out."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.errors import Unencrypted
from rejoinder.accounts.pages.calling import browser_to_enter
from rejoinder.accounts.passkeys import takes_passkeys
from rejoinder.accounts.sessions import SESSION_LASTS, sign_out
from rejoinder.accounts.sign_in import sign_in
from rejoinder.accounts.tokens import is_token
from rejoinder.errors import Invalid, Refusal
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.web.answers import no_store, own_path, see_other
from rejoinder.web.cookies import clear_session, clear_visitor, read_session, set_session, set_visitor
from rejoinder.web.forms import read_form
from rejoinder.web.house import house
from rejoinder.web.loopback import is_plain_abroad
from rejoinder.web.origin import check_own

router = APIRouter()


@router.get("/sign-in")
async def sign_in_page(request: Request) -> Response:
    """The form for an address; or what a sign-in link opens: a button, so that a mail scanner uses nothing up."""
    site = await site_of(request)
    code, then = (request.query_params.get(name, "") for name in ("code", "next"))
    return ask_to_sign_in(
        request, site, code=code if is_token(code) else None, then=own_path(then), status=200
    )


def ask_to_sign_in(
    request: Request,
    site: Site,
    *,
    code: str | None = None,
    then: str = "",
    email: str = "",
    fault: Invalid | None = None,
    refused: Refusal | None = None,
    status: int = 401,
) -> Response:
    """The page on which people sign in, in place of one that is not for everybody; `then` is where it leads.

    `fault` is what is wrong with the address, `refused` why another way did not lead in.
    """
    translate = house(request).rendering.translate
    context = {
        "site": site,
        "code": code,
        "next": then,
        "by_mail": sends_codes(request, site),
        "email": email,
        "by_passkey": takes_passkeys(site.base_url),
        "fault": translate(request.state.language, fault.message) if fault else None,
        "refused": translate(request.state.language, refused.message, refused.params) if refused else None,
        **elsewhere(request, site),
    }
    return no_store(request, "accounts/sign_in.html", context, status=status)


@router.post("/sign-in")
async def use_sign_in_link(request: Request) -> Response:
    """Use up a link and sign this browser in; never where the session would cross a network unencrypted."""
    site = await check_door(request)
    form = await read_form(request, {"code": 64})
    now = datetime.now(UTC)
    browser, known_by = browser_to_enter(request, site, now=now)
    token = await house(request).db.write(sign_in, site.id, form.get("code", ""), browser, now=now)
    return come_in(site, token, known_by, "/moderation")


@router.post("/sign-out")
async def leave(request: Request) -> Response:
    """End this browser's session, and leave nothing of its person behind on it."""
    site = await site_of(request)
    check_own(request, site.base_url)
    session = read_session(request, site.base_url)
    response = see_other("/")
    if session and is_token(session):
        await house(request).db.write(sign_out, site.id, session)
        clear_visitor(response, site.base_url)
        response.headers["clear-site-data"] = '"storage"'  # drafts, and the name that a form remembers
    clear_session(response, site.base_url)
    return response


def sends_codes(request: Request, site: Site) -> bool:
    """Whether people sign in by mail here."""
    return house(request).settings.mail_url is not None and not is_plain_abroad(site.base_url)


def elsewhere(request: Request, site: Site) -> dict[str, object]:
    """Who else may say who somebody is here, for `_sign_in_elsewhere.html`."""
    settings = house(request).settings
    if is_plain_abroad(site.base_url):
        return {"providers": (), "publisher": None}
    return {"providers": settings.oidc, "publisher": settings.sso}


async def check_door(request: Request) -> Site:
    """The site, where a form of ours may sign in on it. Raises Foreign or Unencrypted."""
    site = await site_of(request)
    check_own(request, site.base_url)
    if is_plain_abroad(site.base_url):
        raise Unencrypted
    return site


def way_on(then: str, *, finds: bool) -> str:
    """Where somebody goes who came in; who proved an address just now first, this once, to what guests left with it."""
    if not finds:
        return then or "/me"
    return f"/me/comments-left?{urlencode({'next': then})}" if then else "/me/comments-left"


def come_in(site: Site, token: str, known_by: str, path: str) -> Response:
    """The answer that signs a browser in, which has another token as a visitor from then on."""
    response = see_other(path)
    set_session(response, site.base_url, token, lasts=SESSION_LASTS)
    set_visitor(response, site.base_url, known_by)
    return response
