"""Which site a name of a host means: a small table in memory, read again when a site changes."""

import re
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from rejoinder.db import Database
from rejoinder.errors import N_, NotFound
from rejoinder.sites import queries
from rejoinder.sites.models import Site

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_HOST = re.compile(r"(?P<name>\[[^\]]*\]|[^:]*)(?P<port>(?::\d+)?)")


class WrongHost(NotFound):
    """There is no site under this name."""

    def __init__(self) -> None:
        super().__init__("wrong-host", N_("There is no site under this name."))


class Sites:
    """The sites of this server by the host they stand at. Call `load` before the first use."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._by_host: dict[str, Site] = {}
        self._is_stale = True

    def touched(self, tags: AbstractSet[str]) -> None:
        """A site may have changed: it is read again at the next question."""
        if any(tag == "*" or tag.startswith("site:") for tag in tags):
            self._is_stale = True

    async def load(self) -> None:
        """Read every site."""
        self._is_stale = False
        sites = await self._db.read(queries.list_sites)
        self._by_host = {urlsplit(site.base_url).netloc: site for site in sites}

    async def at(self, host: str) -> Site:
        """The site at this host. Raises WrongHost."""
        if self._is_stale:
            await self.load()
        site = self._by_host.get(host.lower())
        if site is None:
            raise WrongHost
        return site

    def base_url_at(self, host: str) -> str | None:
        """The base URL of the site at this host; None where there is none."""
        site = self._by_host.get(host.lower())
        return site.base_url if site else None

    def meant_by(self, host: str) -> Site | None:
        """The site that another name of this machine means, as `localhost` means `127.0.0.1`."""
        parts = _HOST.fullmatch(host.lower())
        if parts is None or parts["name"] not in LOOPBACK:
            return None
        names = (other + parts["port"] for other in sorted(LOOPBACK))
        return next((self._by_host[other] for other in names if other in self._by_host), None)
