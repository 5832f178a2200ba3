"""Mail by SMTP, to a real server: encrypted where it is said so, with the password, and with an end where it is refused."""

import smtplib
import ssl
from pathlib import Path

import pytest

from mail_server import SENDER, Tls, mail_server
from rejoinder.mail.errors import Undeliverable
from rejoinder.mail.letters import Letter
from rejoinder.mail.sending import look, send
from rejoinder.settings import Settings, load_settings

LETTER = Letter("note-1", "nell@mail.example", "A note", "Good evening.\n", "en")


def settings_for(url: str) -> Settings:
    return load_settings({}, {"mail_url": url, "mail_from": SENDER})


@pytest.fixture
def trust(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file of authorities that this machine trusts; it is empty until a test writes into it."""
    file = tmp_path / "authorities.pem"
    file.write_bytes(b"")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return file


@pytest.mark.parametrize("tls", ["starttls", "implicit", "none"])
@pytest.mark.parametrize("login", [False, True])
def test_a_letter_arrives_as_it_was_written(trust: Path, tls: Tls, login: bool) -> None:
    with mail_server(tls, login=login) as sink:
        sink.authority.cert_pem.write_to_path(str(trust))
        send(settings_for(sink.url), LETTER)
        assert look(settings_for(sink.url)) == "127.0.0.1 takes mail."

    (arrived,) = sink.arrived
    assert (arrived.sender, arrived.receivers) == ("lamp@mail.example", ["nell@mail.example"])
    assert arrived.text == "Good evening.\n"
    assert (arrived.encrypted, arrived.logged_in) == (tls != "none", login)


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("name", ["127.0.0.1", "elsewhere.example"])
def test_nothing_is_said_to_a_server_that_is_not_who_it_says(trust: Path, tls: Tls, name: str) -> None:
    """Its authority is unknown, or its certificate is for another name."""
    with mail_server(tls, login=True, name=name) as sink:
        if name == "elsewhere.example":
            sink.authority.cert_pem.write_to_path(str(trust))
        for act in (lambda: send(settings_for(sink.url), LETTER), lambda: look(settings_for(sink.url))):
            with pytest.raises(ssl.SSLCertVerificationError):
                act()
    assert sink.arrived == []


def test_a_server_without_encryption_gets_no_mail_unless_that_is_set() -> None:
    with mail_server("none") as sink:
        url = sink.url.replace("tls=none", "tls=starttls")
        with pytest.raises(smtplib.SMTPNotSupportedError):
            send(settings_for(url), LETTER)
    assert sink.arrived == []


def test_a_wrong_password_is_told_and_may_be_set_right() -> None:
    with mail_server("none", login=True) as sink, pytest.raises(smtplib.SMTPAuthenticationError):
        send(settings_for(sink.url.replace("ss%2Fword", "ast")), LETTER)
    assert sink.arrived == []


def test_what_is_refused_for_now_is_tried_again_and_what_is_refused_for_good_is_not() -> None:
    with mail_server() as sink:
        settings = settings_for(sink.url)
        sink.answers[LETTER.to] = "450 greylisted"
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            send(settings, LETTER)
        sink.answers[LETTER.to] = "550 no such mailbox"
        with pytest.raises(Undeliverable, match="550 no such mailbox"):
            send(settings, LETTER)
        sink.answers.clear()
        sink.after_data = "451 busy"
        with pytest.raises(smtplib.SMTPDataError):
            send(settings, LETTER)
        sink.after_data = "554 not wanted"
        with pytest.raises(Undeliverable, match="554 not wanted"):
            send(settings, LETTER)
    assert sink.arrived == []
