"""Every page and form of the discussion."""

from fastapi import APIRouter

from rejoinder.comments.pages import claims, own, posting, reading, staff

router = APIRouter()
for part in (reading, posting, own, staff, claims):
    router.routes += part.router.routes
