"""The one form in which a site's articles are known: its own by path, pages elsewhere by their canonical address."""

from urllib.parse import unquote

from rejoinder.sites.models import Site
from rejoinder.text.addresses import canonical_url, write_path


def settle_address(site: Site, raw: str) -> str:
    """The form in which an address is stored and looked up: `/articles/lamp` for our own, whole for others.

    An address on the site's own host is a path, so that a changed host or port breaks nothing. Raises `Invalid`.
    """
    home = canonical_url(site.base_url, url_keys=(), slash="keep")
    whole = home + raw[1:] if raw.startswith("/") else raw
    rules = site.rules
    url = canonical_url(whole, url_keys=rules.url_keys, slash="keep")
    if url.startswith(home):
        path, mark, query = url.removeprefix(home).partition("?")
        return "/" + write_path(unquote(path)) + mark + query
    return canonical_url(whole, url_keys=rules.url_keys, slash=rules.slash)
