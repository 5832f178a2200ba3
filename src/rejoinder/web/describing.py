"""The API's description of itself: what a route takes and gives, said beside the route, in OpenAPI 3.1."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field, JsonValue

PROBLEM = "application/problem+json"
ABOUT = """
Read and answer the discussions of this site. Ids are strings, times RFC 3339. Whoever may read a page may read this;
what is written here follows the same rules and limits as the forms under the articles.

A write is sent with a token of 32 random bytes of the client's own making, `Authorization: Bearer …` (43 characters,
base64url): it is who one is from then on. Without one, a new comment is answered with a token, once.
A new comment may carry an `Idempotency-Key`: sent twice, it is posted once.
What is refused is answered with a problem (RFC 9457), whose `code` does not change.
"""


class Problem(BaseModel):
    """Why something was not done; `code` is for programs, `detail` for people."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["about:blank"])
    title: str
    status: int
    detail: str
    code: str
    field: str | None = Field(default=None, description="Which part of what was sent it is about.")
    __pydantic_extra__: dict[str, JsonValue]


Codes = Mapping[int, Sequence[str]]

ALWAYS: Codes = {
    400: ("bad-request", "wrong-parameter", "unknown-parameter"),
    404: ("not-found",),
    414: ("address-too-long",),
    421: ("wrong-host",),
    503: ("busy", "storage-full", "storage-failed", "stopping"),
}
BODY: Codes = {
    400: ("invalid-json", "invalid-field", "unreadable-text"),
    403: ("foreign-origin",),
    408: ("too-slow",),
    413: ("too-large",),
    415: ("unsupported-media-type",),
    429: ("too-many",),
}


def described(
    answers: Mapping[int, type[BaseModel]],
    *,
    query: Mapping[str, Mapping[str, object]] | None = None,
    body: type[BaseModel] | None = None,
    key: bool = False,
    problems: Codes | None = None,
) -> dict[str, Any]:
    """What a route's decorator is given: its answers by status, parameters, body, whether it takes a key, and problems."""
    parameters = [
        {"name": name, "in": "query", "required": False, **about} for name, about in (query or {}).items()
    ]
    if key:
        parameters.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "1 to 100 visible ASCII characters; the same write sent again is answered alike.",
                "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
            }
        )
    extra: dict[str, Any] = {"parameters": parameters} if parameters else {}
    if body is not None:
        extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": inlined(body)}}}
    keyed: Codes = {400: ("idempotency-key",), 422: ("idempotency-mismatch",)}
    groups = (ALWAYS, BODY if body is not None else {}, keyed if key else {}, problems or {})
    refused: dict[int, list[str]] = {}
    for group in groups:
        for status, codes in group.items():
            refused.setdefault(status, []).extend(
                code for code in codes if code not in refused.get(status, [])
            )
    responses: dict[int, dict[str, Any]] = {status: {"model": model} for status, model in answers.items()}
    for status, codes in sorted(refused.items()):
        responses[status] = {
            "model": Problem,
            "description": "Refused: " + ", ".join(f"`{code}`" for code in codes),
        }
    return {
        "status_code": next(iter(answers)),
        "responses": responses,
        "response_model": None,
        "openapi_extra": extra or None,
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
            operation["responses"].pop("422", None)  # the framework's own, which no route of ours gives
            for status, response in operation["responses"].items():
                if status >= "400" and "application/json" in response.get("content", {}):
                    response["content"][PROBLEM] = response["content"].pop("application/json")
    return schema
