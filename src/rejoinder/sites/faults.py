"""What is wrong with a value, in words that follow the name of what holds it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import ErrorDetails

from rejoinder.errors import N_


@dataclass(frozen=True, slots=True)
class Said:
    """An English sentence of the catalogue without its subject, and what fills it in."""

    message: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the value of a setting; `entry` is the part of it that is meant, where it has several."""

    name: str
    said: Said
    entry: str | None = None


# What a person can write on the settings page is marked for translation; the rest is met in files and commands.
WORDS = {
    "string_type": "must be text",
    "string_too_short": "is empty",
    "missing": N_("is missing"),
    "dict_type": "must hold `key: value` lines",
    "model_type": "must hold `key: value` lines",
    "model_attributes_type": "must hold `key: value` lines",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "int_parsing": N_("must be a whole number"),
    "int_type": N_("must be a whole number"),
    "int_from_float": N_("must be a whole number"),
    "int_parsing_size": N_("must be a whole number"),
    "string_pattern_mismatch": "is not of the right form",
}


def said(fault: ErrorDetails) -> Said:
    """A fault as pydantic found it, in plain words."""
    context: Mapping[str, Any] = fault.get("ctx", {})
    match fault["type"]:
        case "value_error":
            return Said(str(context["error"]))
        case "enum" | "literal_error":
            expected = context["expected"].replace("'", "").replace(" or ", ", ")
            return Said(N_("must be one of: %(expected)s"), {"expected": expected})
        case "string_too_long":
            return Said(N_("is longer than %(most)d characters"), {"most": context["max_length"]})
        case "too_long":
            return Said(N_("has more than %(most)d entries"), {"most": context["max_length"]})
        case "greater_than_equal":
            return Said(N_("must be at least %(least)d"), {"least": context["ge"]})
        case "less_than_equal":
            return Said(N_("must be at most %(most)d"), {"most": context["le"]})
    return Said(WORDS.get(fault["type"], fault["msg"][0].lower() + fault["msg"][1:]))


def faults_of(errors: list[ErrorDetails]) -> Iterator[Fault]:
    """The faults of a record of settings, each with the setting that it is a value of."""
    for error in errors:
        name, *place = error["loc"]
        entry = error["input"] if place and isinstance(error["input"], str) else None
        key = place[0] if place and isinstance(place[0], str) else None
        yield Fault(str(name), said(error), entry or key)
