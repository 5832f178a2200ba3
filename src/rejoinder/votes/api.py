"""Voting as JSON, for our own script and for any other client."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.comments.api.answers import as_json
from rejoinder.comments.api.routes import enter, keep_known
from rejoinder.comments.api.shapes import Version
from rejoinder.db import read_id
from rejoinder.errors import N_, Invalid
from rejoinder.votes.cast import cast_vote
from rejoinder.votes.models import Value
from rejoinder.web.describing import described
from rejoinder.web.direct import DirectRoute
from rejoinder.web.house import house
from rejoinder.web.json_body import read_json

router = APIRouter(prefix="/api/v1", route_class=DirectRoute)

PROBLEMS = {
    400: ("wrong-vote",),
    403: ("voter-unknown",),
    404: ("comment-not-found", "thread-not-found"),
    409: ("own-comment", "not-votable"),
}
TO_IT = {"comment_id": "$request.path.comment_id"}


class VoteBody(BaseModel):
    """1 for a comment, -1 against it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    value: int = Field(ge=-1, le=1, description="1 for it, -1 against it.", examples=[1])


class VotesShape(BaseModel):
    """The votes of a comment after one more, or one less."""

    up: int = Field(description="Votes for it that count.", examples=[7])
    down: int = Field(description="Votes against it that count.", examples=[1])
    mine: int | None = Field(description="1 or -1; null where it was taken back.", examples=[1])
    counted: bool = Field(description="Whether it counts already.")
    version: Version


@router.put(
    "/comments/{comment_id}/vote",
    **described({200: VotesShape}, body=VoteBody, writes=True, problems=PROBLEMS, leads=TO_IT),
)
async def vote(request: Request, comment_id: str) -> Response:
    """Vote for or against a comment; the same vote twice is one."""
    body = await read_json(request, VoteBody)
    if body.value not in (Value.UP, Value.DOWN):
        raise Invalid("wrong-vote", N_("A vote is for or against a comment."), field="value")
    return await _cast(request, comment_id, Value(body.value))


@router.delete(
    "/comments/{comment_id}/vote", **described({200: VotesShape}, writes=True, problems=PROBLEMS, leads=TO_IT)
)
async def take_back(request: Request, comment_id: str) -> Response:
    """Take one's vote back."""
    return await _cast(request, comment_id, Value.NONE)


async def _cast(request: Request, comment_id: str, value: Value) -> Response:
    site, caller, now = await enter(request)
    cast = await house(request).db.write(cast_vote, site, read_id(comment_id), value, caller, now=now)
    content = VotesShape(
        up=cast.up, down=cast.down, mine=cast.mine or None, counted=cast.counted, version=cast.version
    )
    return keep_known(request, site, as_json(content, left=cast.left))
