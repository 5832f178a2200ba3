"""What signing in with a provider and with the publisher share: leaving, coming back, and a name for who is new."""

import logging
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.errors import CannotReach, NotBelieved, NotLetIn, TripOver
from rejoinder.accounts.mail_codes import Entered, NameWanted
from rejoinder.accounts.models import Role, Trip, Vouched
from rejoinder.accounts.pages.calling import browser_of, browser_to_enter
from rejoinder.accounts.pages.sign_in import ask_to_sign_in, check_door, come_in, way_on
from rejoinder.accounts.queries.elsewhere import vouched_trip
from rejoinder.accounts.tokens import hash_token, new_token
from rejoinder.accounts.trips import PUBLISHER, TRIP_LASTS, begin_trip
from rejoinder.accounts.vouched import become_vouched_member, let_in, suggested_name
from rejoinder.errors import Invalid
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.text.names import check_name
from rejoinder.web.answers import no_store, see_other
from rejoinder.web.cookies import clear_trip, set_trip
from rejoinder.web.fetch import FetchFailed
from rejoinder.web.forms import read_form
from rejoinder.web.house import house
from rejoinder.web.jwt import TokenWrong
from rejoinder.web.refusals import status_of

router = APIRouter()

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a browser is sent, and what it is known by when it comes back."""

    way: str
    name: str
    url: str
    state: str
    verifier: str = ""


async def leave(request: Request, site: Site, to: Elsewhere, *, then: str) -> Response:
    """Send this browser elsewhere, and know it again when it comes back; `then` is where it goes on."""
    now = datetime.now(UTC)
    token = new_token()  # a new one each time: whoever used this browser before has none of it
    await house(request).db.write(
        begin_trip,
        site.id,
        to.way,
        to.state,
        to.verifier,
        leads_to=then,
        browser_hash=hash_token(token),
        network=browser_of(request, site, now=now).network or b"",
        now=now,
    )
    response = no_store(request, "accounts/leaving.html", {"site": site, "name": to.name, "url": to.url})
    set_trip(response, site.base_url, token, lasts=2 * TRIP_LASTS)  # for the way, and then for a name
    return response


async def arrive(request: Request, site: Site, trip: Trip, vouched: Vouched) -> Response:
    """Sign in whom somebody vouches for, or ask who is new for a name."""
    request.state.leads_to = trip.leads_to
    now = datetime.now(UTC)
    browser, known_by = browser_to_enter(request, site, now=now)
    admits = admitted(request, trip.way)
    match await house(request).db.write(let_in, trip, vouched, admits, browser, now=now):
        case Entered() as entered:
            return _come_in(site, entered, known_by, trip)
        case NameWanted():
            return see_other("/sign-in/who")


@router.get("/sign-in/who")
async def who_page(request: Request) -> Response:
    """The form for a name, with the one they have elsewhere; the page to sign in where nobody came back."""
    site = await site_of(request)
    trip = await _waiting(request, site)
    if trip is None:
        return ask_to_sign_in(request, site, status=200)
    name = await house(request).db.read(suggested_name, trip, site.rules.reserved_names)
    return _ask_who(request, site, name)


@router.post("/sign-in/who")
async def choose_name(request: Request) -> Response:
    """Make an account under this name for who came back; another one is asked for where it is somebody's."""
    site = await check_door(request)
    form = await read_form(request, {"name": 400})
    trip = await _waiting(request, site)
    if trip is None:
        raise TripOver
    now = datetime.now(UTC)
    try:
        name = check_name(form.get("name", ""), reserved=site.rules.reserved_names)
        browser, known_by = browser_to_enter(request, site, now=now)
        entered = await house(request).db.write(
            become_vouched_member, site.id, name, admitted(request, trip.way), browser, now=now
        )
    except Invalid as fault:
        return _ask_who(request, site, form.get("name", ""), fault=fault, status=400)
    return _come_in(site, entered, known_by, trip)


def admitted(request: Request, way: str) -> AbstractSet[Role]:
    """The roles whose holders may come in this way, as the operator set it."""
    settings = house(request).settings
    if way == PUBLISHER:
        return {Role(role) for role in settings.sso.roles} if settings.sso else set()
    return set(Role) if any(provider.key == way and provider.staff for provider in settings.oidc) else set()


@contextmanager
def answering_for(name: str) -> Iterator[None]:
    """What goes wrong between a provider and us is told to the operator in the log, to the reader in a sentence."""
    try:
        yield
    except FetchFailed as why:
        log.warning("%s can't be asked who somebody is: %s", name, why)
        raise CannotReach(name) from why
    except TokenWrong as why:
        log.warning("%s is not believed who somebody is: %s", name, why)
        raise NotBelieved(name) from why


async def answer_not_let_in(request: Request, error: Exception) -> Response:
    """The answer to NotLetIn: the page to sign in, with why it was not done."""
    if not isinstance(error, NotLetIn):
        raise error
    site = await site_of(request)
    then = getattr(request.state, "leads_to", "")
    return ask_to_sign_in(request, site, then=then, refused=error, status=status_of(error))


def _come_in(site: Site, entered: Entered, known_by: str, trip: Trip) -> Response:
    response = come_in(site, entered.token, known_by, way_on(trip.leads_to, finds=entered.finds))
    clear_trip(response, site.base_url)
    return response


async def _waiting(request: Request, site: Site) -> Trip | None:
    now = datetime.now(UTC)
    browser = browser_of(request, site, now=now)
    return await house(request).db.read(vouched_trip, site.id, browser.trip or b"", now)


def _ask_who(
    request: Request, site: Site, name: str, *, fault: Invalid | None = None, status: int = 200
) -> Response:
    translate = house(request).rendering.translate
    context = {
        "site": site,
        "action": "/sign-in/who",
        "next": "",
        "name": name,
        "fault": translate(request.state.language, fault.message, fault.params) if fault else None,
    }
    return no_store(request, "accounts/who.html", context, status=status)
