"""The one form in which a comment is written, as a template draws it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rejoinder.sites.models import Rules


@dataclass(frozen=True, slots=True)
class FormModel:
    """A form: where it belongs, what was written in it so far, and what was wrong with that."""

    rules: Rules
    thread: int | None = None
    url: str | None = None
    reply_to: int | None = None
    action: str = "/comments"
    quote: str = ""
    text: str = ""
    name: str = ""
    email: str = ""
    website: str = ""
    remember: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)


def quote_lines(text: str) -> str:
    """A text as Markdown quotes it, with room below for the answer."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines()) + "\n\n"
