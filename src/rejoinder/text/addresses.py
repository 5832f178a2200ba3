"""Addresses as browsers read them (the WHATWG URL standard), and addresses for mail."""

import re
from collections.abc import Collection
from urllib.parse import quote

import ada_url
from email_validator import EmailNotValidError, validate_email

from rejoinder.errors import N_, Invalid

LONGEST_URL = 2048
LONGEST_EMAIL = 254

# "example.org:8080/about" is a host with its port, "javascript:alert(1)" a scheme.
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d+(?:[/?#]|$))", re.IGNORECASE)
_BLANK_OR_CONTROL = re.compile(r"[\s\x00-\x20\x7f-\x9f]")
_UNSAFE_IN_PATH = re.compile(r"[\\\x00-\x20\x7f-\x9f]")

# Stands for whichever page of ours a relative link is on.
_ANY_ORIGIN = "https://publication.invalid"
_ANY_PAGE = _ANY_ORIGIN + "/articles/any"


def outgoing_link(raw: str) -> str | None:
    """Return where a link in a text leads, as a browser would read it; None if no reader should be led there.

    Taken are whole http, https and mailto addresses; a user name before the host would disguise the host.
    """
    url = _parsed(raw)
    if url is None or url.protocol not in ("http:", "https:", "mailto:") or url.username or url.password:
        return None
    return url.href


def link_in_article(raw: str) -> str | None:
    """Return a link of an article's text: as `outgoing_link`, or relative to the publication itself."""
    if _parsed(raw) is not None:
        return outgoing_link(raw)
    resolved = _parsed(raw, _ANY_PAGE)
    if resolved is None or resolved.origin != _ANY_ORIGIN or _UNSAFE_IN_PATH.search(raw):
        return None
    return raw


def write_path(path: str) -> str:
    """Write a path of our own as browsers send it: nothing percent-encoded that need not be."""
    return quote(path, safe="/:@!$&'()*+,=~-._")


def check_website(raw: str) -> str | None:
    """Return a guest's website as a whole http or https address; None if nothing was written.

    `example.org` becomes `https://example.org/`. Raises Invalid.
    """
    written = raw.strip(" ")
    if not written:
        return None
    if len(written) > LONGEST_URL or _BLANK_OR_CONTROL.search(written):
        raise _no_website()
    url = _parsed(written) if _SCHEME.match(written) else _guessed(written)
    if url is None or not _is_web(url) or url.username or url.password or len(url.href) > LONGEST_URL:
        raise _no_website()
    return url.href


def canonical_url(raw: str, *, url_keys: Collection[str], slash: str) -> str:
    """Return the one form in which an article's address is compared and looked up.

    http counts as https and the host is lower case; user name, default port, fragment and all of the query but
    `url_keys` are dropped, and what is left of the query is sorted. `slash` says what becomes of the path's final
    slash: `keep`, `add` or `strip`. Raises Invalid.
    """
    url = _web_address(raw)
    query = ada_url.URLSearchParams(url.search)
    for key in set(query.keys()).difference(url_keys):
        query.delete(key)
    query.sort()  # type: ignore[no-untyped-call]

    url.protocol = "https:"
    url.username = url.password = url.hash = ""
    url.pathname = _slashed(url.pathname, slash)
    url.search = str(query)
    return url.href


def origin_of(url: str) -> str:
    """Return scheme, host and port of a web address, as browsers write an origin. Raises Invalid."""
    return _web_address(url).origin


def safe_next(raw: str, base_url: str) -> str:
    """Return where to go after a form: a path on our own origin, or `/` if `raw` leads or might lead elsewhere."""
    if (
        not raw.startswith("/")
        or raw.startswith("//")
        or len(raw) > LONGEST_URL
        or _UNSAFE_IN_PATH.search(raw)
    ):
        return "/"
    there, here = _parsed(raw, base_url), _parsed(base_url)
    if there is None or here is None or there.origin != here.origin:
        return "/"
    path = there.pathname + there.search + there.hash
    # "/.//elsewhere" has become "//elsewhere", which as an address of its own is another host.
    return "/" if path.startswith("//") else path


def check_email(raw: str) -> str:
    """Return an e-mail address in the form mail is sent to, its domain lower case and in ASCII. Raises Invalid.

    Only `name@domain` is taken: no display name, quoted part, comment or address literal. No name server is asked.
    """
    written = raw.strip(" ")
    try:
        checked = validate_email(written, check_deliverability=False, allow_smtputf8=False, strict=True)
    except (EmailNotValidError, UnicodeError):
        raise _no_email() from None
    if checked.ascii_email is None or len(checked.ascii_email) > LONGEST_EMAIL:
        raise _no_email()
    if "=?" in checked.ascii_email:  # in a header it is read as something else that was encoded (RFC 2047)
        raise _no_email()
    return checked.ascii_email


def email_key(email: str) -> str:
    """Return the form in which checked addresses are compared: no mail server tells upper case from lower."""
    return email.lower()


def mailbox(email: str) -> str:
    """Return what is taken for one mailbox when mail is counted: without the dots and the tag that many servers ignore."""
    local, _, domain = email_key(email).rpartition("@")
    domain = "gmail.com" if domain == "googlemail.com" else domain
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def _parsed(raw: str, base: str | None = None) -> ada_url.URL | None:
    try:
        return ada_url.URL(raw, base)
    except ValueError:  # also half a surrogate pair, which no address can hold
        return None


def _is_web(url: ada_url.URL) -> bool:
    return url.protocol in ("http:", "https:")


def _web_address(raw: str) -> ada_url.URL:
    url = _parsed(raw) if len(raw) <= LONGEST_URL else None
    if url is None or not _is_web(url):
        raise Invalid("address-invalid", N_("This is not the address of a web page."), field="url")
    return url


def _guessed(written: str) -> ada_url.URL | None:
    """Read `example.org/about` as a browser's address bar does, but take no single word or number for a host."""
    url = _parsed("https://" + written)
    if url is None or url.host_type is not ada_url.HostType.DEFAULT or "." not in url.hostname.strip("."):
        return None
    return url


def _slashed(path: str, slash: str) -> str:
    bare = path.rstrip("/")
    if slash == "strip":
        return bare or "/"
    is_file = "." in bare.rpartition("/")[2]
    if slash == "add" and not is_file:
        return bare + "/"
    return path


def _no_website() -> Invalid:
    return Invalid(
        "website-invalid",
        N_("This is not a web address. Please write one like https://example.org."),
        field="website",
    )


def _no_email() -> Invalid:
    return Invalid(
        "email-invalid",
        N_("This is not an e-mail address. Please write one like name@example.org."),
        field="email",
    )
