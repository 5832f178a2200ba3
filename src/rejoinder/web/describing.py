"""The API's description of itself: what a route takes and gives, said beside the route, in OpenAPI 3.1."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field, JsonValue

PROBLEM = "application/problem+json"
LEADS = "x-leads"  # between a route and the finished description
ABOUT = """
Read and answer the discussions of this site. Ids are strings, times RFC 3339. Whoever may read a page may read this;
what is written here follows the same rules and limits as the forms under the articles.

A write is sent with a token of 32 random bytes of the client's own making, `Authorization: Bearer …` (43 characters,
base64url): it is who one is from then on. Without one, a new comment is answered with a token, once. A program that
moderates has a service token from the operator, sent in the same way.

A new comment may carry an `Idempotency-Key`: sent twice, it is posted once.
What is refused is answered with a problem (RFC 9457), whose `code` does not change.
"""


class Problem(BaseModel):
    """Why something was not done; `code` is for programs, `detail` for people."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Always the same.", examples=["about:blank"])
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(description="The same as the answer's.", examples=[404])
    detail: str = Field(
        description="A sentence in the reader's language.", examples=["There is no such comment."]
    )
    code: str = Field(description="A word that does not change.", examples=["comment-not-found"])
    field: str | None = Field(
        default=None, description="Which part of what was sent it is about.", examples=["author.name"]
    )
    __pydantic_extra__: dict[str, JsonValue]


Codes = Mapping[int, Sequence[str]]

ALWAYS: Codes = {
    400: ("bad-request", "wrong-parameter", "unknown-parameter"),
    404: ("not-found",),
    405: ("method-not-allowed",),
    414: ("address-too-long",),
    421: ("wrong-host",),
    500: ("internal-error",),
    501: ("no-upgrade",),
    503: ("busy", "storage-full", "storage-failed", "stopping"),
}
BODY: Codes = {
    400: ("invalid-json", "invalid-field", "unreadable-text"),
    408: ("too-slow",),
    413: ("too-large",),
    415: ("unsupported-media-type",),
}
KNOWN: Codes = {401: ("token-refused",), 403: ("foreign-origin",)}
WRITES: Codes = {
    403: ("scope-missing",),
    409: ("already-there", "gone-meanwhile"),
    429: ("too-many",),
    503: ("outcome-unknown",),
}
KEYED: Codes = {400: ("idempotency-key",), 422: ("idempotency-mismatch",)}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "1 to 100 visible ASCII characters; the same write sent again is answered alike.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
}
LOCATION = {"Location": {"description": "Where it is read.", "required": True, "schema": {"type": "string"}}}


def described(
    answers: Mapping[int, type[BaseModel]],
    *,
    query: Mapping[str, Mapping[str, object]] | None = None,
    body: type[BaseModel] | None = None,
    key: bool = False,
    known: bool = False,
    writes: bool = False,
    problems: Codes | None = None,
    leads: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What a route's decorator is given: its answers by status, parameters, body, whether it takes a key, and problems.

    `known`: what it answers depends on who asks; `writes`: it changes something, for whom it knows.
    `leads` says where an answer has what other addresses are made of (`{"comment_id": "$response.body#/id"}`): it is
    linked to every operation that needs no more.
    """
    parameters = [
        {"name": name, "in": "query", "required": False, **about} for name, about in (query or {}).items()
    ]
    extra: dict[str, Any] = {
        "parameters": [*parameters, KEY] if key else parameters,
        LEADS: dict(leads or {}),
    }
    if body is not None:
        extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": inlined(body)}}}
    responses: dict[int, dict[str, Any]] = {
        status: {"model": model, **({"headers": LOCATION} if status == 201 else {})}
        for status, model in answers.items()
    }
    applying = (
        (ALWAYS, True),
        (BODY, body is not None),
        (KNOWN, known or writes),
        (WRITES, writes),
        (KEYED, key),
        (problems or {}, True),
    )
    return {
        "status_code": next(iter(answers)),
        "responses": responses | _refused(group for group, applies in applying if applies),
        "response_model": None,
        "openapi_extra": extra,
    }


def _refused(groups: Iterable[Codes]) -> dict[int, dict[str, Any]]:
    codes: dict[int, dict[str, None]] = {}
    for group in groups:
        for status, more in group.items():
            codes.setdefault(status, {}).update(dict.fromkeys(more))
    return {
        status: {
            "model": Problem,
            "description": "Refused: " + ", ".join(f"`{code}`" for code in codes[status]),
        }
        for status in sorted(codes)
    }


def inlined(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a body, with the schemas of its parts in their places."""
    schema = model.model_json_schema()
    parts = schema.pop("$defs", {})

    def put(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                return put(parts[value["$ref"].rpartition("/")[2]])
            return {name: put(inner) for name, inner in value.items()}
        return [put(inner) for inner in value] if isinstance(value, list) else value

    whole: dict[str, Any] = put(schema)
    return whole


def install_description(app: FastAPI) -> None:
    """Let the app describe what stands under `/api/`; its pages are for people."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]  # the framework's way to do this


def _described(app: FastAPI) -> dict[str, Any]:
    routes = [route for route in app.routes if getattr(route, "path", "").startswith("/api/v1/")]
    schema = get_openapi(
        title="Rejoinder", version="1", openapi_version="3.1.0", description=ABOUT.strip(), routes=routes
    )
    for operations in schema["paths"].values():
        for operation in operations.values():
            if operation["responses"].get("422", {}).get("description") == "Validation Error":
                del operation["responses"]["422"]  # the framework's own, which no route of ours gives
            for status, response in operation["responses"].items():
                if status >= "400" and "application/json" in response.get("content", {}):
                    response["content"][PROBLEM] = response["content"].pop("application/json")
    for unused in ("HTTPValidationError", "ValidationError"):  # what the framework would have answered with
        schema["components"]["schemas"].pop(unused, None)
    _link(schema["paths"])
    return schema


def _link(paths: Mapping[str, Mapping[str, dict[str, Any]]]) -> None:
    """Let each answer name the operations that it leads to."""
    needs = {
        operation["operationId"]: set(re.findall(r"{(\w+)}", path))
        for path, operations in paths.items()
        for operation in operations.values()
    }
    for operations in paths.values():
        for operation in operations.values():
            leads = operation.pop(LEADS)
            links = {
                name.partition("_api_v1_")[0]: {
                    "operationId": name,
                    "parameters": {place: leads[place] for place in sorted(needed)},
                }
                for name, needed in needs.items()
                if needed and needed <= leads.keys()
            }
            for status, response in operation["responses"].items():
                if links and status < "400":
                    response["links"] = links
