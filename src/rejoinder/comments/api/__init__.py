"""The discussion as JSON: the same acts, rules and limits as its pages, because they call the same functions."""

from fastapi import APIRouter

from rejoinder.comments.api import page, reading, routes
from rejoinder.comments.api.routes import preflights

router = APIRouter()
router.routes += [*routes.router.routes, *reading.router.routes, *page.router.routes]

__all__ = ["preflights", "router"]
