"""Mail on the console (console:): printed for who started the server, to try things out."""

import sys
from email.message import EmailMessage


def send(url: str, message: EmailMessage) -> None:  # noqa: ARG001 - the same for every transport
    """Print the text of a message, with what stands above it."""
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    sys.stderr.write(f"To: {message['To']}\nSubject: {message['Subject']}\n\n{text}\n")
    sys.stderr.flush()


def look(url: str) -> str:  # noqa: ARG001 - the same for every transport
    """What is to be said of it."""
    return "Mail is printed where the server runs; nobody gets it by post."
