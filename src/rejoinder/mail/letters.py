"""A letter: drawn from the templates of a feature, and written as a message that no word in it can bend (RFC 5322)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from rejoinder.text.languages import direction, translations
from rejoinder.text.plain import in_a_line

PACKAGE = Path(__file__).parent.parent
LONGEST_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Letter:
    """What one mail says, and to which address; with the same `key` it is the same letter, however often it is sent."""

    key: str
    to: str
    subject: str
    text: str
    language: str
    html: str | None = None


def draw_letter(template: str, language: str, context: Mapping[str, object], *, key: str, to: str) -> Letter:
    """Draw a letter from `FEATURE/templates/NAME.txt`, whose first line is the subject, and `NAME.html` beside it."""
    feature, _, name = template.partition("/")
    environment = _environment(language)
    text, html = (
        environment.get_template(f"{feature}/templates/{name}.{kind}").render(context)
        for kind in ("txt", "html")
    )
    subject, _, body = text.partition("\n")
    return Letter(key, to, subject, body.strip() + "\n", language, html)


def write_message(letter: Letter, sender: str, *, now: datetime) -> EmailMessage:
    """The letter as it is sent. Raises ValueError for an address that is none.

    Every header is made from its parts by Python's own rules, which refuse line ends; the receiver has no name beside
    the address.
    """
    name, address = parseaddr(sender)
    message = EmailMessage(SMTP)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = in_a_line(letter.subject, LONGEST_SUBJECT)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{letter.key}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # so that no holiday note answers it (RFC 3834)
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    message["Content-Language"] = letter.language  # last: what begins so moves into the first part
    return message


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PACKAGE),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {"language": language, "dir": direction}
    return environment
