"""Where owners look after the settings of their site, and see who changed what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.errors import OwnersOnly, SignInNeeded
from rejoinder.accounts.models import Person
from rejoinder.accounts.pages.calling import caller_of
from rejoinder.accounts.pages.sign_in import ask_to_sign_in
from rejoinder.accounts.proof import FORM_LASTS, PROOF_LASTS, check_proof
from rejoinder.accounts.queries.rule_changes import Change, list_changes, list_changes_since
from rejoinder.db import Tx
from rejoinder.errors import N_, Invalid
from rejoinder.sites.change import check_settings, save_settings
from rejoinder.sites.changed import ChangedBy, Source
from rejoinder.sites.errors import SettingsChanged, SettingsWrong
from rejoinder.sites.faults import Fault
from rejoinder.sites.form import Entered, Form, entered_of, fields, groups, read_entered, values_of
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.sites.queries import get_site
from rejoinder.sites.schema import SETTINGS, Setting
from rejoinder.text.plain import excerpt
from rejoinder.web.answers import no_store, see_other
from rejoinder.web.forms import read_form, read_written
from rejoinder.web.house import house
from rejoinder.web.origin import check_own
from rejoinder.web.params import closed, version_of

router = APIRouter()

SHOWN_CHANGES = 50
MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Step:
    """What one person changed at once: each setting as it was and as it became."""

    at: datetime
    source: Source
    name: str | None
    changes: tuple[tuple[Setting, Entered, Entered], ...]


@dataclass(frozen=True, slots=True)
class Again:
    """A form that was not taken: what was entered, what is wrong with it, what others set meanwhile."""

    entered: Form
    faults: Mapping[str, tuple[str, ...]]
    version: int
    steps: tuple[Step, ...] = ()
    meanwhile: Form | None = None


@router.get("/settings")
async def settings_page(request: Request) -> Response:
    """Every setting of the site with its help; after saving, what that changed."""
    site = await site_of(request)
    asked = closed(request, {"unchanged": ("1",)})
    try:
        owner = await _owner(request, site)
    except SignInNeeded:
        return ask_to_sign_in(request, site, then="/settings")
    return await _page(request, site, owner, saved=version_of(request), unchanged="unchanged" in asked)


@router.post("/settings")
async def change_settings(request: Request) -> Response:
    """Save what was entered; if some of it can't be used, or somebody else was quicker, the form is kept."""
    site = await site_of(request)
    check_own(request, site.base_url)
    try:
        sent, unfit = await read_form(request, fields()), None
    except Invalid as fault:
        sent, unfit = await read_written(request), fault
    owner = await _owner(request, site, within=FORM_LASTS)
    entered, version = read_entered(sent, site), _version(sent)
    if unfit is not None:
        return await _page(request, site, owner, Again(entered, _unfit(request, unfit), version))
    by = ChangedBy(Source.PAGE, owner.account_id)
    try:
        wanted = check_settings(site.rules, values_of(entered))
        saved = await house(request).db.write(save_settings, site.id, wanted, by, version=version)
    except SettingsWrong as wrong:
        return await _page(request, site, owner, Again(entered, _faults(request, wrong.faults), version))
    except SettingsChanged:
        return await _conflict(request, site, owner, entered, version)
    return see_other(f"/settings?v={saved.site.version}" if saved.changed else "/settings?unchanged=1")


async def _owner(request: Request, site: Site, *, within: timedelta = PROOF_LASTS) -> Person:
    """The owner who asks. Raises SignInNeeded, OwnersOnly, and ProofNeeded."""
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    if caller.person is None:
        raise SignInNeeded
    if not caller.person.owns:
        raise OwnersOnly
    check_proof(caller.person, now, within=within)
    return caller.person


async def _page(
    request: Request,
    site: Site,
    owner: Person,
    again: Again | None = None,
    *,
    saved: int = 0,
    unchanged: bool = False,
    status: int = 422,
) -> Response:
    site, changes = await house(request).db.read(_load, site.id)
    own = [change for change in changes if change.version == saved and change.account_id == owner.account_id]
    context = {
        "site": site,
        "groups": list(groups(site, again.entered, again.faults, again.meanwhile) if again else groups(site)),
        "version": again.version if again else site.version,
        "faults": [(SETTINGS[name], texts) for name, texts in again.faults.items()] if again else [],
        "meanwhile": again.steps if again else (),
        "saved": _steps(own),
        "unchanged": unchanged,
        "steps": _steps(changes),
    }
    return no_store(request, "accounts/settings.html", context, status=status if again else 200)


async def _conflict(request: Request, site: Site, owner: Person, entered: Form, version: int) -> Response:
    """Show what others changed; what one did not touch oneself follows them, all else stays as it was entered."""
    site, since = await house(request).db.read(_load_since, site.id, version)
    kept, meanwhile = dict(entered), dict[str, Entered]()
    for step in _steps(since):
        for setting, before, _ in step.changes:
            now = entered_of(setting, site.rules.model_dump(mode="json")[setting.name])
            if setting.name in meanwhile or setting.name not in entered or entered[setting.name] == now:
                continue
            if entered[setting.name] == before:
                kept[setting.name] = now
            else:
                meanwhile[setting.name] = now
    again = Again(kept, {}, site.version, _steps(since), meanwhile)
    return await _page(request, site, owner, again, status=409)


def _load(tx: Tx, site_id: int) -> tuple[Site, list[Change]]:
    return get_site(tx, site_id), list_changes(tx, site_id, most=SHOWN_CHANGES)


def _load_since(tx: Tx, site_id: int, version: int) -> tuple[Site, list[Change]]:
    return get_site(tx, site_id), list_changes_since(tx, site_id, version)


def _steps(changes: Iterable[Change]) -> tuple[Step, ...]:
    """Changes that were made at once stand together."""
    together = groupby(changes, key=lambda change: change.version)
    return tuple(_step(list(made)) for _, made in together)


def _step(made: Sequence[Change]) -> Step:
    first = made[0]
    # A setting that there was in an earlier version of this program is not shown.
    known = [(SETTINGS[change.field], change) for change in made if change.field in SETTINGS]
    changes = tuple(
        (setting, entered_of(setting, change.before), entered_of(setting, change.after))
        for setting, change in known
    )
    return Step(first.at, first.source, first.name, changes)


def _faults(request: Request, found: Sequence[Fault]) -> dict[str, tuple[str, ...]]:
    """What is wrong as sentences in the page's language, by setting."""
    rendering, language = house(request).rendering, request.state.language
    sentences: dict[str, tuple[str, ...]] = {}
    for fault in found:
        text = rendering.translate(language, fault.said.message, fault.said.params)
        sentence = f"{text[0].upper()}{text[1:]}."
        if fault.entry is not None:
            entry = f"\u2068{excerpt(fault.entry, 80)}\u2069"
            sentence = rendering.translate(
                language, N_("“%(entry)s” %(fault)s."), {"entry": entry, "fault": text}
            )
        sentences[fault.name] = (*sentences.get(fault.name, ()), sentence)
    return sentences


def _unfit(request: Request, fault: Invalid) -> dict[str, tuple[str, ...]]:
    """The same for a field that is too long or no text; one that is no setting's is refused as it is."""
    name = (fault.field or "").partition(".")[0]
    if name not in SETTINGS:
        raise fault
    sentence = house(request).rendering.translate(request.state.language, fault.message, fault.params)
    return {name: (sentence,)}


def _version(sent: Mapping[str, str]) -> int:
    version = sent.get("version", "")
    if not version.isascii() or not version.isdigit() or len(version) > MOST_DIGITS:
        raise Invalid(
            "version-missing", N_("This form says nothing of when it was drawn. Open the settings again.")
        )
    return int(version)
