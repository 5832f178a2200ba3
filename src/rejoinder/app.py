"""The roof: builds the application and lists every router."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from starlette.types import ASGIApp

from rejoinder.accounts import pages as accounts
from rejoinder.accounts.names import StaffNames
from rejoinder.comments import api as comments_api
from rejoinder.comments import pages as comments
from rejoinder.db import Database
from rejoinder.jobs.worker import Worker
from rejoinder.publication import pages as publication
from rejoinder.publication.watch import watch_folder
from rejoinder.settings import Settings
from rejoinder.sites.lookup import Sites
from rejoinder.slots import SLOTS
from rejoinder.subscribers import duties
from rejoinder.votes import api as votes_api
from rejoinder.votes import pages as votes
from rejoinder.web.application import make_app
from rejoinder.web.house import House
from rejoinder.web.keys import Keys
from rejoinder.web.rendering import Rendering
from rejoinder.web.snapshots import Snapshots
from rejoinder.web.static import Static

ROUTERS = (
    publication.router,
    comments.router,
    comments_api.router,
    votes.router,
    votes_api.router,
    accounts.router,
)
