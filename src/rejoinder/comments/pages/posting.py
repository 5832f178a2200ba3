"""The forms in which comments are written, and what becomes of them."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rejoinder.accounts.models import Caller, Signature
from rejoinder.accounts.naming import check_guest_may_sign
from rejoinder.accounts.pages import caller_of
from rejoinder.accounts.tokens import new_token
from rejoinder.comments.discussion import drawer
from rejoinder.comments.draft import CommentDraft, sign, write_text
from rejoinder.comments.forms import FormModel, quote_lines
from rejoinder.comments.models import Status
from rejoinder.comments.pages.asking import ask, language_for, tags_of
from rejoinder.comments.pages.reading import shown_comment
from rejoinder.comments.post import Posted, post_comment
from rejoinder.comments.queries import reading as queries
from rejoinder.db import Tx, from_ms, read_id, show_id, to_ms
from rejoinder.errors import Invalid
from rejoinder.sites.models import Site
from rejoinder.sites.pages import site_of
from rejoinder.sites.queries import get_site
from rejoinder.text.names import name_key
from rejoinder.web.answers import no_store, see_other
from rejoinder.web.cookies import set_visitor
from rejoinder.web.forms import read_form
from rejoinder.web.house import House, house
from rejoinder.web.idempotency import check_key, hash_request
from rejoinder.web.models import Attempt
from rejoinder.web.origin import check_own
from rejoinder.web.signing import sign as sign_note
from rejoinder.web.signing import unsign
from rejoinder.web.snapshots import Sheet

router = APIRouter()

FIELDS = {
    "thread": 13,
    "url": 2048,
    "text": 65_536,
    "reply_to": 13,
    "name": 400,
    "email": 254,
    "website": 2048,
    "homepage": 2048,
    "remember": 1,
    "preview": 1,
    "key": 100,
    "signed": 4096,
}
PREVIEW_LASTS = timedelta(hours=24)
LOOKED_AT = timedelta(seconds=1)


@router.get("/comments/{comment_id}/reply")
async def reply_page(request: Request, comment_id: str) -> Response:
    """The form below the comment it answers, with its lines quoted if asked for."""
    site, asked = await site_of(request), ask(request, free=("quote",))
    return await house(request).snapshots.answer(
        request, asked, load_reply, house(request), site.id, read_id(comment_id), asked
    )


def load_reply(tx: Tx, rooms: House, site_id: int, comment_id: int, asked: dict[str, str]) -> Sheet:
    """What the page of a reply is made from."""
    site = get_site(tx, site_id)
    comment, thread = shown_comment(tx, site, comment_id)
    language = language_for(asked, site, thread.language)
    quote = ""
    if asked.get("quote") and not comment.is_placeholder:
        quote = quote_lines(queries.published_text(tx, comment_id))
    return Sheet(
        "comments/reply.html",
        {
            "site": site,
            "thread": thread,
            "fragment": drawer(tx, rooms, site, [comment], language)(comment),
            "form": FormModel(site.rules, thread=thread.id, reply_to=comment_id, quote=quote),
            "thread_url": f"{thread.url}#discussion",
        },
        language,
        tags_of(thread),
        version=thread.version,
        images=site.rules.images,
    )


@router.post("/comments")
async def create_comment(request: Request) -> Response:
    """Post a comment, or show how it will look: always before a browser's first, so that it can be known again."""
    site = await site_of(request)
    check_own(request, site.base_url, may_be_sent=True)
    form = await read_form(request, FIELDS)
    now = datetime.now(UTC)
    caller = await caller_of(request, site, now=now)
    try:
        draft = await read_draft(request, site, form, caller, typing_time=_time_since(request, form, now))
    except Invalid as fault:
        return _form_again(request, site, form, fault)
    is_known = caller.token_hash is not None or caller.person is not None
    if form.get("preview") or not (is_known or "signed" in form):
        return _preview(request, site, form, draft, is_known=is_known, now=now)

    posted = await house(request).db.write(
        post_comment, site, draft, caller, attempt=attempt_of(site, form, caller), now=now
    )
    return see_other(_after_posting(posted))


async def read_draft(
    request: Request, site: Site, form: Mapping[str, str], caller: Caller, *, typing_time: timedelta | None
) -> CommentDraft:
    """A form as a draft: checked and rendered. Raises Invalid, naming the field."""
    written = write_text(form.get("text", ""), site.rules)
    signature = await read_signature(request, site, form, caller)
    return CommentDraft(
        thread_id=read_id(form["thread"]) if form.get("thread") else None,
        url=form.get("url") or None,
        reply_to=read_id(form["reply_to"]) if form.get("reply_to") else None,
        written=written,
        signature=signature,
        trap_filled=bool(form.get("homepage", "").strip()),
        typing_time=typing_time,
    )


async def read_signature(request: Request, site: Site, form: Mapping[str, str], caller: Caller) -> Signature:
    """How a comment is signed: who is signed in as themselves, a guest as written in the form."""
    if caller.person:
        website = caller.person.website if site.rules.websites else None
        return Signature(caller.person.name, name_key(caller.person.name), website=website)
    signature = sign(form.get("name", ""), form.get("email", ""), form.get("website", ""), site.rules)
    await house(request).db.read(check_guest_may_sign, site.id, signature.name, caller.token_hash)
    return signature


def _time_since(request: Request, form: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long a preview was looked at, where that is too short for a person; a second of it says nothing."""
    if not form.get("signed"):
        return None
    note = unsign(house(request).keys, "preview", form["signed"], now=now)
    looked = now - from_ms(note["at"])
    return looked if looked < LOOKED_AT else None


def attempt_of(site: Site, form: Mapping[str, str], caller: Caller) -> Attempt | None:
    """The key a post came with, and what was posted under it."""
    if not form.get("key"):
        return None
    request_hash = hash_request(
        {name: form.get(name, "") for name in ("thread", "url", "reply_to", "text", "name")}
    )
    return Attempt(site.id, caller.token_hash or caller.network, check_key(form["key"]), request_hash)


def _after_posting(posted: Posted) -> str:
    comment = show_id(posted.comment_id)
    if posted.status is Status.PUBLISHED:
        return f"/comments/{comment}?v={posted.version}#comment-{comment}"
    return f"/comments/{comment}/manage"


def _preview(
    request: Request,
    site: Site,
    form: Mapping[str, str],
    draft: CommentDraft,
    *,
    is_known: bool,
    now: datetime,
) -> Response:
    signed = sign_note(house(request).keys, "preview", {"at": to_ms(now)}, ttl=PREVIEW_LASTS, now=now)
    context = {
        "site": site,
        "form": form_model(site, form),
        "html": draft.written.markup,
        "key": form.get("key") or secrets.token_urlsafe(16),
        "signed": form.get("signed") or signed,
        "first": not is_known,
    }
    response = no_store(request, "comments/preview.html", context, images=site.rules.images)
    if not is_known:
        set_visitor(response, site.base_url, new_token())
    return response


def _form_again(request: Request, site: Site, form: Mapping[str, str], fault: Invalid) -> Response:
    sentence = house(request).rendering.translate(request.state.language, fault.message, fault.params)
    errors = {fault.field or "text": sentence}
    context = {"site": site, "form": form_model(site, form, errors), "message": sentence}
    return no_store(request, "comments/form.html", context, status=400)


def form_model(site: Site, form: Mapping[str, str], errors: Mapping[str, str] | None = None) -> FormModel:
    """A form as it was sent, to be drawn again."""
    return FormModel(
        site.rules,
        thread=read_id(form["thread"]) if form.get("thread") else None,
        url=form.get("url"),
        reply_to=read_id(form["reply_to"]) if form.get("reply_to") else None,
        text=form.get("text", ""),
        name=form.get("name", ""),
        email=form.get("email", ""),
        website=form.get("website", ""),
        remember=bool(form.get("remember")),
        errors=errors or {},
    )
