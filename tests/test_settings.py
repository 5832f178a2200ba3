"""Settings: every fault at once, secrets from files and never shown."""

import json
import re
import sys
from ipaddress import ip_network
from pathlib import Path

import pytest

from rejoinder.settings import Settings, SettingsWrong, load_settings, printable
from signed_tokens import pem_of


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


GOOGLE = {"key": "google", "name": "Google", "issuer": "https://accounts.google.com", "client_id": "lamp"}
LAMP = {
    "name": "The Lamp",
    "login_url": "https://www.example.org/login",
    "issuer": "https://www.example.org",
    "algorithm": "HS256",
    "secrets": ["0123456789abcdef0123456789abcdef"],
}


def test_ways_to_sign_in_stand_in_the_file_or_as_json_in_the_environment(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("canary-of-google\n")
    (tmp_path / "sso").write_text(
        "canary-one-0123456789abcdef0123456789\ncanary-two-0123456789abcdef0123456789\n"
    )
    config = tmp_path / "rejoinder.toml"
    config.write_text(
        f"""
        [[oidc]]
        key = "google"
        name = "Google"
        issuer = "https://accounts.google.com"
        client_id = "lamp"
        client_secret_file = "{tmp_path / "secret"}"
        [sso]
        name = "The Lamp"
        login_url = "https://www.example.org/login"
        issuer = "https://www.example.org"
        algorithm = "HS256"
        secrets_file = "{tmp_path / "sso"}"
        roles = ["author"]
        """
    )
    from_file = load_settings({"REJOINDER_CONFIG": str(config)})
    assert from_file.sso is not None and len(from_file.sso.secrets) == 2
    (google,) = from_file.oidc
    assert google.client_secret is not None and google.client_secret.get_secret_value() == "canary-of-google"
    assert "canary" not in f"{printable(from_file)}{from_file!r}"

    environ = {"REJOINDER_OIDC": json.dumps([GOOGLE]), "REJOINDER_SSO": json.dumps(LAMP)}
    (tmp_path / "json").write_text(environ["REJOINDER_SSO"])
    for each in (environ, {**environ, "REJOINDER_SSO_FILE": str(tmp_path / "json")}):
        given = {name: value for name, value in each.items() if f"{name}_FILE" not in each}
        settings = load_settings(given)
        assert settings.oidc[0].name == "Google" and settings.sso is not None
        assert not settings.oidc[0].staff and settings.sso.roles == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "http://accounts.google.com"},
        {"issuer": "accounts.google.com"},
        {"issuer": "https://u:p@accounts.google.com"},
        {"key": "Google"},
        {"key": ""},
        {"name": ""},
        {"name": "a\nb"},
        {"client_id": ""},
        {"client_secret_file": "/nowhere/at/all"},
        {"client_secret": "a", "client_secret_file": "/etc/hostname"},
        {"colour": "red"},
    ],
    ids=str,
)
def test_a_provider_that_can_not_be_used_is_told(changed: dict[str, str]) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        load_settings({"REJOINDER_OIDC": json.dumps([GOOGLE | changed])})
    assert all(fault.startswith("oidc") for fault in wrong.value.faults)


def test_two_providers_are_told_apart() -> None:
    for twin in (GOOGLE, GOOGLE | {"key": "other"}, GOOGLE | {"issuer": "https://id.example"}):
        with pytest.raises(SettingsWrong, match="twice"):
            load_settings({"REJOINDER_OIDC": json.dumps([GOOGLE, twin])})


def test_without_its_library_the_setting_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "authlib", None)
    with pytest.raises(SettingsWrong, match=r"pip install .*rejoinder\[oidc\]"):
        load_settings({"REJOINDER_OIDC": json.dumps([GOOGLE])})
    assert load_settings({"REJOINDER_SSO": json.dumps(LAMP)}).sso is not None


@pytest.mark.parametrize(
    "changed",
    [
        {"secrets": []},
        {"secrets": ["too short"]},
        {"secrets": ["0123456789abcdef0123456789abcdef"] * 3},
        {"algorithm": "none"},
        {"algorithm": "HS512"},
        {"algorithm": "RS256"},
        {"algorithm": "RS256", "secrets": []},
        {"algorithm": "RS256", "secrets": [], "public_keys": ["no key"]},
        {"algorithm": "RS256", "secrets": [], "public_keys": [pem_of("ES256")]},
        {
            "algorithm": "RS256",
            "secrets": [],
            "public_keys": [pem_of("RS256")],
            "keys_url": "https://a.example/",
        },
        {"algorithm": "RS256", "secrets": [], "keys_url": "http://a.example/"},
        {"keys_url": "https://a.example/"},
        {"login_url": "http://www.example.org/login"},
        {"login_url": "javascript:alert(1)"},
        {"roles": ["owner"]},
        {"roles": "moderator"},
        {"issuer": ""},
    ],
    ids=lambda changed: str(changed)[:50],
)
def test_a_publisher_that_can_not_be_used_is_told(changed: dict[str, object]) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        load_settings({"REJOINDER_SSO": json.dumps(LAMP | changed)})
    assert all(fault.startswith("sso") for fault in wrong.value.faults)
    assert "too short" not in str(wrong.value)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_a_publisher_may_sign_with_a_key_of_its_own(algorithm: str) -> None:
    keys = {"algorithm": algorithm, "secrets": [], "public_keys": [pem_of(algorithm), pem_of(algorithm, 1)]}
    settings = load_settings({"REJOINDER_SSO": json.dumps(LAMP | keys)})
    assert settings.sso is not None and len(settings.sso.public_keys) == 2


def test_a_name_keeps_its_capitals_in_a_fault() -> None:
    said = {"name": "The Lamp", "login_url": "https://example.org/in", "issuer": "lamp", "algorithm": "HS256"}
    with pytest.raises(SettingsWrong) as wrong:
        load_settings({"REJOINDER_SSO": json.dumps(said)})
    assert [fault for fault in wrong.value.faults if fault.startswith("sso: HS256")]
