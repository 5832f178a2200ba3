"""Which site a request means; pages of other features ask here first."""

from starlette.exceptions import HTTPException
from starlette.requests import Request

from rejoinder.sites.lookup import Sites, WrongHost
from rejoinder.sites.models import Site


async def site_of(request: Request) -> Site:
    """The site whose base URL has this request's host. Raises WrongHost; another loopback name is sent there."""
    sites: Sites = request.app.state.sites
    host = request.headers["host"]
    try:
        site = await sites.at(host)
    except WrongHost:
        meant = sites.meant_by(host)
        if meant is None:
            raise
        address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        raise HTTPException(307, headers={"location": meant.base_url + address}) from None
    request.state.site = site
    request.state.language = request.query_params.get("lang") or site.rules.language
    return site
