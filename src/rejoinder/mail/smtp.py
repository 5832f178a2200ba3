"""Mail by SMTP: smtp://USER:PASSWORD@HOST:587 with STARTTLS, ?tls=implicit from the first byte, ?tls=none without."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from .errors import Undeliverable

SECONDS = 10
"""How long the server may take for one answer."""


def send(url: str, message: EmailMessage) -> None:
    """Hand a message over. Raises Undeliverable where the server will never take it, else OSError or SMTPException."""
    with _connected(url) as server:
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            (code, answer), *_ = refused.recipients.values()
            if _is_final(code):
                raise Undeliverable(f"{code} {answer.decode(errors='replace')}") from refused
            raise
        except smtplib.SMTPDataError as refused:
            if _is_final(refused.smtp_code):
                raise Undeliverable(f"{refused.smtp_code} {_text(refused.smtp_error)}") from refused
            raise


def look(url: str) -> str:
    """Go as far as a mail would, but send none; what is to be said of it. Raises OSError or SMTPException."""
    with _connected(url) as server:
        server.noop()
    where = urlsplit(url)
    return f"{where.hostname} takes mail."


@contextmanager
def _connected(url: str) -> Iterator[smtplib.SMTP]:
    where = urlsplit(url)
    host, tls = where.hostname or "", parse_qs(where.query).get("tls", ["starttls"])[0]
    if tls == "implicit":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, where.port or 465, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, where.port or 587, timeout=SECONDS)
    with server:
        if tls == "starttls":
            # A server that has none is left: nothing is said to it in the clear.
            server.starttls(context=ssl.create_default_context())
        if where.username:
            server.login(unquote(where.username), unquote(where.password or ""))
        yield server


def _is_final(code: int) -> bool:
    return 500 <= code < 600


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
