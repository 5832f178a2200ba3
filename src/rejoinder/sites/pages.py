"""Which site a request means; pages of other features ask here first. And the style that a site chose."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.sites.lookup import Sites, WrongHost
from rejoinder.sites.models import Site
from rejoinder.sites.theme import theme_css
from rejoinder.text.languages import LANGUAGES

router = APIRouter(include_in_schema=False)


@router.get("/theme.css")
async def theme(request: Request) -> Response:
    """The site's accent; pages name its version in the address, so that a change is seen at once."""
    site = await site_of(request)
    return Response(
        theme_css(site.rules), media_type="text/css", headers={"cache-control": "public, max-age=3600"}
    )


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
    wished = request.query_params.get("lang")  # what anybody may write there never goes any further
    request.state.language = wished if wished in LANGUAGES else site.rules.language
    return site
