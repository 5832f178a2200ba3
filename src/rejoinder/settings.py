"""What the operator sets: one frozen record, from `REJOINDER_*` in the environment or one TOML file.

The environment wins over the file, and what is given on the command line over both. A secret may stand in a file
of its own, named by `REJOINDER_<NAME>_FILE`. Every fault is told at once, before anything is opened.
"""

import difflib
import json
import logging
import tomllib
from collections.abc import Mapping
from email.utils import getaddresses
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, parse_qs, urlsplit

from ada_url import URL
from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    DirectoryPath,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from rejoinder.elsewhere import Provider, Publisher, with_providers

PREFIX = "REJOINDER_"
FILE_SUFFIX = "_FILE"
CONFIG = "REJOINDER_CONFIG"

log = logging.getLogger(__name__)


class SettingsWrong(Exception):
    """Settings that can't be used; `faults` says all that is wrong, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def _known_database(url: str) -> str:
    if not url.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise ValueError("begins with sqlite:/// and a path, or with postgresql://")
    if url == "sqlite:///":
        raise ValueError("needs the path of a file, such as sqlite:///data/rejoinder.db")
    return url


def _origin(text: str) -> str:
    """Write an address as browsers write an origin: lower case, no default port, no slash at the end."""
    try:
        url = URL(text)
    except ValueError:
        raise ValueError("is an address such as https://example.org") from None
    if url.protocol not in {"http:", "https:"}:
        raise ValueError("begins with http:// or https://")
    if url.pathname != "/" or url.search or url.hash or url.username or url.password:
        raise ValueError("is only scheme, host and port, such as https://example.org")
    return str(url.origin)


def _web_address(text: str) -> str:
    if not URL.can_parse(text) or URL(text).protocol not in {"http:", "https:"}:
        raise ValueError("is an address that begins with http:// or https://")
    return text


def _mail_transport(text: str) -> str:
    url = urlsplit(text)
    if url.scheme == "smtp" and text.isprintable():
        _check_smtp(url)
    elif text != "console:" and not (text.startswith("file:///") and len(url.path) > 1):
        raise ValueError("is smtp://USER:PASSWORD@HOST:587, file:///FOLDER or console:")
    return text


def _check_smtp(url: SplitResult) -> None:
    try:
        has_place = bool(url.hostname) and (url.port is None or url.port > 0)
    except ValueError:
        has_place = False
    query = parse_qs(url.query, keep_blank_values=True)
    tls = query.get("tls", ["starttls"])
    if not has_place or url.path not in {"", "/"} or url.fragment or set(query) - {"tls"}:
        raise ValueError("is smtp://USER:PASSWORD@HOST:587, with a % before what an address can't hold")
    if tls not in (["starttls"], ["implicit"], ["none"]):
        raise ValueError("says ?tls=starttls (as without it), ?tls=implicit or ?tls=none")
    if tls == ["none"] and url.password and url.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError("would send the password unencrypted; leave out ?tls=none")


def _networks(value: object) -> object:
    words = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(words, list | tuple):
        return words
    try:
        return tuple(ip_network(word) for word in words)
    except ValueError as error:
        raise ValueError(f"is a list of networks such as 10.0.0.0/8 ({error})") from None


def _as_json(value: object) -> object:
    """In the environment, what has parts is written as JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is JSON in the environment ({error})") from None


def _served_at(data: dict[str, Any]) -> str:
    host, port = data.get("host", "127.0.0.1"), data.get("port", 8080)
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return _origin(f"http://{shown}:{port}")


class Settings(BaseModel):
    """How this server runs; each field can be left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    database_url: Annotated[str, AfterValidator(_known_database)] = Field(
        "sqlite:///data/rejoinder.db",
        repr=False,
        description="Where everything is kept: sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME.",
    )
    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(8080, ge=1, le=65535, description="Port to listen on.")
    base_url: Annotated[str, AfterValidator(_origin)] = Field(
        default_factory=_served_at,
        description="Where readers find the first site, such as https://example.org; default: host and port.",
    )
    publication: DirectoryPath | None = Field(
        None, description="Folder of Markdown articles that is the site; default: none."
    )
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_networks)] = Field(
        (), description="Networks of proxies whose X-Forwarded-For is believed, separated by commas."
    )
    snapshot_memory: int = Field(
        16 * 1024 * 1024, ge=1024 * 1024, description="Bytes of ready pages kept in memory."
    )
    one_core: bool = Field(
        True,
        description="Whether the server keeps to one processor core; its threads take turns, so more cost more.",
    )
    purge_url: Annotated[str, AfterValidator(_web_address)] | None = Field(
        None, repr=False, description="Address that is told which pages to drop from a cache in front."
    )
    mail_url: Annotated[str, AfterValidator(_mail_transport)] | None = Field(
        None,
        repr=False,
        description="How mail is sent: smtp://USER:PASSWORD@HOST:587, file:///FOLDER or console:; without it none is.",
    )
    mail_from: str | None = Field(
        None,
        validate_default=True,
        description="Whom mail comes from: an address, or a name and an address as in The Lamp <lamp@example.org>.",
    )
    oidc: Annotated[tuple[Provider, ...], BeforeValidator(_as_json), AfterValidator(with_providers)] = Field(
        (),
        description="OpenID providers that readers may sign in with, a table each: docs/operating/signing-in.md.",
    )
    sso: Annotated[Publisher, BeforeValidator(_as_json)] | None = Field(
        None, description="The publisher, whose accounts sign in here too: docs/operating/single-sign-on.md."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least serious kind of message that is logged."
    )

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, text: str | None, info: ValidationInfo) -> str | None:
        if text is None:
            if info.data.get("mail_url"):
                raise ValueError("is needed where mail is sent, such as lamp@example.org")
            return None
        try:
            (_, address), *others = getaddresses([text])
            validate_email(address if not others else text, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError:
            raise ValueError("is an address such as lamp@example.org, with or without a name") from None
        if not text.isprintable():
            raise ValueError("stands on one line")
        return text


SECRET_ADDRESSES = ("database_url", "purge_url", "mail_url")
SECRETS = (*SECRET_ADDRESSES, "oidc", "sso")
"""What may stand in a file of its own."""


def load_settings(environ: Mapping[str, str], given: Mapping[str, object] | None = None) -> Settings:
    """Read the settings: file, then environment, then what was given on the command line.

    Raises `SettingsWrong` with every fault.
    """
    faults: list[str] = []
    values = _from_file(environ.get(CONFIG), faults)
    values |= _from_environment(environ, faults)
    values |= {name: value for name, value in (given or {}).items() if value is not None}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        faults += [_sentence(fault) for fault in error.errors(include_url=False, include_input=False)]
    if faults:
        raise SettingsWrong(faults)
    return settings


def printable(settings: Settings) -> dict[str, object]:
    """Every setting as `rejoinder config` shows it: the same words, without a secret."""
    values = settings.model_dump(mode="json")
    for name in SECRET_ADDRESSES:
        if values[name] is not None:
            values[name] = _without_secret(values[name])
    return values


def _from_file(path: str | None, faults: list[str]) -> dict[str, object]:
    if path is None:
        return {}
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(f"{CONFIG}: {path} can't be read: {error}")
        return {}


def _from_environment(environ: Mapping[str, str], faults: list[str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for variable in sorted(set(environ) - {CONFIG}):
        name = variable.removeprefix(PREFIX).lower()
        if variable.startswith(PREFIX) and name in Settings.model_fields:
            values[name] = environ[variable]
        elif variable.startswith(PREFIX) and name.removesuffix(FILE_SUFFIX.lower()) in SECRETS:
            _from_secret_file(variable, environ, values, faults)
        elif variable.startswith(PREFIX):
            log.warning("%s is not a setting and is ignored%s", variable, _meant(name))
    return values


def _from_secret_file(
    variable: str, environ: Mapping[str, str], values: dict[str, object], faults: list[str]
) -> None:
    plain = variable.removesuffix(FILE_SUFFIX)
    if plain in environ:
        faults.append(f"{variable}: {plain} is set as well; keep one of the two")
        return
    try:
        text = Path(environ[variable]).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{variable}: {environ[variable]} can't be read: {error}")
        return
    values[plain.removeprefix(PREFIX).lower()] = text


def _meant(name: str) -> str:
    near = difflib.get_close_matches(name, Settings.model_fields, n=1)
    return f"; is {PREFIX}{near[0].upper()} meant?" if near else ""


def _sentence(fault: Any) -> str:
    name = ".".join(str(part) for part in fault["loc"]) or "settings"
    if fault["type"] == "extra_forbidden":
        return f"{name}: is not a setting{_meant(name)}"
    message = fault["msg"].removeprefix("Value error, ")
    begin = message[0].lower() if message[1:2].islower() else message[0]  # HS256 is a name
    return f"{name}: {begin}{message[1:]}"


def _without_secret(text: str) -> str:
    """Keep where an address leads and hide what opens it: password, and values after the question mark."""
    head, mark, query = text.partition("?")
    scheme, slashes, rest = head.partition("://")
    user, at, place = rest.rpartition("@")
    if ":" in user:
        user = user.partition(":")[0] + ":***"
    hidden = "&".join(pair.partition("=")[0] + "=***" for pair in query.split("&")) if mark else ""
    return f"{scheme}{slashes}{user}{at}{place}{mark}{hidden}"
