"""Reads the exchanges of a page of docs/api, and plays them against a server: what the page says has to be so.

Ids, times, versions, tokens and cursors differ from run to run. Where the page first shows one, it is taken for the one
the server gave; from there on both have to agree. A text that ends in … is compared as far as it goes.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

FENCE = re.compile(r"^```http\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KINDS = {
    "id": "id",
    "thread_id": "id",
    "parent_id": "id",
    "posted_at": "time",
    "edited_at": "time",
    "edit_until": "time",
    "undo_until": "time",
    "version": "version",
    "next": "cursor",
    "visitor_token": "token",
}


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer: its first line, its headers, its body."""

    first: str
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One fenced block: the line of the page it begins on, what is sent, what is answered."""

    line: int
    request: Message
    answer: Message


@dataclass
class Bindings:
    """What stands in the page for what it is on this server."""

    known: dict[str, str]
    values: dict[tuple[str, object], object] = field(default_factory=dict)

    def bind(self, kind: str, told: object, real: object) -> object:
        """What the page's value stands for; at its first occurrence it is this one, unless that has a name already."""
        if (kind, told) in self.values:
            return self.values[kind, told]
        if kind != "time" and any(k == kind and value == real for (k, _), value in self.values.items()):
            return f"another {kind}, not {real}"
        self.values[kind, told] = real
        return real

    def real(self, text: str) -> str:
        """A text of the page as it is on this server."""
        text = re.sub(r"\bv=(\d+)", lambda m: f"v={self.values.get(('version', int(m[1])), m[1])}", text)
        for (kind, told), real in self.values.items():
            if kind in {"id", "cursor", "token"}:
                text = text.replace(str(told), str(real))
        for told_, real_ in self.known.items():
            text = text.replace(told_, real_)
        return text


def read_exchanges(page: str) -> Iterator[Exchange]:
    """The exchanges of a page, from its top."""
    for found in FENCE.finditer(page):
        sent, mark, answered = found[1].partition("\nHTTP/1.1 ")
        line = page.count("\n", 0, found.start()) + 1
        assert mark, f"line {line}: an exchange has an answer, which begins with HTTP/1.1"
        yield Exchange(line, _message(sent), _message(answered))


def play(client: httpx.Client, exchange: Exchange, bindings: Bindings) -> list[str]:
    """Send what the page sends: every difference between what it says and what was answered, in a sentence each."""
    method, path, _ = bindings.real(exchange.request.first).split()
    headers = {name: bindings.real(value) for name, value in exchange.request.headers.items()}
    body = bindings.real(exchange.request.body)
    answer = client.request(method, path, headers=headers, content=body.encode() or None)

    faults = []
    status = f"{answer.status_code} {answer.reason_phrase}"
    if bindings.real(exchange.answer.first) != status:
        faults.append(f"the page says {exchange.answer.first}, the server answered {status}: {answer.text}")
    for name, told in exchange.answer.headers.items():
        real = answer.headers.get(name, "nothing")
        if not _is_same(told, real, bindings):
            faults.append(f"{name}: the page says {told}, the server {real}")
    told_body = json.loads(exchange.answer.body) if exchange.answer.body else None
    real_body = answer.json() if answer.content else None
    return [*faults, *_differences(told_body, real_body, bindings, "")]


def _message(text: str) -> Message:
    head, _, body = text.strip().partition("\n\n")
    first, *lines = head.split("\n")
    return Message(first, dict(line.split(": ", 1) for line in lines), body)


def _differences(told: Any, real: Any, bindings: Bindings, place: str) -> Iterator[str]:
    name = place.rpartition(".")[2]
    if name in KINDS and told is not None and real is not None:
        told = bindings.bind(KINDS[name], told, real)
    if isinstance(told, dict) and isinstance(real, dict):
        yield from _different_fields(told, real, bindings, place)
    elif isinstance(told, list) and isinstance(real, list) and len(told) == len(real):
        for number, (one, other) in enumerate(zip(told, real, strict=True)):
            yield from _differences(one, other, bindings, f"{place}[{number}]")
    elif not _is_same(told, real, bindings):
        yield f"{place or 'the body'}: the page says {json.dumps(told)}, the server {json.dumps(real)}"


def _different_fields(
    told: dict[str, Any], real: dict[str, Any], bindings: Bindings, place: str
) -> Iterator[str]:
    told = {bindings.real(name): value for name, value in told.items()}
    for name in told.keys() - real.keys():
        yield f"{place}.{name}: the page has it, the server not"
    for name in real.keys() - told.keys():
        yield f"{place}.{name}: the server has it, the page not"
    for name in [name for name in told if name in real]:
        yield from _differences(told[name], real[name], bindings, f"{place}.{name}")


def _is_same(told: Any, real: Any, bindings: Bindings) -> bool:
    if not isinstance(told, str) or not isinstance(real, str):
        return type(told) is type(real) and bool(told == real)
    told = bindings.real(told)
    return real.startswith(told[:-1]) if told.endswith("…") else told == real
