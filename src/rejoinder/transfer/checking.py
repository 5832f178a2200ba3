"""Values that a format gives, as records of the neutral shape; or why they are none."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rejoinder.transfer.models import (
    ArrivingArticle,
    ArrivingComment,
    ArrivingSite,
    ArrivingVote,
    Fault,
    Record,
)

KINDS: Mapping[str, type[Record]] = {
    "site": ArrivingSite,
    "article": ArrivingArticle,
    "comment": ArrivingComment,
    "vote": ArrivingVote,
}
_ADAPTERS: Mapping[str, TypeAdapter[Record]] = {kind: TypeAdapter(record) for kind, record in KINDS.items()}


def check_record(kind: str, values: Mapping[str, Any]) -> Record | Fault:
    """The record of this kind that has these values, or the first of them that can't be right."""
    try:
        return _ADAPTERS[kind].validate_python(values)
    except ValidationError as error:
        return Fault(kind, "invalid", _first_fault(error))


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    message = fault["msg"].removeprefix("Value error, ")
    return f"`{'.'.join(map(str, fault['loc']))}`: {message[0].lower()}{message[1:]}"
