"""The value of a setting as a command takes and prints it."""

import json
from typing import Any

from rejoinder.cli.opening import fail
from rejoinder.sites.schema import Kind, Setting


def read_value(setting: Setting, text: str) -> object:
    """What was written behind the = as a value that is still to be checked."""
    if setting.kind in (Kind.LINKS, Kind.TITLES) or (setting.kind is Kind.TEXTS and text.startswith("[")):
        example = '{"coast": "The coast"}' if setting.kind is Kind.TITLES else "[]"
        if setting.kind is Kind.LINKS:
            example = '[{"label": "About", "url": "/articles/about"}]'
        try:
            return json.loads(text or example[0] + example[-1])
        except ValueError:
            fail(f"{setting.name} takes JSON, such as '{example}'.")
    if setting.kind is Kind.TEXTS:
        return [word.strip() for word in text.split(",") if word.strip()]
    return None if setting.is_optional and not text else text


def write_value(setting: Setting, value: Any) -> str:
    """A value as `set` takes it."""
    if setting.kind is Kind.SWITCH:
        return "on" if value else "off"
    if setting.kind is Kind.TEXTS and not any("," in text for text in value):
        return ", ".join(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)
