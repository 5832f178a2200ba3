"""From what was written to a validated record; every fault is reported with its line, in plain words."""

from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from rejoinder.publication.faults import Faults
from rejoinder.publication.located import Key, Located
from rejoinder.sites.faults import said

M = TypeVar("M", bound=BaseModel)


def checked(model: type[M], written: Located, faults: Faults) -> M | None:
    """Read a record from a mapping; None when a value is wrong. Keys that mean nothing are warned of and left out."""
    values = written.values
    try:
        return model.model_validate(values)
    except ValidationError as wrong:
        found = wrong.errors(include_url=False, include_context=True, include_input=False)
    unknown = [fault for fault in found if fault["type"] == "extra_forbidden"]
    for fault in unknown:
        faults.warning(written.line(fault["loc"]), _unknown(model, fault["loc"]))
    if len(unknown) == len(found):
        return model.model_validate(_without(values, [fault["loc"] for fault in unknown]))
    for fault in found:
        if fault["type"] != "extra_forbidden":
            faults.error(written.line(fault["loc"]), f"{_named(fault['loc'])} {said(fault)}")
    return None


def _named(key: Key) -> str:
    """`authors.2.url` for people, who count from one."""
    return "`" + ".".join(str(part + 1) if isinstance(part, int) else part for part in key) + "`"


def _unknown(model: type[BaseModel], key: Key) -> str:
    known = list(model.model_fields) if len(key) == 1 else []
    near = get_close_matches(str(key[-1]), known, n=1)
    return f"{_named(key)} means nothing here" + (f": did you mean `{near[0]}`?" if near else "")


def _without(values: Any, keys: list[Key]) -> Any:
    """The values less those keys."""
    if isinstance(values, dict):
        return {
            name: _without(inner, [key[1:] for key in keys if key[0] == name and key[1:]])
            for name, inner in values.items()
            if (name,) not in keys
        }
    if isinstance(values, list):
        return [
            _without(inner, [key[1:] for key in keys if key[0] == number and key[1:]])
            for number, inner in enumerate(values)
        ]
    return values
