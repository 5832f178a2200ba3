"""Where a request comes from: the address, told by proxies we trust and by nobody else, and its network."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

from starlette.requests import Request

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

NOWHERE = IPv4Address(0)  # what a request over a unix socket comes from
MOST_HOPS = 20
CROWD = 16
CROWD_LASTS = timedelta(hours=1)
"""So many /64 of one /48 that wrote within that time are one sender's: whoever has a /48 has 65,536 of them."""

MOST_KEPT = 4096


def client_address(request: Request, trusted: Sequence[Network]) -> Address:
    """The rightmost address of the way here that is not a trusted proxy's own.

    Who is not a trusted proxy can write into X-Forwarded-For what it likes: it is not read.
    """
    nearest = _address(request.client.host) if request.client else None
    if nearest is None:
        return NOWHERE
    if not _is_trusted(nearest, trusted):
        return nearest
    forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
    for hop in reversed(forwarded.split(",")[-MOST_HOPS:]):
        address = _address(hop.strip())
        if address is None:
            break
        nearest = address
        if not _is_trusted(address, trusted):
            break
    return nearest


def network_of(address: Address) -> bytes:
    """The network of an address, cut to what one household or server has: /24, or /64 of IPv6."""
    if isinstance(address, IPv6Address):
        return b"6" + address.packed[:8]
    return b"4" + address.packed[:3]


class Networks:
    """Which network an address counts for. It remembers, in this process, from how many of IPv6 something was written."""

    def __init__(self) -> None:
        self._wrote: dict[bytes, dict[bytes, datetime]] = {}

    def of(self, address: Address, *, writes: bool, now: datetime) -> bytes:
        """The network of an address: its /24, its /64, or the /48 of a crowd."""
        network = network_of(address)
        if address.version == 4:
            return network
        wide = network[:7]
        if writes:
            self._note(wide, network, now)
        recent = [at for at in self._wrote.get(wide, {}).values() if at > now - CROWD_LASTS]
        return wide if len(recent) > CROWD else network

    def _note(self, wide: bytes, network: bytes, now: datetime) -> None:
        wrote = self._wrote.pop(wide, {})
        wrote.pop(network, None)
        wrote[network] = now
        while len(wrote) > CROWD + 1:
            del wrote[next(iter(wrote))]  # the one that wrote longest ago
        self._wrote[wide] = wrote
        while len(self._wrote) > MOST_KEPT:
            del self._wrote[next(iter(self._wrote))]


@lru_cache(maxsize=1024)
def _address(text: str) -> Address | None:
    """An address as proxies write it: plain, in brackets, or with a port; IPv4 inside IPv6 is IPv4."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted if network.version == address.version)
