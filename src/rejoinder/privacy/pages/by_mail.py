"""What guests see of their comments, by a link that goes to the address they gave."""

from collections.abc import Iterable
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.pages import caller_of
from rejoinder.accounts.pages.sign_in import check_door, sends_codes
from rejoinder.db import Tx, read_id
from rejoinder.errors import Invalid
from rejoinder.privacy.by_mail import (
    MOST_COMMENTS,
    MOST_SHOWN,
    Left,
    erase_by_link,
    open_link,
    own_of_link,
    want_link,
)
from rejoinder.privacy.errors import LinkSpent, NoLinks
from rejoinder.privacy.export import export_signed
from rejoinder.privacy.pages.answers import download, told, wish_in
from rejoinder.privacy.queries import erasing, signed
from rejoinder.privacy.queries.signed import Own
from rejoinder.screening.limits import Addressee
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.text.addresses import check_email, mailbox
from rejoinder.web.answers import no_store, see_other
from rejoinder.web.forms import read_form
from rejoinder.web.house import house
from rejoinder.web.keys import blind_mailbox
from rejoinder.web.languages import language_of

router = APIRouter()

ID = 13
FIELDS = {
    "link": 64,
    "wish": 10,
    "shown": MOST_SHOWN * (ID + 1),
    **{f"own-{number}": ID for number in range(MOST_SHOWN)},
}


@router.get("/me/by-mail")
async def by_mail(request: Request) -> Response:
    """The form for an address; or what a link leads to, which opening it does not change."""
    site = await site_of(request)
    token = request.query_params.get("link")
    if token is None:
        return _ask(request, site)
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    try:
        left, comments = await house(request).db.read(_load, site, token, caller.token_hash, now)
    except LinkSpent as spent:
        return _ask(request, site, fault=spent, status=403)
    context = {"site": site, "link": token, "left": left, "comments": comments}
    return no_store(request, "privacy/by_mail_left.html", context)


@router.post("/me/by-mail")
async def send_link(request: Request) -> Response:
    """Send a link to an address; the answer is the same whoever left something with it."""
    site = await check_door(request)
    rooms = house(request)
    if not sends_codes(request, site):
        raise NoLinks
    form = await read_form(request, {"email": 254})
    try:
        email = check_email(form.get("email", ""))
    except Invalid as fault:
        return _ask(request, site, email=form.get("email", ""), fault=fault, status=400)
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    addressee = Addressee(blind_mailbox(rooms.keys, mailbox(email), now=now), caller.network)
    language = language_of(request)
    await rooms.db.write(want_link, site.id, email, language, addressee, now=now)
    return see_other(f"/me/by-mail/sent?lang={language}")


@router.get("/me/by-mail/sent")
async def sent(request: Request) -> Response:
    """That a link is on its way."""
    return told(request, await site_of(request), "sent")


@router.get("/me/by-mail/done")
async def done(request: Request) -> Response:
    """That it was used."""
    return told(request, await site_of(request), "done")


@router.post("/me/by-mail/export")
async def export_ticked(request: Request) -> Response:
    """What is ticked, as one file."""
    site = await check_door(request)
    form = await read_form(request, FIELDS)
    now = datetime.now(UTC)
    db = house(request).db
    own = await db.read(own_of_link, site.id, form.get("link", ""), _ticked(form), now=now)
    return download(export_signed(db, site, own, now=now))


@router.post("/me/by-mail/ask")
async def ask_before(request: Request) -> Response:
    """What would be done with what is ticked, and the button."""
    site = await check_door(request)
    form = await read_form(request, FIELDS)
    wish, ticked = wish_in(form.get("wish", "")), _ticked(form)
    comments = await house(request).db.read(_count, site, form.get("link", ""), ticked, datetime.now(UTC))
    context = {
        "site": site,
        "wish": wish,
        "comments": comments,
        "kept": {name: value for name, value in form.items() if value},
    }
    return no_store(request, "privacy/by_mail_confirm.html", context)


@router.post("/me/by-mail/erase")
async def erase_ticked(request: Request) -> Response:
    """Do it; the link is used up."""
    site = await check_door(request)
    form = await read_form(request, FIELDS)
    await house(request).db.write(
        erase_by_link,
        site,
        form.get("link", ""),
        ticked=_ticked(form),
        shown=_ids(form.get("shown", "").split()),
        wish=wish_in(form.get("wish", "")),
        now=datetime.now(UTC),
    )
    return see_other(f"/me/by-mail/done?lang={language_of(request)}")


def _ask(
    request: Request,
    site: Site,
    *,
    email: str = "",
    fault: Invalid | LinkSpent | None = None,
    status: int = 200,
) -> Response:
    translate = house(request).rendering.translate
    context = {
        "site": site,
        "by_mail": sends_codes(request, site),
        "email": email,
        "fault": translate(language_of(request), fault.message) if fault else None,
        "is_spent": isinstance(fault, LinkSpent),
    }
    return no_store(request, "privacy/by_mail.html", context, status=status)


def _ticked(form: dict[str, str]) -> list[int]:
    return _ids(value for name, value in form.items() if name.startswith("own-"))


def _ids(words: Iterable[str]) -> list[int]:
    return [read_id(word) for word in words]


def _load(
    tx: Tx, site: Site, token: str, visitor: bytes | None, now: datetime
) -> tuple[Left, dict[int, list[Own]]]:
    left = open_link(tx, site.id, token, visitor, now=now)
    return left, {one.id: signed.newest_of(tx, one.id, MOST_COMMENTS) for one in left.signed}


def _count(tx: Tx, site: Site, token: str, ticked: list[int], now: datetime) -> int:
    return erasing.count_comments(tx, own_of_link(tx, site.id, token, ticked, now=now))
