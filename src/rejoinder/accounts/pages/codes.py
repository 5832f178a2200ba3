"""Signing in by a code: an address, the digits that come there, and a name where nobody is known at the address yet."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.errors import CodeSpent, NoMail
from rejoinder.accounts.mail_codes import (
    CODE_LASTS,
    Entered,
    NameWanted,
    Wanted,
    Wrong,
    become_member,
    try_code,
    want_code,
)
from rejoinder.accounts.models import MailCode
from rejoinder.accounts.pages.calling import browser_of, browser_to_enter
from rejoinder.accounts.pages.sign_in import ask_to_sign_in, check_door, come_in, way_on
from rejoinder.accounts.queries.mail_codes import code_of
from rejoinder.accounts.tokens import hash_token, new_token
from rejoinder.errors import Invalid
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.text.addresses import check_email, mailbox
from rejoinder.text.names import check_name
from rejoinder.web.answers import no_store, own_path, see_other
from rejoinder.web.cookies import clear_code, set_code, set_visitor
from rejoinder.web.forms import read_form
from rejoinder.web.house import house
from rejoinder.web.keys import blind_mailbox

router = APIRouter()

THEN = {"next": 2000}
"""The path of our own that somebody was on their way to, carried along through every step."""


@router.post("/sign-in/mail")
async def send_code(request: Request) -> Response:
    """Send a code to an address; the answer is the same whoever has it."""
    site = await check_door(request)
    rooms = house(request)
    if rooms.settings.mail_url is None:
        raise NoMail
    form = await read_form(request, {"email": 254, **THEN})
    then = own_path(form.get("next", ""))
    try:
        email = check_email(form.get("email", ""))
    except Invalid as fault:
        return ask_to_sign_in(request, site, then=then, email=form.get("email", ""), fault=fault, status=400)
    now = datetime.now(UTC)
    token = new_token()  # a new one each time: whoever used this browser before has none of it
    browser = replace(browser_of(request, site, now=now), code=hash_token(token))
    blinded = blind_mailbox(rooms.keys, mailbox(email), now=now)
    wanted = Wanted(email, request.state.language, blinded, browser)
    await rooms.db.write(want_code, site.id, wanted, now=now)
    response = see_other(_step(then))
    set_code(response, site.base_url, token, lasts=2 * CODE_LASTS)  # for the digits, and then for the name
    if browser.visitor is None:  # so that it is known again as its person's, when the session is over
        set_visitor(response, site.base_url, new_token())
    return response


@router.get("/sign-in/code")
async def code_page(request: Request) -> Response:
    """The next step on this browser: the digits, or the name; the form for an address where there is none."""
    site = await site_of(request)
    then = own_path(request.query_params.get("next", ""))
    code = await _code_of(request, site)
    if code is None:
        return ask_to_sign_in(request, site, then=then, status=200)
    return _next_step(request, site, code, then=then)


@router.post("/sign-in/code")
async def enter_code(request: Request) -> Response:
    """Sign in with the digits; wrong ones leave fewer tries."""
    site = await check_door(request)
    form = await read_form(request, {"code": 40, **THEN})
    then = own_path(form.get("next", ""))
    now = datetime.now(UTC)
    browser, known_by = browser_to_enter(request, site, now=now)
    match await house(request).db.write(try_code, site.id, form.get("code", ""), browser, now=now):
        case Entered() as entered:
            return _come_in(site, entered, known_by, then)
        case NameWanted():
            return see_other(_step(then))
        case Wrong(left):
            code = await _code_of(request, site)
            if code is None:
                raise CodeSpent
            return _next_step(request, site, code, then=then, left=left, status=403)


@router.post("/sign-in/name")
async def choose_name(request: Request) -> Response:
    """Make an account under this name for who proved an address; another name is asked for where it is somebody's."""
    site = await check_door(request)
    form = await read_form(request, {"name": 400, **THEN})
    then = own_path(form.get("next", ""))
    code = await _code_of(request, site)
    if code is None or code.proved_at is None:
        raise CodeSpent
    now = datetime.now(UTC)
    browser, known_by = browser_to_enter(request, site, now=now)
    try:
        name = check_name(form.get("name", ""), reserved=site.rules.reserved_names)
        entered = await house(request).db.write(become_member, site.id, name, browser, now=now)
    except Invalid as fault:
        return _next_step(request, site, code, then=then, name=form.get("name", ""), fault=fault, status=400)
    return _come_in(site, entered, known_by, then)


def _step(then: str) -> str:
    return f"/sign-in/code?{urlencode({'next': then})}" if then else "/sign-in/code"


def _come_in(site: Site, entered: Entered, known_by: str, then: str) -> Response:
    response = come_in(site, entered.token, known_by, way_on(then, finds=entered.finds))
    clear_code(response, site.base_url)
    return response


async def _code_of(request: Request, site: Site) -> MailCode | None:
    now = datetime.now(UTC)
    browser = browser_of(request, site, now=now)
    return await house(request).db.read(code_of, site.id, browser.code or b"", now)


def _next_step(
    request: Request,
    site: Site,
    code: MailCode,
    *,
    then: str,
    left: int | None = None,
    name: str = "",
    fault: Invalid | None = None,
    status: int = 200,
) -> Response:
    translate = house(request).rendering.translate
    context = {
        "site": site,
        "next": then,
        "email": code.email,
        "is_proved": code.proved_at is not None,
        "left": left,
        "name": name,
        "fault": translate(request.state.language, fault.message, fault.params) if fault else None,
    }
    return no_store(request, "accounts/code.html", context, status=status)
