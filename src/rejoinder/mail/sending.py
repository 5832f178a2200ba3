"""Sending: by the transport that the settings name, outside of every transaction."""

import asyncio
import logging
import smtplib
from datetime import UTC, datetime
from types import ModuleType
from urllib.parse import urlsplit

from rejoinder.settings import Settings

from . import console, folder, smtp
from .errors import Deferred, Undeliverable
from .letters import Letter, write_message

TRANSPORTS: dict[str, ModuleType] = {"smtp": smtp, "file": folder, "console": console}

log = logging.getLogger(__name__)


async def post(settings: Settings, letter: Letter) -> None:
    """Send a letter from a job; what fails raises, and is tried again. What never will succeed is logged and done with.

    Servers repeat the address in what they answer: only the number of it goes into the log.
    """
    try:
        await asyncio.to_thread(send, settings, letter)
    except Undeliverable as why:
        log.warning("a mail was refused for good", extra={"letter": letter.key, "code": str(why)[:3]})
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as why:
        raise Deferred(type(why).__name__, getattr(why, "smtp_code", None)) from None


def send(settings: Settings, letter: Letter) -> None:
    """Send a letter now. Raises Undeliverable, OSError or what the transport raises."""
    url, sender = _ways(settings)
    message = write_message(letter, sender, now=datetime.now(UTC))
    TRANSPORTS[urlsplit(url).scheme].send(url, message)


def look(settings: Settings) -> str:
    """Whether mail can be sent, in words. Raises OSError or what the transport raises."""
    url, _ = _ways(settings)
    said: str = TRANSPORTS[urlsplit(url).scheme].look(url)
    return said


def _ways(settings: Settings) -> tuple[str, str]:
    if settings.mail_url is None or settings.mail_from is None:
        raise Undeliverable("no mail is set: REJOINDER_MAIL_URL and REJOINDER_MAIL_FROM")
    return settings.mail_url, settings.mail_from
