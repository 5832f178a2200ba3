"""What a request may reach: one record, made by the roof, handed down by hand."""

from dataclasses import dataclass, field

from starlette.requests import Request

from rejoinder.db import Database
from rejoinder.settings import Settings

from .clients import Networks
from .fetch import Documents
from .keys import Keys
from .rendering import Rendering
from .slots import Mine, Slots
from .snapshots import Snapshots


@dataclass(frozen=True, slots=True)
class House:
    """The parts of a running server."""

    settings: Settings
    db: Database
    rendering: Rendering
    snapshots: Snapshots
    keys: Keys
    slots: Slots
    mine: tuple[Mine, ...] = ()
    networks: Networks = field(default_factory=Networks)
    documents: Documents = field(default_factory=Documents)


def house(request: Request) -> House:
    """The house this request came to."""
    found: House = request.app.state.house
    return found
