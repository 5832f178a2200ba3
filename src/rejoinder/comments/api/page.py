"""The API's description as a page: what `/api/openapi.json` says, for people, without a script."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.db import Tx
from rejoinder.sites.pages import site_of
from rejoinder.sites.queries import get_site
from rejoinder.web.house import house
from rejoinder.web.sheet import Sheet

Schema = Mapping[str, Any]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Part:
    """A parameter, or a field of what is sent or answered: its type in words, and what it is for."""

    name: str
    type: str
    about: str


@dataclass(frozen=True, slots=True)
class Operation:
    """What one address does with one method."""

    method: str
    path: str
    about: str
    parameters: tuple[Part, ...]
    body: tuple[Part, ...]
    answers: tuple[Part, ...]
    refusals: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What answers are made of."""

    name: str
    about: str
    fields: tuple[Part, ...]


@router.get("/api/docs")
async def api_page(request: Request) -> Response:
    """Every operation and every shape, as the API describes itself."""
    site = await site_of(request)
    return await house(request).snapshots.answer(request, {}, load_page, site.id, request.app.openapi())


def load_page(tx: Tx, site_id: int, description: Schema) -> Sheet:
    """What the page is made from."""
    site = get_site(tx, site_id)
    context = {
        "site": site,
        "about": description["info"]["description"].split("\n\n"),
        "operations": tuple(_operations(description["paths"])),
        "shapes": tuple(
            Shape(name, schema.get("description", ""), tuple(_fields(schema)))
            for name, schema in sorted(description["components"]["schemas"].items())
        ),
    }
    return Sheet("comments/api.html", context, site.rules.language, frozenset({f"site:{site_id}"}))


def _operations(paths: Schema) -> Iterator[Operation]:
    for path, methods in paths.items():
        for method, operation in methods.items():
            answers: list[Part] = []
            refusals: list[Part] = []
            for status, response in operation["responses"].items():
                content = next(iter(response["content"].values()))
                if status < "400":
                    answers.append(Part(status, _type(content["schema"]), ""))
                else:
                    codes = response["description"].partition(": ")[2].replace("`", "")
                    refusals.append(Part(status, codes, ""))
            yield Operation(
                method.upper(),
                path,
                operation["description"],
                tuple(_parameter(each) for each in operation.get("parameters", ())),
                tuple(_sent(operation)),
                tuple(answers),
                tuple(refusals),
            )


def _parameter(parameter: Schema) -> Part:
    return Part(parameter["name"], _type(parameter["schema"]), parameter.get("description", ""))


def _sent(operation: Schema) -> Iterator[Part]:
    body = operation.get("requestBody")
    return _fields(body["content"]["application/json"]["schema"]) if body else iter(())


def _fields(schema: Schema, inside: str = "") -> Iterator[Part]:
    for name, field in schema.get("properties", {}).items():
        yield Part(inside + name, _type(field), field.get("description", ""))
        yield from _fields(field, f"{inside}{name}.")


def _type(schema: Schema) -> str:
    """A schema in a few words, such as "string or null"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(str(each) for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    return str(schema.get("type", "any"))
