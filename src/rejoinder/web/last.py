"""A route that answers what no other knows, and what is answered where another knows the address but not the method."""

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.routing import Match
from starlette.types import Scope


class LastRoute(APIRoute):
    """A route that takes every address, when no other route has it: one that has it with another method refuses first."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Never more than partly, so that the first route that has the address is asked before this one."""
        match, child = super().matches(scope)
        return (Match.PARTIAL if match is Match.FULL else Match.NONE), child


def methods_at(request: Request) -> str:
    """The methods that the address of a refused request does have, for `Allow`."""
    routes = [
        route
        for route in request.app.routes
        if not isinstance(route, LastRoute) and route.matches(request.scope)[0] is not Match.NONE
    ]
    return ", ".join(sorted({method for route in routes for method in route.methods}))
