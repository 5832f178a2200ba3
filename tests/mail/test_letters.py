"""What a letter is on the wire: nobody writes its headers but we (D11), and it says that a program wrote it."""

import email
import email.policy
import re
import string
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from attacks import Corpora
from cast import NOON
from mail_server import SENDER, WRITTEN, mail_server, part
from rejoinder.errors import Invalid
from rejoinder.mail.letters import LONGEST_SUBJECT, Letter, draw_letter, write_message
from rejoinder.mail.sending import send
from rejoinder.settings import load_settings
from rejoinder.text.addresses import check_email

LINE_ENDS = ("\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00")
INJECTIONS = [f"A note{end}Bcc: mallory@evil.example{end}{end}<b>Hello</b>" for end in LINE_ENDS]


def letter(subject: str = "A note", to: str = "nell@mail.example", text: str = "Good evening.\n") -> Letter:
    return Letter("note-1", to, subject, text, "en", "<p>Good evening.</p>")


def written(one: Letter, sender: str = SENDER) -> EmailMessage:
    """A letter as who receives it reads it."""
    raw = write_message(one, sender, now=NOON).as_bytes()
    return email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[arg-type]


def test_a_letter_has_the_headers_we_write_and_no_other() -> None:
    message = written(letter())
    assert set(message.keys()) <= set(WRITTEN)
    assert message["From"] == "The Lamp <lamp@mail.example>"
    assert message["To"] == "nell@mail.example"
    assert message["Message-ID"] == "<note-1@mail.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert datetime.strptime(message["Date"], "%a, %d %b %Y %H:%M:%S %z") == NOON
    assert message["List-Unsubscribe"] is None  # nobody subscribed to it
    assert (part(message, "plain"), part(message, "html").strip()) == (
        "Good evening.\n",
        "<p>Good evening.</p>",
    )


@given(st.text(max_size=400) | st.sampled_from(INJECTIONS))
def test_no_subject_writes_a_header_or_a_second_line(subject: str) -> None:
    raw = write_message(letter(subject.encode(errors="replace").decode()), SENDER, now=NOON).as_bytes()
    head = raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].decode() for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    assert set(names) <= set(WRITTEN) and len(names) == len(set(names))
    assert len(written(letter(subject.encode(errors="replace").decode()))["Subject"]) <= LONGEST_SUBJECT * 10


def test_no_attack_of_others_writes_a_header_or_gets_a_copy(corpora: Corpora) -> None:
    """C7, C18 and what is made from them, as a site's name and so in the subject and the text; by a real server."""
    attacks = [*INJECTIONS, *corpora.naughty]
    with mail_server() as sink:
        settings = load_settings({}, {"mail_url": sink.url, "mail_from": SENDER})
        for attack in attacks:
            named = {"site": attack.encode(errors="replace").decode(), "address": "https://lamp.example"}
            context = named | {"digits": "123456"}
            to = letter().to
            with suppress(Invalid):
                to = check_email(named["site"])
            send(settings, draw_letter("accounts/code_mail", "en", context, key="code-1", to=to))
    assert len(sink.arrived) == len(attacks)
    for arrived in sink.arrived:
        assert arrived.receivers == ["nell@mail.example"]
        assert set(arrived.message.keys()) <= set(WRITTEN)
        html = part(arrived.message, "html")
        assert not re.search(r"<(?!/?(?:html|head|meta|title|body|p|big|strong|a)[ >]|!doctype)", html)
        assert set(re.findall(r'href="([^"]*)"', html)) == {"https://lamp.example"}


@given(st.text(string.ascii_letters + string.digits + "!#$%&'*+/=?^_`{|}~-.", min_size=1, max_size=64))
def test_whatever_is_taken_for_an_address_can_be_written_to(local: str) -> None:
    try:
        address = check_email(f"{local}@mail.example")
    except Invalid:
        return
    (receiver,) = written(letter(to=address))["To"].addresses
    assert receiver.addr_spec == address


def test_an_address_that_a_header_would_read_as_another_is_none() -> None:
    with pytest.raises(Invalid):
        check_email("=?utf-8?q?nell=40evil.example?=@mail.example")


@pytest.mark.parametrize("to", [f"nell@mail.example{end}Bcc: m@evil.example" for end in LINE_ENDS])
def test_an_address_that_holds_more_than_an_address_gets_nothing(to: str) -> None:
    with pytest.raises(ValueError):
        write_message(letter(to=to), SENDER, now=NOON)


@pytest.mark.parametrize(
    "sender", ["lamp@mail.example", '"Lamp, The" <lamp@mail.example>', "Ä <a@b.example>"]
)
def test_a_sender_may_have_any_name(sender: str) -> None:
    assert written(letter(), sender)["From"].addresses[0].addr_spec in sender


def test_a_letter_into_a_folder_is_one_file_however_often_it_is_sent(tmp_path: Path) -> None:
    settings = load_settings({}, {"mail_url": f"file://{tmp_path}/out box", "mail_from": SENDER})
    for _ in range(2):
        send(settings, letter())
    (file,) = (tmp_path / "out box").iterdir()
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert (file.name, message["Subject"]) == ("note-1.eml", "A note")


def test_a_letter_on_the_console_can_be_read_there(capsys: pytest.CaptureFixture[str]) -> None:
    settings = load_settings({}, {"mail_url": "console:", "mail_from": SENDER})
    send(settings, letter())
    assert "To: nell@mail.example\nSubject: A note\n\nGood evening.\n" in capsys.readouterr().err
