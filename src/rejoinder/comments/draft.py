"""What a reader sends, checked and rendered before any lock is taken."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from rejoinder.accounts.models import Signature
from rejoinder.errors import N_, Invalid
from rejoinder.screening.fingerprint import Fingerprint, fingerprint
from rejoinder.sites.models import EmailPolicy, Rules
from rejoinder.text.addresses import check_email, check_website
from rejoinder.text.markdown import render_comment
from rejoinder.text.names import check_name
from rejoinder.text.plain import check_text


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it was written, as it is drawn, and by what it is known again."""

    text: str
    html: str
    links: int
    fingerprint: Fingerprint

    @property
    def markup(self) -> Markup:
        """The text as it is drawn, for a template."""
        return Markup(self.html)  # noqa: S704  it comes out of the sanitiser


@dataclass(frozen=True, slots=True)
class CommentDraft:
    """A comment on its way in: where it goes, what it says, how it is signed."""

    thread_id: int | None
    url: str | None
    reply_to: int | None
    written: Written
    signature: Signature
    trap_filled: bool = False
    typing_time: timedelta | None = None


def write_text(text: str, rules: Rules) -> Written:
    """Check and render a text. Raises Invalid, naming the field, when it can't be posted."""
    checked = check_text(text, most=rules.most_characters, field="text")
    if not checked.strip():
        raise Invalid("text-empty", N_("Please write something first."), field="text")
    rendered = render_comment(checked, images=rules.images)
    if _is_blank(rendered.plain):
        raise Invalid(
            "text-empty", N_("Nothing of this would be seen. Please write something first."), field="text"
        )
    return Written(checked, rendered.html, rendered.links, fingerprint(checked))


def _is_blank(text: str) -> bool:
    """Whether nothing of it is drawn: blanks, line ends and characters of no width."""
    return all(unicodedata.category(sign)[0] in "CZ" for sign in text)


def sign(name: str, email: str, website: str, rules: Rules, *, reserved: Collection[str] = ()) -> Signature:
    """Check how a guest signs. Raises Invalid, naming the field, when it can't be signed so."""
    checked = check_name(name, reserved=(*reserved, *rules.reserved_names))
    return Signature(
        checked.text,
        checked.key,
        _email(email.strip(), rules.email),
        check_website(website) if rules.websites and website.strip() else None,
    )


def _email(email: str, policy: EmailPolicy) -> str | None:
    if policy is EmailPolicy.OFF:
        return None
    if email:
        return check_email(email)
    if policy is EmailPolicy.REQUIRED:
        raise Invalid(
            "email-required", N_("This site asks for an e-mail address. It is never shown."), field="email"
        )
    return None
