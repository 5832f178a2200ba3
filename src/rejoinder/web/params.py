"""What may stand behind the question mark: closed sets, so that every page has one address."""

import re
from collections.abc import Collection, Mapping

from starlette.requests import Request

from rejoinder.errors import N_, Invalid

MOST_CHARACTERS = 2048

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def closed(
    request: Request,
    known: Mapping[str, Collection[str]] | None = None,
    free: Collection[str] = (),
    *,
    ignore_unknown: bool = True,
) -> dict[str, str]:
    """The parameters a request gives, in the order they are named here: `known` ones with their sets, then `free` ones.

    A name that nobody named is ignored on a page (`utm_source`, `fbclid`) and refused by the API
    (`ignore_unknown=False`). Raises `Invalid` for a value that is wrong or given twice.
    """
    known = known or {}
    given = request.query_params
    if not ignore_unknown:
        for name in given:
            if name not in known and name not in free:
                raise _unknown(name)
    taken = [name for name in (*known, *free) if name in given]
    return {name: _value(name, given.getlist(name), known.get(name)) for name in taken}


def closed_list(request: Request, name: str, *, most: int) -> list[str]:
    """All values of the one parameter that a request may give, each once. Raises `Invalid`."""
    given = request.query_params
    for other in given:
        if other != name:
            raise _unknown(other)
    values = list(dict.fromkeys(given.getlist(name)))
    if len(values) > most:
        raise _wrong(name)
    return [_value(name, [value], None) for value in values]


def version_of(request: Request) -> int:
    """The version an answer must not be older than (`v=`); 0 where none is asked for."""
    values = request.query_params.getlist("v")
    if not values:
        return 0
    if len(values) > 1 or not re.fullmatch(r"[0-9]{1,15}", values[0]):
        raise _wrong("v")
    return int(values[0])


def _value(name: str, values: list[str], allowed: Collection[str] | None) -> str:
    value = values[0]
    if len(values) > 1 or (allowed is not None and value not in allowed):
        raise _wrong(name)
    if len(value) > MOST_CHARACTERS or _CONTROL.search(value) or "\ufffd" in value:
        raise _wrong(name)
    return value


def _unknown(name: str) -> Invalid:
    return Invalid(
        "unknown-parameter", N_("There is no parameter “%(name)s” here."), field=name[:80], name=name[:80]
    )


def _wrong(name: str) -> Invalid:
    return Invalid("wrong-parameter", N_("This value of “%(name)s” leads nowhere."), field=name, name=name)
