"""Rules as the database holds them: written by whatever version there was, and never a reason for a site to be down."""

import logging
from functools import lru_cache

from pydantic import ValidationError
from pydantic_core import from_json

from rejoinder.sites.models import Rules

ALL = "*"

log = logging.getLogger(__name__)


@lru_cache(maxsize=256)
def read_rules(text: str) -> Rules:
    """The rules in a stored record; what can't be used of it is logged, and stands at its default until it is set anew."""
    unfit = unfit_in(text)
    if not unfit:
        return Rules.model_validate_json(text)
    log.warning("stored settings can't be used and stand at their defaults: %s", ", ".join(sorted(unfit)))
    if ALL in unfit:
        return Rules()
    values = from_json(text)
    return Rules.model_validate({name: values[name] for name in values.keys() - unfit})


def unfit_in(text: str) -> frozenset[str]:
    """The settings in a stored record that can't be used; `*` where it is no record at all."""
    try:
        Rules.model_validate_json(text)
    except ValidationError as wrong:
        return frozenset(str(error["loc"][0]) if error["loc"] else ALL for error in wrong.errors())
    return frozenset()
