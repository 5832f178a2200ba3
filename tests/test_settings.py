"""Settings: every fault at once, secrets from files and never shown."""

import re
from ipaddress import ip_network
from pathlib import Path

import pytest

from rejoinder.settings import Settings, SettingsWrong, load_settings, printable


def test_nothing_has_to_be_set() -> None:
    settings = load_settings({})
    assert settings.database_url == "sqlite:///data/rejoinder.db"
    assert settings.base_url == "http://127.0.0.1:8080"


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize(
    ("host", "port", "base_url"),
    [
        ("127.0.0.1", "80", "http://127.0.0.1"),
        ("0.0.0.0", "9000", "http://127.0.0.1:9000"),
        ("::1", "9000", "http://[::1]:9000"),
        ("news.example", "9000", "http://news.example:9000"),
    ],
)
def test_the_base_url_is_where_the_server_listens(host: str, port: str, base_url: str) -> None:
    assert load_settings({"REJOINDER_HOST": host, "REJOINDER_PORT": port}).base_url == base_url


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Example.ORG/", "https://example.org"),
        ("https://example.org:443", "https://example.org"),
        ("http://bücher.example", "http://xn--bcher-kva.example"),
    ],
)
def test_a_base_url_is_written_as_browsers_do(given: str, kept: str) -> None:
    assert load_settings({"REJOINDER_BASE_URL": given}).base_url == kept


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    config = tmp_path / "rejoinder.toml"
    config.write_text('host = "10.0.0.1"\nport = 1\nlog_level = "error"\ntrusted_proxies = ["10.0.0.0/8"]\n')
    environ = {"REJOINDER_CONFIG": str(config), "REJOINDER_PORT": "2", "REJOINDER_HOST": "10.0.0.2"}
    settings = load_settings(environ, {"host": "10.0.0.3", "port": None})
    assert (settings.host, settings.port, settings.log_level) == ("10.0.0.3", 2, "error")
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"),)


def test_lists_in_the_environment_are_separated_by_commas() -> None:
    settings = load_settings({"REJOINDER_TRUSTED_PROXIES": "10.0.0.0/8, fd00::/8"})
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def test_all_faults_are_told_at_once() -> None:
    environ = {
        "REJOINDER_PORT": "80000",
        "REJOINDER_BASE_URL": "https://example.org/blog",
        "REJOINDER_DATABASE_URL": "mysql://",
        "REJOINDER_PUBLICATION": "/nowhere/at/all",
        "REJOINDER_TRUSTED_PROXIES": "10.0.0.1/8",
        "REJOINDER_PURGE_URL_FILE": "/nowhere/at/all",
        "REJOINDER_LOG_LEVEL": "loud",
        "REJOINDER_MAIL_URL": "mailto:nell@mail.example",
    }
    with pytest.raises(SettingsWrong) as wrong:
        load_settings(environ, {"colour": "red"})
    names = {re.split(r"[:_ ]", fault.removeprefix("REJOINDER_").lower())[0] for fault in wrong.value.faults}
    assert names == {"port", "base", "database", "publication", "trusted", "purge", "log", "mail", "colour"}


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("postgresql://u:canary@h/n\n")
    environ = {"REJOINDER_DATABASE_URL_FILE": str(tmp_path / "secret")}
    assert load_settings(environ).database_url == "postgresql://u:canary@h/n"
    with pytest.raises(SettingsWrong, match="keep one of the two"):
        load_settings(environ | {"REJOINDER_DATABASE_URL": "sqlite:///a"})


def test_no_secret_is_printed() -> None:
    settings = load_settings(
        {
            "REJOINDER_DATABASE_URL": "postgresql://user:canary@host/name?sslpassword=canary",
            "REJOINDER_PURGE_URL": "https://cache.example/purge?token=canary",
            "REJOINDER_MAIL_URL": "smtp://lamp:canary@mail.example:587",
            "REJOINDER_MAIL_FROM": "lamp@mail.example",
        }
    )
    shown = printable(settings)
    assert shown["mail_url"] == "smtp://lamp:***@mail.example:587"
    assert shown["database_url"] == "postgresql://user:***@host/name?sslpassword=***"
    assert "canary" not in f"{settings} {settings!r} {shown}"
    with pytest.raises(SettingsWrong) as wrong:
        load_settings({"REJOINDER_DATABASE_URL": "mysql://user:canary@host"})
    assert "canary" not in str(wrong.value)


def test_a_name_that_is_nearly_a_setting_is_pointed_out(caplog: pytest.LogCaptureFixture) -> None:
    load_settings({"REJOINDER_BASEURL": "https://example.org", "PATH": "/bin"})
    assert "REJOINDER_BASEURL is not a setting" in caplog.text
    assert "is REJOINDER_BASE_URL meant?" in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.example",
        "smtp://lamp%40mail.example:p%2Fw@mail.example:587",
        "smtp://lamp:password@mail.example?tls=implicit",
        "smtp://lamp:password@127.0.0.1:25?tls=none",
        "smtp://[2001:db8::1]:25?tls=starttls",
        "file:///var/mail/out",
        "console:",
    ],
)
@pytest.mark.parametrize("sender", ["lamp@mail.example", "The Lamp <lamp@mail.example>"])
def test_mail_goes_where_the_settings_say(url: str, sender: str) -> None:
    settings = load_settings({"REJOINDER_MAIL_URL": url, "REJOINDER_MAIL_FROM": sender})
    assert (settings.mail_url, settings.mail_from) == (url, sender)


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("smtp:", "is smtp"),
        ("smtp://mail.example:99999", "is smtp"),
        ("smtp://mail.example/path", "is smtp"),
        ("smtp://mail.example?timeout=1", "is smtp"),
        ("smtp://mail.example\n", "is smtp"),
        ("smtps://mail.example", "is smtp"),
        ("file:///", "is smtp"),
        ("file://elsewhere/out", "is smtp"),
        ("smtp://mail.example?tls=perhaps", "says .tls=starttls"),
        ("smtp://lamp:password@mail.example?tls=none", "send the password unencrypted"),
    ],
)
def test_a_way_for_mail_that_leads_nowhere_is_told_at_start(url: str, fault: str) -> None:
    with pytest.raises(SettingsWrong, match=f"mail_url: .*{fault}") as wrong:
        load_settings({"REJOINDER_MAIL_URL": url, "REJOINDER_MAIL_FROM": "lamp@mail.example"})
    assert "password@" not in str(wrong.value)


@pytest.mark.parametrize(
    "sender",
    [
        None,
        "lamp",
        "lamp@mail.example\nBcc: mallory@evil.example",
        "lamp@mail.example, mallory@evil.example",
        "Lamp, The <lamp@mail.example>",
    ],
)
def test_mail_comes_from_one_address(sender: str | None) -> None:
    given = {"REJOINDER_MAIL_FROM": sender} if sender else {}
    with pytest.raises(SettingsWrong, match="mail_from: "):
        load_settings({"REJOINDER_MAIL_URL": "console:", **given})
