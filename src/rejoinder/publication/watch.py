"""Watching the folder: what is saved there is served a moment later, without a restart."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from watchfiles import awatch

from rejoinder.db import Database
from rejoinder.publication.reports import Report
from rejoinder.publication.seen import Seen
from rejoinder.publication.sync import sync_folder

LOOKS_EVERY = timedelta(seconds=10)  # beside the watcher, which network folders tell nothing
SETTLES = timedelta(milliseconds=150)  # how long nothing may be written before what was written is read

log = logging.getLogger(__name__)


async def watch_folder(
    db: Database, site_id: int, root: Path, *, stop: asyncio.Event, tell: Callable[[Report], None]
) -> None:
    """Synchronise the folder at once and whenever something in it changes, until `stop` is set.

    `tell` hears of each report that says something new. Whatever goes wrong, the next change is tried again.
    """
    seen = Seen()
    told: Report | None = None
    async for _ in _moments(root, stop):
        try:
            report = await sync_folder(db, site_id, root, now=datetime.now(UTC), seen=seen)
        except OSError as wrong:
            log.error("the folder %s can't be read, so nothing of it changes: %s", root, wrong)
            continue
        except Exception:
            log.exception("the folder %s could not be synchronised; trying again at the next change", root)
            continue
        if told is None or not report.is_quiet or report.faults != told.faults:
            tell(report)
        told = report


async def _moments(root: Path, stop: asyncio.Event) -> AsyncIterator[None]:
    """Now, then after every change, and every few seconds whatever the watcher says."""
    yield
    while not stop.is_set():
        try:
            async for _ in awatch(
                root,
                step=SETTLES // timedelta(milliseconds=1),
                rust_timeout=LOOKS_EVERY // timedelta(milliseconds=1),
                yield_on_timeout=True,
                stop_event=stop,
            ):
                yield
        except (OSError, RuntimeError) as wrong:
            log.warning("can't watch %s (%s): looking every %d seconds", root, wrong, LOOKS_EVERY.seconds)
            yield
            await _pause(stop)
            yield


async def _pause(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), LOOKS_EVERY.total_seconds())
    except TimeoutError:
        return
