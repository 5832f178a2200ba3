"""`rejoinder mail test` sends one mail and says what became of it."""

import pytest
from typer.testing import CliRunner, Result

from mail_server import SENDER, mail_server
from rejoinder.cli import app


def mail_test(monkeypatch: pytest.MonkeyPatch, url: str, address: str = "nell@mail.example") -> Result:
    monkeypatch.setenv("REJOINDER_MAIL_URL", url)
    monkeypatch.setenv("REJOINDER_MAIL_FROM", SENDER)
    return CliRunner().invoke(app, ["mail", "test", address])


def test_a_mail_is_sent_and_refusals_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server() as sink:
        done = mail_test(monkeypatch, sink.url)
        assert (done.exit_code, sink.arrived[0].receivers) == (0, ["nell@mail.example"])
        sink.answers["nobody@mail.example"] = "550 no such mailbox"
        refused = mail_test(monkeypatch, sink.url, "nobody@mail.example")
        assert (refused.exit_code, "550 no such mailbox" in refused.stderr) == (1, True)
        bent = mail_test(monkeypatch, sink.url, "nell@mail.example\r\nBcc: mallory@evil.example")
        assert bent.exit_code == 1
    gone = mail_test(monkeypatch, sink.url)
    assert (gone.exit_code, "It was not sent" in gone.stderr) == (1, True)
    assert len(sink.arrived) == 1


def test_without_a_way_for_mail_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(app, ["mail", "test", "nell@mail.example"])
    assert (done.exit_code, "REJOINDER_MAIL_URL" in done.stderr) == (1, True)
