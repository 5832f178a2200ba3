"""The site's own pages: front, sections, articles with their discussions, the pictures in them."""

import asyncio
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from rejoinder.articles.addresses import settle_address
from rejoinder.articles.models import own_url
from rejoinder.comments.pages.asking import ask
from rejoinder.errors import Invalid
from rejoinder.publication.errors import ArticleMoved, NoArticle
from rejoinder.publication.pictures import TYPES, NoPicture, find_picture, picture_url
from rejoinder.publication.sheets import find_present, load_article, load_front, load_section, shown_folder
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.text.languages import LANGUAGES
from rejoinder.web.answers import moved
from rejoinder.web.house import house
from rejoinder.web.last import LastRoute
from rejoinder.web.params import closed, version_of

# A picture opened by itself is a page of our origin: an SVG there may hold script.
PICTURE_HEADERS = {
    "cache-control": "public, max-age=3600",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}

router = APIRouter(include_in_schema=False)
old_addresses = APIRouter(include_in_schema=False, route_class=LastRoute)
"""Takes every address that nobody else has."""


@router.get("/")
async def front_page(request: Request) -> Response:
    """The newest articles; where there are none yet, how to begin. `/?p=4` was an article once."""
    site, asked = await site_of(request), _ask_list(request)
    if not request.query_params.keys().isdisjoint(site.rules.url_keys):
        return moved(
            await house(request).db.read(find_present, site.id, _settled(site, [f"/?{request.url.query}"]))
        )
    return await house(request).snapshots.answer(request, asked, load_front, site.id, asked)


@router.get("/sections/{section}")
async def section_page(request: Request, section: str) -> Response:
    """The newest articles of one section."""
    site, asked = await site_of(request), _ask_list(request)
    return await house(request).snapshots.answer(request, asked, load_section, site.id, section, asked)


@router.get("/articles/{slug}")
async def article_page(request: Request, slug: str) -> Response:
    """An article and its discussion; an earlier address leads to the present one."""
    site, asked, rooms = await site_of(request), ask(request), house(request)
    url, version = own_url(slug), version_of(request)
    try:
        return await rooms.snapshots.answer(
            request, asked, load_article, rooms, site.id, url, asked, at_least=version
        )
    except ArticleMoved as there:
        return moved(there.url)


@router.get("/articles/{slug}/{name:path}")
async def picture(request: Request, slug: str, name: str) -> Response:
    """A picture that an article shows."""
    site, rooms = await site_of(request), house(request)
    if not name:
        return moved(own_url(slug))
    source = await rooms.db.read(shown_folder, site.id, own_url(slug), picture_url(slug, name))
    return await _file(rooms.settings.publication, Path(source).parent, name)


@router.get("/publication/{name:path}")
async def logo(request: Request, name: str) -> Response:
    """The site's logo."""
    site = await site_of(request)
    if name != site.rules.logo:
        raise NoArticle
    return await _file(house(request).settings.publication, Path(), name)


@old_addresses.get("/{path:path}")
async def old_address(request: Request, path: str) -> Response:
    """Where an article stood before it came here, or before it was renamed: leads to where it stands now."""
    site = await site_of(request)
    query = f"?{request.url.query}" if request.url.query else ""
    bare = "/" + path.rstrip("/")
    addresses = _settled(site, [f"/{path}{query}", f"/{path}", bare, f"{bare}/"])
    return moved(await house(request).db.read(find_present, site.id, addresses))


def _ask_list(request: Request) -> dict[str, str]:
    return closed(request, {"lang": LANGUAGES}, free=("after",))


def _settled(site: Site, spellings: list[str]) -> list[str]:
    try:
        return list(dict.fromkeys(settle_address(site, spelling) for spelling in spellings))
    except Invalid:
        raise NoArticle from None


async def _file(root: Path | None, folder: Path, name: str) -> Response:
    """A picture of the publication's folder, never anything else."""
    if root is None:
        raise NoArticle
    try:
        path = await asyncio.to_thread(find_picture, root, root / folder, name)
    except NoPicture:
        raise NoArticle from None
    return FileResponse(path, media_type=TYPES[Path(name).suffix.lower()], headers=PICTURE_HEADERS)
