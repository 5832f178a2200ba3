"""The application: routes and refusals on the framework, the door inside it, the shortcut in front of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress

from fastapi import APIRouter, FastAPI, Request, Response

from rejoinder.errors import Refusal

from .describing import install_description
from .door import Door
from .house import House
from .refusals import install_refusals
from .shortcut import Shortcut

Refuse = Callable[[Request, Exception], Awaitable[Response]]
Lifespan = Callable[[House], AbstractAsyncContextManager[None]]


def make_app(
    house: House,
    routers: Iterable[APIRouter],
    *,
    title: str = "Rejoinder",
    lifespan: Lifespan | None = None,
    state: Mapping[str, object] | None = None,
    refusals: Mapping[type[Refusal], Refuse] | None = None,
) -> Shortcut:
    """The whole server as one ASGI app.

    `lifespan` is what the roof runs beside it, such as a worker; `state` is what features keep on `app.state`, `refusals`
    are those that a feature answers with a page of its own.
    """

    @asynccontextmanager
    async def live(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(running(house))
            if lifespan is not None:
                await stack.enter_async_context(lifespan(house))
            yield

    # The framework's own pages of documentation load scripts from third parties.
    app = FastAPI(
        title=title,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=live,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.house = house
    for name, value in (state or {}).items():
        setattr(app.state, name, value)
    install_description(app)
    app.add_middleware(Door)
    install_refusals(app)
    for kind, answer in (refusals or {}).items():
        app.add_exception_handler(kind, answer)
    # Laid out flat: a router that is included looks twice for its route, which is a tenth of what a post costs.
    for router in (_files(), *routers):
        app.router.routes += router.routes
    return Shortcut(app, house.snapshots.shelf)


@asynccontextmanager
async def running(house: House) -> AsyncIterator[None]:
    """A house at work: database and keys at hand, snapshots listening for changes."""
    await house.db.start()
    try:
        await house.keys.load()
        house.db.on_touch.append(house.snapshots.touched)
        task = asyncio.create_task(house.keys.keep_fresh())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            house.db.on_touch.remove(house.snapshots.touched)
            house.snapshots.stop()
    finally:
        await house.db.stop()


def _files() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/static/{name}")
    async def file(request: Request, name: str) -> Response:
        house: House = request.app.state.house
        return house.rendering.static.answer_hashed(request, name)

    return router
