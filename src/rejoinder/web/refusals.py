"""Every refusal becomes an answer here: a page that keeps what was written, or a problem (RFC 9457) for the API."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rejoinder.errors import N_, Conflict, Forbidden, Invalid, NotFound, NotNow, Refusal, TooMany, Unavailable

from .answers import no_store
from .forms import read_written
from .house import house
from .languages import language_of, wished_language
from .last import methods_at
from .origin import Foreign
from .rates import rate_headers

API = "/api/"
PROBLEM = "application/problem+json"

KINDS: tuple[tuple[type[Refusal], int], ...] = (
    (Invalid, 400),
    (Forbidden, 403),
    (NotFound, 404),
    (Conflict, 409),
    (TooMany, 429),
    (Unavailable, 503),
)
# Refusals whose status says more than their kind.
CODES = {
    "idempotency-mismatch": 422,
    "gone": 410,
    "edition-gone": 410,
    "wrong-host": 421,
    "sign-in-needed": 401,
    "token-refused": 401,
}

# What the framework itself refuses.
MESSAGES = {
    400: ("bad-request", N_("This request could not be read.")),
    404: ("not-found", N_("There is nothing at this address.")),
    405: ("method-not-allowed", N_("This address can't be used in this way.")),
    408: ("too-slow", N_("The request took too long to arrive. Please send it again.")),
    413: ("too-large", N_("That is more than fits into one request. Please shorten it.")),
    414: ("address-too-long", N_("This address is longer than is read here.")),
    415: ("unsupported-media-type", N_("This kind of content is not read here.")),
    501: ("no-upgrade", N_("Only HTTP/1.1 is spoken here. Please send this without an Upgrade header.")),
    421: ("wrong-host", N_("There is no site under this name.")),
}
FAILED = (
    "internal-error",
    N_("Something broke on our side and was noted. Please try again in a moment."),
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal as it is answered."""

    status: int
    code: str
    message: str
    params: Mapping[str, object]
    field: str | None
    headers: dict[str, str]
    more: Mapping[str, object] | None = None


def install_refusals(app: FastAPI) -> None:
    """Let the app answer refusals, its framework's own among them."""

    async def refuse(request: Request, error: Exception) -> Response:
        return await answer_refusal(request, error)

    for kind in (Refusal, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, refuse)


async def answer_refusal(request: Request, error: Exception) -> Response:
    """The answer to a refusal; anything else is a fault of ours: it is logged, and told without its insides."""
    problem = _problem_of(error)
    if problem.status == 500:
        log.error(
            "a request failed", exc_info=error, extra={"method": request.method, "path": request.url.path}
        )
    if problem.status == 405:
        problem.headers["Allow"] = methods_at(request)
    if request.url.path.startswith(API):
        return _as_json(request, problem)
    # What the framework refuses never had its body read, and there may be none to wait for.
    is_lost = isinstance(error, HTTPException) or (isinstance(error, Foreign) and not error.may_be_sent)
    return _as_page(request, problem, {} if is_lost else await read_written(request))


def status_of(refusal: Refusal) -> int:
    """The HTTP status that a refusal is answered with."""
    status = next((status for kind, status in KINDS if isinstance(refusal, kind)), 400)
    return CODES.get(refusal.code, status)


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, Refusal):
        status = status_of(error)
        headers = {"retry-after": str(error.retry_after)} if isinstance(error, NotNow) else {}
        if status == 401:
            headers["www-authenticate"] = "Bearer"
        if isinstance(error, TooMany) and "limit" in error.more:
            headers |= _rates(error)
        return Problem(status, error.code, error.message, error.params, error.field, headers, error.more)
    if isinstance(error, RequestValidationError):
        return _invalid_json(error)
    if isinstance(error, HTTPException):
        code, message = MESSAGES.get(error.status_code, MESSAGES[400])
        return Problem(error.status_code, code, message, {}, None, dict(error.headers or {}))
    return Problem(500, *FAILED, {}, None, {})


def _rates(error: TooMany) -> dict[str, str]:
    most, seconds = int(str(error.more["most"])), int(str(error.more["seconds"]))
    name = str(error.more["limit"])
    return rate_headers(name, most=most, seconds=seconds, remaining=0, reset=error.retry_after)


def _invalid_json(error: RequestValidationError) -> Problem:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"] if part not in {"body", "query", "path"})
    message = N_("The field “%(field)s” can't be taken as it is.")
    return Problem(422, "invalid-field", message, {"field": field}, field, {})


def _as_json(request: Request, problem: Problem) -> JSONResponse:
    language = wished_language(request)
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": _translate(request, problem.message, problem.params, language),
        "code": problem.code,
    }
    if problem.field is not None:
        content["field"] = problem.field
    content |= problem.more or {}
    headers = {**problem.headers, "content-language": language, "vary": "Accept-Language"}
    return JSONResponse(content, problem.status, headers=headers, media_type=PROBLEM)


def _as_page(request: Request, problem: Problem, kept: dict[str, str]) -> Response:
    context = {
        "site": getattr(request.state, "site", None),
        "title": _translate(request, _title(problem.status)),
        "detail": _translate(request, problem.message, problem.params),
        "kept": kept,
        "again": request.url.path if kept else None,
        "back": None,
    }
    response = no_store(request, "web/refusal.html", context, status=problem.status)
    response.headers.update(problem.headers)
    return response


def _title(status: int) -> str:
    if status in {404, 410, 421}:
        return N_("Nothing here")
    if status == 429 or status >= 500:
        return N_("Not just now")
    return N_("That did not work")


def _translate(
    request: Request, message: str, params: Mapping[str, object] | None = None, language: str | None = None
) -> str:
    return house(request).rendering.translate(language or language_of(request), message, params)
