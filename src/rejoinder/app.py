"""The roof: builds the application and lists every router."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager, suppress

from fastapi import APIRouter
from starlette.types import ASGIApp

from rejoinder.accounts import pages as accounts
from rejoinder.accounts.errors import NotLetIn, ProofNeeded
from rejoinder.comments import api as comments_api
from rejoinder.comments import pages as comments
from rejoinder.db import Database
from rejoinder.jobs.scrub import ERASED
from rejoinder.jobs.worker import Worker
from rejoinder.privacy import pages as privacy
from rejoinder.publication import pages as publication
from rejoinder.publication.reports import Report
from rejoinder.publication.watch import watch_folder
from rejoinder.settings import Settings
from rejoinder.sites import pages as site_pages
from rejoinder.sites.lookup import Sites
from rejoinder.sites.queries import list_sites
from rejoinder.slots import MINE, SLOTS
from rejoinder.subscribers import duties
from rejoinder.votes import api as votes_api
from rejoinder.votes import pages as votes
from rejoinder.web.application import make_app
from rejoinder.web.house import House
from rejoinder.web.keys import Keys
from rejoinder.web.rendering import Rendering
from rejoinder.web.snapshots import Snapshots
from rejoinder.web.static import Static

# Looked through from the top: what is asked for most, and no snapshot answers, stands first.
ROUTERS = (
    comments_api.router,
    votes_api.router,
    comments.router,
    votes.router,
    publication.router,
    site_pages.router,
    accounts.router,
    privacy.router,
    publication.old_addresses,
    comments_api.preflights,
)

log = logging.getLogger(__name__)


def build_app(settings: Settings, db: Database, *, also: Sequence[APIRouter] = ()) -> ASGIApp:
    """The whole server over an open database; its lifespan runs the worker and watches the folder of articles.

    `also` are routers that an ordinary server does not have, such as the demo's.
    """
    sites = Sites(db)
    rendering = Rendering(Static())
    house = House(
        settings=settings,
        db=db,
        rendering=rendering,
        snapshots=Snapshots(db, rendering, sites.base_url_at, limit=settings.snapshot_memory),
        keys=Keys(db),
        slots=SLOTS,
        mine=MINE,
    )

    @asynccontextmanager
    async def beside(_: House) -> AsyncIterator[None]:
        db.on_touch += [sites.touched, _forget_erased(rendering)]
        await sites.load()
        stop = asyncio.Event()
        tasks = [asyncio.create_task(Worker(db, duties(settings)).run())]
        if settings.publication:
            first = (await db.read(list_sites))[0]
            tasks.append(
                asyncio.create_task(watch_folder(db, first.id, settings.publication, stop=stop, tell=_tell))
            )
        try:
            yield
        finally:
            stop.set()
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    return make_app(
        house,
        (*also, *ROUTERS),
        lifespan=beside,
        state={"sites": sites},
        refusals={ProofNeeded: accounts.answer_proof_needed, NotLetIn: accounts.answer_not_let_in},
    )


def _forget_erased(rendering: Rendering) -> Callable[[AbstractSet[str]], None]:
    def heard(tags: AbstractSet[str]) -> None:
        if ERASED in tags:
            rendering.fragments.forget()

    return heard


def _tell(report: Report) -> None:
    for fault in report.faults:
        log.warning("%s", fault)
