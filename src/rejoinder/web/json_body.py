"""Reading what a program sends: JSON of one known shape, and nothing that only looks like it."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from rejoinder.errors import N_, Invalid

M = TypeVar("M", bound=BaseModel)

JSON = "application/json"
DEEPEST = 32


async def read_json(request: Request, shape: type[M]) -> M:
    """The body in its shape; 415 for another content type, so that no form of another site can be taken for it.

    Raises Invalid, naming the field, for what does not fit.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise HTTPException(415)
    body = await request.body()
    if _is_too_deep(body):
        raise Invalid("invalid-json", N_("This JSON is nested too deeply."))
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        raise _fault(error) from None


def _is_too_deep(body: bytes) -> bool:
    """Whether too many brackets are open at once; those inside strings count too, which errs on the safe side."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    depth = deepest = 0
    for byte in body:
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest > DEEPEST


def _fault(error: ValidationError) -> Invalid:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return Invalid("invalid-json", N_("This is not JSON."))
    field = ".".join(str(part) for part in first["loc"])
    return Invalid(
        "invalid-field", N_("The field “%(name)s” can't be taken as it is."), field=field, name=field
    )
