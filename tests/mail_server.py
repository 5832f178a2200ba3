"""A real SMTP server for the tests: it takes what it is sent, byte for byte, and refuses whom it is told to."""

import email
import email.policy
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Literal, TypeAlias

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from serving import free_port

Tls: TypeAlias = Literal["starttls", "implicit", "none"]

USER, PASSWORD = "lamp", "p@ss/word"
SENDER = "The Lamp <lamp@mail.example>"
WRITTEN = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
}
"""Every header that a letter of ours has."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One mail as it came over the wire: from whom and to whom the envelope said, and every byte."""

    sender: str
    receivers: list[str]
    raw: bytes
    encrypted: bool
    logged_in: bool

    @property
    def message(self) -> EmailMessage:
        """The same, read."""
        return email.message_from_bytes(self.raw, policy=email.policy.default)  # type: ignore[arg-type]

    @property
    def text(self) -> str:
        """What stands in it, as plain text."""
        return part(self.message, "plain")


@dataclass
class Sink:
    """The server: where it is, what came, and what it answers to some addresses."""

    url: str
    authority: trustme.CA
    arrived: list[Arrived] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    after_data: str = "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, rcpt_options: Any
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.after_data.startswith("250"):
            self.arrived.append(
                Arrived(
                    envelope.mail_from,
                    envelope.rcpt_tos,
                    envelope.original_content,
                    encrypted=server.transport.get_extra_info("sslcontext") is not None,
                    logged_in=bool(session.authenticated),
                )
            )
        return self.after_data


@contextmanager
def mail_server(tls: Tls = "none", *, login: bool = False, name: str = "127.0.0.1") -> Iterator[Sink]:
    """A server that speaks TLS with a certificate for this name, until the end of the block."""
    authority, port = trustme.CA(), free_port()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    user = "lamp:p%40ss%2Fword@" if login else ""
    sink = Sink(f"smtp://{user}127.0.0.1:{port}?tls={tls}", authority)
    controller = Controller(
        sink,
        hostname="127.0.0.1",
        port=port,
        server_hostname="mail.example",
        ssl_context=context if tls == "implicit" else None,
        tls_context=context if tls == "starttls" else None,
        require_starttls=tls == "starttls",
        authenticator=_authenticate if login else None,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def part(message: EmailMessage, kind: str) -> str:
    """The plain or the HTML part of a message."""
    found = message.get_body((kind,))
    assert found is not None
    content: str = found.get_content()
    return content.replace("\r\n", "\n")


def _authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    is_known = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == (
        USER,
        PASSWORD,
    )
    return AuthResult(success=is_known, handled=is_known)
