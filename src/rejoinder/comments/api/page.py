"""The API's description as a page: what `/api/openapi.json` says, for people, without a script."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.db import Tx
from rejoinder.sites.pages import site_of
from rejoinder.sites.queries import get_site
from rejoinder.web.house import house
from rejoinder.web.sheet import Sheet

Schema = Mapping[str, Any]

FEW = 10

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Part:
    """A parameter, or a field of what is sent or answered: its type in words, what it is for, and an example."""

    name: str
    type: Markup
    about: Markup
    example: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """What one address does with one method."""

    id: str
    method: str
    path: str
    about: Markup
    parameters: tuple[Part, ...]
    body: tuple[Part, ...]
    answers: tuple[Part, ...]
    refusals: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What answers are made of."""

    name: str
    about: Markup
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
        "about": [_marked(paragraph) for paragraph in description["info"]["description"].split("\n\n")],
        "operations": tuple(_operations(description["paths"])),
        "shapes": tuple(
            Shape(name, _marked(schema.get("description", "")), tuple(_fields(schema)))
            for name, schema in sorted(description["components"]["schemas"].items())
            if "properties" in schema
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
                    answers.append(Part(status, _type(content["schema"]), _marked("")))
                else:
                    codes = response["description"].partition(": ")[2]
                    refusals.append(Part(status, _marked(codes), _marked("")))
            yield Operation(
                operation["operationId"].partition("_api_v1_")[0],
                method.upper(),
                path,
                _marked(operation["description"]),
                tuple(_parameter(each) for each in operation.get("parameters", ())),
                tuple(_sent(operation)),
                tuple(answers),
                tuple(refusals),
            )


def _parameter(parameter: Schema) -> Part:
    schema = parameter["schema"]
    return Part(parameter["name"], _type(schema), _marked(parameter.get("description", "")), _example(schema))


def _sent(operation: Schema) -> Iterator[Part]:
    body = operation.get("requestBody")
    return _fields(body["content"]["application/json"]["schema"]) if body else iter(())


def _fields(schema: Schema, inside: str = "") -> Iterator[Part]:
    for name, field in schema.get("properties", {}).items():
        yield Part(inside + name, _type(field), _marked(field.get("description", "")), _example(field))
        yield from _fields(field, f"{inside}{name}.")


def _type(schema: Schema) -> Markup:
    """A schema in a few words, such as "string or null"; a shape leads to where it is explained."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return Markup('<a href="#{0}">{0}</a>').format(name)
    if "anyOf" in schema:
        return Markup(" or ").join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return Markup(", ").join(Markup("<code>{}</code>").format(each) for each in _few(schema["enum"]))
    if schema.get("type") == "array":
        return Markup("list of {}").format(_type(schema["items"]))
    return escape(schema.get("type", "any"))


def _few(values: Sequence[object]) -> Sequence[object]:
    """All of a few; of many the first and the last."""
    return values if len(values) <= FEW else [values[0], "…", values[-1]]


def _example(schema: Schema) -> str:
    examples = next(
        (each["examples"] for each in (schema, *schema.get("anyOf", ())) if each.get("examples")), ()
    )
    return json.dumps(examples[0], ensure_ascii=False) if examples else ""


def _marked(text: str) -> Markup:
    """A sentence in which backticks hold words for programs."""
    spans = enumerate(text.split("`"))
    return Markup("").join(Markup("<code>{}</code>").format(span) if odd % 2 else span for odd, span in spans)
