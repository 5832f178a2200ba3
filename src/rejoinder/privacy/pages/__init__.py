"""What people see of what is known of them, and what they may have done with it."""

from fastapi import APIRouter

from rejoinder.privacy.pages import by_mail, data, mine

router = APIRouter()
for part in (mine, data, by_mail):
    router.routes += part.router.routes
