"""Who a name belongs to, drawn beside it and never part of it."""

from rejoinder.accounts.models import Person
from rejoinder.articles.queries import article_with_id
from rejoinder.comments.models import Label
from rejoinder.db import Tx
from rejoinder.text.names import name_key


def label_for(tx: Tx, staff: Person, article_id: int) -> Label | None:
    """`author` below an article whose byline names them, else `staff` for owners and moderators.

    Only for who has a role, as whoever runs the server gave them role and name: a member may be called anything.
    """
    byline = article_with_id(tx, staff.site_id, article_id).byline
    if name_key(staff.name) in {name_key(name) for name in byline.names}:
        return Label.AUTHOR
    return Label.STAFF if staff.may_moderate else None
