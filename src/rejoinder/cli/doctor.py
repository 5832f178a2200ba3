"""Is all well? Looks at the database, the settings and every counter, and says what to do."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from smtplib import SMTPException
from typing import Annotated, TypeAlias

import typer

from rejoinder.accounts.passkeys import passkey_host, takes_passkeys
from rejoinder.cli.opening import opened, print_json, read_settings
from rejoinder.comments import recount as comments
from rejoinder.comments.recount import Batch, Drift
from rejoinder.db import Database, Finding, Tx, examine, show_id
from rejoinder.errors import Refusal
from rejoinder.jobs.queries import stuck_jobs
from rejoinder.mail.sending import look
from rejoinder.settings import Settings
from rejoinder.sites.queries import list_unfit
from rejoinder.votes import recount as votes
from rejoinder.web.fetch import Documents, FetchFailed
from rejoinder.web.loopback import is_plain_abroad

JOBS_ARE_DONE_WITHIN = timedelta(minutes=15)
MOST_ATTEMPTS = 5
MOST_LINES = 10

Count: TypeAlias = Callable[[Tx, int], Batch]
# Votes first: the scores that comments are compared with are made from them.
RECOUNTS: tuple[tuple[Count, Count], ...] = (
    (votes.find_drift, votes.repair_drift),
    (comments.find_drift, comments.repair_drift),
)

AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON, for programs.")]
Repair = Annotated[bool, typer.Option("--repair", help="Set wrong counters right; nothing else is changed.")]


def doctor(as_json: AsJson = False, repair: Repair = False) -> None:
    """Look whether all is well: the database, the settings, the outbox, every counter. Ends with status 1 if not.

    It may run beside the server. On a large site counting takes a while.
    """
    findings, drift = [], list[Drift]()
    for finding in _look(read_settings(), drift, repair=repair):
        findings.append(finding)
        if not as_json:
            _print(finding)
    is_well = all(finding.is_well for finding in findings)
    if as_json:
        looked_at = [
            {"name": f.name, "well": f.is_well, "says": f.says, "advice": f.advice} for f in findings
        ]
        print_json({"well": is_well, "findings": looked_at, "drift": [_as_fields(one) for one in drift]})
    if not is_well:
        raise typer.Exit(1)


def _look(settings: Settings, drift: list[Drift], *, repair: bool) -> Iterator[Finding]:
    yield _address(settings)
    yield _passkeys(settings)
    yield _mail(settings)
    yield from _elsewhere(settings)
    can_be_used = True
    for finding in examine(settings.database_url):
        can_be_used &= finding.is_well or finding.name not in ("database", "schema", "integrity")
        yield finding
    if not can_be_used:
        return
    with opened(settings) as db:
        try:
            yield _outbox(db)
            yield _settings(db)
            drift += _recount(db, repair=repair)
            yield _counters(drift, repaired=repair)
        except Refusal as refusal:
            yield Finding("counters", str(refusal), "Run this again when the database can be read.")


def _address(settings: Settings) -> Finding:
    if not is_plain_abroad(settings.base_url):
        return Finding("address", f"Readers come to {settings.base_url}.")
    return Finding(
        "address",
        f"{settings.base_url} is plain http: cookies can be read on the way and staff can't sign in.",
        "Put a proxy with TLS in front and set REJOINDER_BASE_URL to its https address.",
    )


def _passkeys(settings: Settings) -> Finding:
    if takes_passkeys(settings.base_url):
        return Finding(
            "passkeys", f"Passkeys are kept for {passkey_host(settings.base_url)}, and work there only."
        )
    return Finding(
        "passkeys",
        f"Nobody can use a passkey at {settings.base_url}: it takes a name, not digits, and https.",
    )


def _mail(settings: Settings) -> Finding:
    if settings.mail_url is None:
        return Finding(
            "mail", "No mail is sent: nobody signs in by a code, staff by the links you give them."
        )
    try:
        return Finding("mail", look(settings))
    except (OSError, SMTPException) as why:
        return Finding(
            "mail",
            f"Mail can't be sent: {str(why) or type(why).__name__}",
            "Look at REJOINDER_MAIL_URL, then try: rejoinder mail test YOUR-ADDRESS",
        )


def _elsewhere(settings: Settings) -> Iterator[Finding]:
    """Whether each way to sign in elsewhere can be had: the provider's metadata and keys, the publisher's keys."""
    if not settings.oidc and not settings.sso:
        return
    from rejoinder.accounts import publisher  # noqa: PLC0415 - every other command would pay for cryptography
    from rejoinder.web.jwt import TokenWrong  # noqa: PLC0415 - as above

    looks: list[tuple[str, Callable[[Documents], Awaitable[str]]]] = []
    if settings.oidc:
        from rejoinder.accounts import openid  # noqa: PLC0415 - Authlib is an extra

        looks += [(f"oidc {each.key}", partial(openid.look, provider=each)) for each in settings.oidc]
    if settings.sso:
        looks.append(("sso", partial(publisher.look, publisher=settings.sso)))
    for name, look_at in looks:
        try:
            yield Finding(name, asyncio.run(_say(look_at)))
        except (FetchFailed, TokenWrong) as why:
            yield Finding(
                name, f"Nobody can sign in this way: {why}", f"Look at the setting {name.split()[0]}."
            )


async def _say(look_at: Callable[[Documents], Awaitable[str]]) -> str:
    return await look_at(Documents())


def _outbox(db: Database) -> Finding:
    before = datetime.now(UTC) - JOBS_ARE_DONE_WITHIN
    stuck = db.read_now(stuck_jobs, before=before, attempts=MOST_ATTEMPTS)
    if not stuck:
        return Finding("outbox", "No job waits longer than it should.")
    kinds = ", ".join(f"{s.jobs} {s.kind}" + (f" ({s.last_error})" if s.last_error else "") for s in stuck)
    return Finding(
        "outbox",
        f"Jobs wait longer than they should: {kinds}.",
        "See that `rejoinder serve` or `rejoinder worker` runs, and read its log for these jobs.",
    )


def _settings(db: Database) -> Finding:
    unfit = db.read_now(list_unfit)
    if not unfit:
        return Finding("settings", "The settings of every site can be used.")
    sites = "; ".join(f"{url}: {', '.join(sorted(names))}" for url, names in unfit.items())
    return Finding(
        "settings",
        f"Stored settings can't be used and stand at their defaults: {sites}.",
        "Set them anew, at /settings or by: rejoinder site set NAME=VALUE",
    )


def _recount(db: Database, *, repair: bool) -> Iterator[Drift]:
    for find_drift, repair_drift in RECOUNTS:
        after: int | None = 0
        while after is not None:
            batch = db.read_now(find_drift, after)
            if batch.drift and repair:
                batch = db.write_now(repair_drift, after)
            yield from batch.drift
            after = batch.end


def _counters(drift: list[Drift], *, repaired: bool) -> Finding:
    if not drift:
        return Finding("counters", "Every counter is what its rows say.")
    lines = [_sentence(one) for one in drift[:MOST_LINES]]
    if len(drift) > MOST_LINES:
        lines.append(f"and {len(drift) - MOST_LINES} more")
    if repaired:
        return Finding("counters", "\n".join([f"{len(drift)} counters were set right:", *lines]))
    says = "\n".join([f"{len(drift)} counters differ from the rows they count:", *lines])
    return Finding("counters", says, "Run: rejoinder doctor --repair")


def _sentence(drift: Drift) -> str:
    if drift.comment_id is None:
        where = f"thread {show_id(drift.thread_id)}"
    else:
        where = f"comment {show_id(drift.comment_id)}"
    return f"{where}: {drift.counter} was {drift.stored:g}, the rows say {drift.actual:g}"


def _as_fields(drift: Drift) -> dict[str, object]:
    return {
        "thread": show_id(drift.thread_id),
        "comment": None if drift.comment_id is None else show_id(drift.comment_id),
        "counter": drift.counter,
        "stored": drift.stored,
        "actual": drift.actual,
    }


def _print(finding: Finding) -> None:
    colour = (typer.colors.GREEN if finding.is_well else typer.colors.RED) if sys.stdout.isatty() else None
    mark = typer.style("✓" if finding.is_well else "✗", fg=colour)
    says, *more = finding.says.splitlines()
    typer.echo(f"{mark} {says}")
    for line in (*more, *([f"→ {finding.advice}"] if finding.advice else [])):
        typer.echo(f"  {line}")


COMMANDS = (doctor,)
