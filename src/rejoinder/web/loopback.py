"""What a host is: a name or digits, this machine or another."""

import ipaddress

from ada_url import URL


def is_loopback(host: str) -> bool:
    """Whether a name or address means this machine and no other."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_name(host: str) -> bool:
    """Whether a host is a name, and not an address of digits."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return True
    return False


def is_plain_abroad(base_url: str) -> bool:
    """Whether what is sent to this address crosses a network unencrypted."""
    url = URL(base_url)
    return url.protocol == "http:" and not is_loopback(url.hostname)
