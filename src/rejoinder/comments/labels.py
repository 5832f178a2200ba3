"""Who a name belongs to, drawn beside it and never part of it."""

from rejoinder.accounts.models import Person, Role
from rejoinder.articles.queries import article_with_id
from rejoinder.comments.models import Label
from rejoinder.db import Tx
from rejoinder.text.names import name_key


def label_for(tx: Tx, staff: Person, article_id: int) -> Label | None:
    """`author` for who wrote the article or writes for the site, `staff` for owners and moderators."""
    byline = article_with_id(tx, staff.site_id, article_id).byline
    wrote_it = name_key(staff.name) in {name_key(name) for name in byline.names}
    if wrote_it or Role.AUTHOR in staff.roles:
        return Label.AUTHOR
    return Label.STAFF if staff.may_moderate else None
