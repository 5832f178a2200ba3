"""Cookies, whose request it is, and where it comes from."""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

import pytest
from starlette.requests import Request
from starlette.responses import Response

from cast import NOON
from rejoinder.web.clients import CROWD, CROWD_LASTS, MOST_KEPT, Networks, client_address, network_of
from rejoinder.web.cookies import (
    carries_ours,
    clear_session,
    cookie_name,
    read_session,
    read_visitor,
    set_session,
    set_visitor,
)
from rejoinder.web.origin import Foreign, check_own

HTTPS = "https://board.example"
HTTP = "http://127.0.0.1:8080"
PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"), ip_network("127.0.0.1/32"))


def request(client: str | None = "127.0.0.1", **headers: str | list[str]) -> Request:
    pairs = [
        (name.replace("_", "-").encode(), value.encode("latin-1"))
        for name, values in headers.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    return Request({"type": "http", "headers": pairs, "client": (client, 1) if client else None})


def cookies(response: Response) -> list[str]:
    return sorted(value.decode() for name, value in response.raw_headers if name == b"set-cookie")


def test_on_https_a_cookie_is_bound_to_host_and_encryption() -> None:
    response = Response()
    set_visitor(response, HTTPS, "t0ken")
    marker, secret = cookies(response)
    assert secret == "__Host-rejoinder=t0ken; HttpOnly; Max-Age=34560000; Path=/; SameSite=lax; Secure"
    assert marker == "__Host-rejoinder-marker=1; Max-Age=34560000; Path=/; SameSite=lax; Secure"


def test_on_plain_http_it_has_the_port_in_its_name_and_is_not_secure() -> None:
    response = Response()
    set_session(response, HTTP, "t0ken", lasts=timedelta(days=7))
    marker, secret = cookies(response)
    assert secret == "rejoinder-8080-session=t0ken; HttpOnly; Max-Age=604800; Path=/; SameSite=lax"
    assert marker == "rejoinder-8080-marker=1; Max-Age=34560000; Path=/; SameSite=lax"
    assert cookie_name("http://localhost", "visitor") == "rejoinder-80"


def test_a_session_ends_by_an_empty_cookie() -> None:
    response = Response()
    clear_session(response, HTTPS)
    assert cookies(response) == [
        '__Host-rejoinder-session=""; HttpOnly; Max-Age=0; Path=/; SameSite=lax; Secure'
    ]


def test_what_was_set_is_read_and_nothing_else() -> None:
    sent = request(cookie="rejoinder-8080=visitor; rejoinder-8080-session=session; __Host-rejoinder=other")
    assert (read_visitor(sent, HTTP), read_session(sent, HTTP)) == ("visitor", "session")
    assert (read_visitor(sent, HTTPS), read_session(sent, HTTPS)) == ("other", None)
    assert carries_ours(sent, HTTP)
    assert not carries_ours(request(cookie="rejoinder-8080-marker=1; rejoinder-9=x"), HTTP)
    assert read_visitor(request(cookie=f"rejoinder-8080={'x' * 5000}"), HTTP) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "same-origin", "origin": HTTPS},
        {"origin": HTTPS},
    ],
)
def test_a_request_from_our_own_page_passes(headers: dict[str, str]) -> None:
    check_own(request(**headers), HTTPS)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": ""},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"sec_fetch_site": "cross-site", "origin": HTTPS},
        {"sec_fetch_site": "SAME-ORIGIN"},
        {"origin": "http://board.example"},
        {"origin": "https://board.example:8443"},
        {"origin": "https://board.example.evil.example"},
        {"origin": "https://evil.example"},
        {"origin": "https://sub.board.example"},
        {"origin": "https://board.example/"},
        {"origin": "https://BOARD.example"},
        {"referer": f"{HTTPS}/notes/1"},
    ],
)
def test_any_other_request_does_not(headers: dict[str, str]) -> None:
    with pytest.raises(Foreign):
        check_own(request(**headers), HTTPS)


@pytest.mark.parametrize(
    ("client", "forwarded", "address"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, nonsense, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("10.0.0.1", "2001:db8::1%eth0", "2001:db8::1"),
        ("10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("fd00::1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6" + ", 10.0.0.2" * 500, "10.0.0.2"),
        (None, "198.51.100.1", "0.0.0.0"),
    ],
)
def test_only_a_trusted_proxy_is_believed(
    client: str | None, forwarded: str | list[str] | None, address: str
) -> None:
    headers = {} if forwarded is None else {"x_forwarded_for": forwarded}
    assert str(client_address(request(client, **headers), PROXIES)) == address


@pytest.mark.parametrize(
    "name",
    ["forwarded", "x-real-ip", "client-ip", "true-client-ip", "cf-connecting-ip", "x-client-ip", "via"],
)
def test_other_headers_change_nothing(name: str) -> None:
    forged = request("10.0.0.1", **{name.replace("-", "_"): "for=6.6.6.6"})
    assert str(client_address(forged, PROXIES)) == "10.0.0.1"


def test_one_household_is_one_network() -> None:
    def network(text: str) -> bytes:
        return network_of(client_address(request(text), ()))

    assert network("198.51.100.1") == network("198.51.100.254") == network("::ffff:198.51.100.7")
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9")
    assert (
        len({network(text) for text in ("198.51.100.1", "198.51.101.1", "2001:db8:1:2::", "2001:db8:1:3::")})
        == 4
    )


def spread(
    networks: Networks, count: int, *, now: datetime, writes: bool = True, of: str = "2001:db8:1"
) -> set[bytes]:
    """The networks that so many /64 of one /48 count for, each seen once."""
    return {networks.of(ip_address(f"{of}:{n:x}::1"), writes=writes, now=now) for n in range(count)}


def test_many_networks_of_one_sender_become_one() -> None:
    """D23: who has a /48 is a newcomer sixteen times an hour, not sixty-five thousand times."""
    networks = Networks()
    assert len(spread(networks, 1000, now=NOON)) == CROWD + 1
    assert len(spread(networks, 1000, now=NOON)) == 1
    assert len(spread(networks, 4, now=NOON, of="2001:db8:2")) == 4
    assert len(spread(networks, 4, now=NOON + CROWD_LASTS)) == 4


def test_who_only_reads_is_no_crowd_and_ipv4_has_none() -> None:
    networks = Networks()
    assert len(spread(networks, 1000, now=NOON, writes=False)) == 1000
    assert len({networks.of(ip_address(f"10.0.{n}.1"), writes=True, now=NOON) for n in range(200)}) == 200


def test_what_is_remembered_of_networks_has_an_end() -> None:
    networks = Networks()
    for n in range(MOST_KEPT + 50):
        spread(networks, 2, now=NOON, of=f"2001:{n:x}:1")
    assert len(networks._wrote) == MOST_KEPT
