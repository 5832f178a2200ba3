"""The settings of a site as people are shown them, read from the one schema: form, help, commands and docs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from rejoinder.sites.models import Colour, Group, Link, Rules


class Kind(StrEnum):
    """What a setting holds, and so how it is asked for."""

    TEXT = "text"
    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    COLOUR = "colour"
    TEXTS = "texts"
    LINKS = "links"
    TITLES = "titles"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name, what people are told of it, and what it may hold.

    `choices` are its values and what they mean; `least` and `most` bound a number, or, as `most`, a text or a list.
    """

    name: str
    group: Group
    label: str
    help: str
    kind: Kind
    default: Any
    is_optional: bool
    choices: Mapping[str, str]
    least: int | None
    most: int | None

    @property
    def takes(self) -> str:
        """What may be written as its value, in English; empty where its help says all."""
        match self.kind:
            case Kind.CHOICE:
                *others, last = self.choices
                return f"{', '.join(others)} or {last}"
            case Kind.SWITCH:
                return "on or off"
            case Kind.NUMBER:
                return f"{self.least} to {self.most}" + (", or nothing" if self.is_optional else "")
            case Kind.COLOUR:
                return "# and six digits, or nothing"
            case Kind.TEXTS:
                return f"a list of at most {self.most}"
            case Kind.LINKS:
                return f"a list of at most {self.most}, each with `label` and `url`"
            case Kind.TITLES:
                return f"at most {self.most} names, each with its title"
            case Kind.TEXT:
                return "text, or nothing" if self.is_optional else "text"

    @property
    def is_ascii(self) -> bool:
        """Whether it runs from left to right in every language, as addresses do."""
        return self.name in _ASCII


def _setting(name: str, field: FieldInfo) -> Setting:
    shown: Any = field.json_schema_extra
    return Setting(
        name=name,
        group=shown["group"],
        label=field.title or name,
        help=field.description or "",
        kind=_kind(field, shown["choices"]),
        default=Rules().model_dump(mode="json")[name],
        is_optional=type(None) in get_args(field.annotation),
        choices=shown["choices"] or {},
        least=_bound(field, "ge"),
        most=_bound(field, "le") or _bound(field, "max_length"),
    )


def _bound(field: FieldInfo, name: str) -> int | None:
    return next((getattr(bound, name) for bound in field.metadata if hasattr(bound, name)), None)


def _kind(field: FieldInfo, choices: object) -> Kind:
    hint: Any = field.annotation
    if choices:
        return Kind.CHOICE
    if hint is bool:
        return Kind.SWITCH
    if int in (hint, *get_args(hint)):
        return Kind.NUMBER
    if Colour in get_args(hint):
        return Kind.COLOUR
    if get_origin(hint) is dict:
        return Kind.TITLES
    if get_origin(hint) is tuple:
        return Kind.LINKS if Link in get_args(hint) else Kind.TEXTS
    return Kind.TEXT


_ASCII = {"time_zone", "logo", "url_keys", "origins"}

SETTINGS: Mapping[str, Setting] = {name: _setting(name, field) for name, field in Rules.model_fields.items()}
