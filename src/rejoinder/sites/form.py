"""The settings as a form: what stands in it, what was entered, and the values that it means. Works without script."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from rejoinder.sites.models import Group, Rules, Site
from rejoinder.sites.schema import SETTINGS, Kind, Setting

# Text, whether a switch is on, or rows of label and address; a list of texts is one text, one a line.
Entered: TypeAlias = str | bool | tuple[tuple[str, str], ...]
Form: TypeAlias = Mapping[str, Entered]

FREE_ROWS = 3
LONGEST = 32_000

_ASKED = "asked"  # names the switches that were in the form: one that is off sends nothing


@dataclass(frozen=True, slots=True)
class Control:
    """One setting in the form: what stands in it, what it is at its default, and whether a file gives it.

    `meanwhile` is what somebody else set it to since, where that is not what was entered.
    """

    setting: Setting
    entered: Entered
    default: Entered
    is_changed: bool
    is_locked: bool
    faults: tuple[str, ...] = ()
    meanwhile: Entered | None = None

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """The links, and a few rows for more."""
        rows = self.entered if isinstance(self.entered, tuple) else ()
        free = min(FREE_ROWS, max((self.setting.most or 0) - len(rows), 0))
        return (*rows, *(("", "") for _ in range(free)))


def entered_of(setting: Setting, value: Any) -> Entered:
    """How a stored value, as it is in JSON, stands in the form."""
    match setting.kind:
        case Kind.SWITCH:
            return bool(value)
        case Kind.LINKS:
            return tuple((link["label"], link["url"]) for link in value)
        case Kind.TEXTS:
            return "\n".join(value)
        case Kind.TITLES:
            return "\n".join(f"{name} = {title}" for name, title in value.items())
    return "" if value is None else str(value)


def value_of(setting: Setting, entered: Entered) -> object:
    """What was entered as a value that is still to be checked."""
    if isinstance(entered, tuple):
        return [{"label": label, "url": url} for label, url in entered]
    if isinstance(entered, bool):
        return entered
    lines = [line.strip() for line in entered.splitlines() if line.strip()]
    match setting.kind:
        case Kind.TEXTS:
            return lines
        case Kind.TITLES:
            parted = (line.partition("=") for line in lines)
            return {name.strip(): title.strip() for name, _, title in parted}
    text = entered.strip()
    return None if setting.is_optional and not text else text


def form_of(rules: Rules) -> dict[str, Entered]:
    """The form as these rules fill it."""
    values = rules.model_dump(mode="json")
    return {name: entered_of(setting, values[name]) for name, setting in SETTINGS.items()}


def fields() -> dict[str, int]:
    """The names of the form's fields, with the most characters of each."""
    names = {"version": 20, _ASKED: 1000}
    for setting in SETTINGS.values():
        if setting.kind is Kind.LINKS:
            names |= {name: LONGEST for pair in _row_names(setting) for name in pair}
        else:
            names[setting.name] = LONGEST
    return names


def read_entered(sent: Mapping[str, str], site: Site) -> dict[str, Entered]:
    """What was entered, setting by setting: those that the form had, and that no file gives."""
    asked = sent.get(_ASKED, "").split()
    entered: dict[str, Entered] = {}
    for name, setting in SETTINGS.items():
        if name in site.locked:
            continue
        if setting.kind is Kind.SWITCH:
            if name in asked:
                entered[name] = name in sent
        elif setting.kind is Kind.LINKS:
            pairs = [(sent.get(label, ""), sent.get(url, "")) for label, url in _row_names(setting)]
            if any(label in sent for label, _ in _row_names(setting)):
                entered[name] = tuple((a.strip(), b.strip()) for a, b in pairs if a.strip() or b.strip())
        elif name in sent:
            entered[name] = sent[name]
    return entered


def values_of(entered: Form) -> dict[str, object]:
    """The values that were entered, still to be checked."""
    return {name: value_of(SETTINGS[name], what) for name, what in entered.items()}


def groups(
    site: Site,
    entered: Form | None = None,
    faults: Mapping[str, tuple[str, ...]] | None = None,
    meanwhile: Form | None = None,
) -> Iterator[tuple[Group, list[Control]]]:
    """The form, group by group, with what was entered where that is shown again."""
    stored, defaults = form_of(site.rules), form_of(Rules())
    for group in Group:
        controls = [
            Control(
                setting,
                (entered or {}).get(name, stored[name]),
                defaults[name],
                stored[name] != defaults[name],
                name in site.locked,
                (faults or {}).get(name, ()),
                (meanwhile or {}).get(name),
            )
            for name, setting in SETTINGS.items()
            if setting.group is group
        ]
        yield group, controls


def _row_names(setting: Setting) -> list[tuple[str, str]]:
    """The fields of each row of links."""
    return [
        (f"{setting.name}.{number}.label", f"{setting.name}.{number}.url")
        for number in range(1, (setting.most or 0) + 1)
    ]
