"""Who may come: everybody the server tells apart, and which doors are theirs. What is not said here is refused."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from rejoinder.accounts.models import Browser, Role, Scope, Signature
from rejoinder.accounts.naming import hold_name
from rejoinder.accounts.queries.staff import find_account_at, insert_member
from rejoinder.accounts.service_tokens import issue, revoke
from rejoinder.accounts.sessions import open_session
from rejoinder.accounts.sign_in import admit, sign_in
from rejoinder.db import Tx, new_id
from rejoinder.sites.models import Site
from security.doors import DOORS, Key, Scene, set_scene
from serving import Serving

READERS = ("a stranger", "another reader", "the author", "who made a session up", "who moderates elsewhere")
MEMBER = "a member"
OLD_PROOF = "an owner whose proof is old"
STAFF = ("who writes for the site", "a moderator", "an owner", OLD_PROOF)
WROTE = "the program that wrote it"
PROGRAMS = ("a program that reads", "a program that posts", WROTE, "a program that moderates")
ENDED = ("a program of elsewhere", "a program that was ended")
ROLES = (*READERS, MEMBER, *STAFF, *PROGRAMS, *ENDED)

_SCOPED = {
    "post": {"a program that posts", WROTE},
    "moderate": {"a program that moderates"},
}
_NAMED = {
    "known": {"another reader", MEMBER, *STAFF},
    "person": {MEMBER, *STAFF},
    "proved": {MEMBER, *STAFF} - {OLD_PROOF},
    "member": {MEMBER},
    "author": {"the author", WROTE},
    "staff": {"a moderator", "an owner", OLD_PROOF, "a program that moderates"},
    "owner": {"an owner"},
}


def may(route: Key, role: str) -> bool:
    """Whether a route is for this role."""
    door = DOORS[route]
    if role in PROGRAMS + ENDED:
        if door.kind == "form" or (door.kind == "json" and door.scope is None and door.changes):
            return False
        if door.scope is not None and role not in _SCOPED[door.scope]:
            return False
        if role in ENDED and door.kind == "personal" and route[1].startswith("/api/"):
            return False
        if door.who != "anyone" and not route[1].startswith("/api/"):
            return False
    if door.who == "anyone":
        return True
    if door.who == "author" and route[0] == "GET" and role in _NAMED["staff"]:
        return True
    return role in _NAMED[door.who]


@dataclass(frozen=True, slots=True)
class Credentials:
    """What each role is known by."""

    sessions: Mapping[str, str]
    tokens: Mapping[str, str]

    def enter(self, scene: Scene, role: str) -> httpx.Client:
        """A client of this role; programs say nothing that a browser would."""
        lamp = scene.lamp
        if role in PROGRAMS + ENDED:
            token = self.tokens.get(role, scene.author)
            said = {"authorization": f"Bearer {token}", "x-forwarded-for": lamp.network()}
            return lamp.program(said)
        if role in self.sessions:
            return lamp.client(cookie=f"rejoinder-{lamp.port}-session={self.sessions[role]}")
        return lamp.client() if role == "a stranger" else scene.known(_visitor(scene, role))


def _visitor(scene: Scene, role: str) -> str:
    return scene.author if role == "the author" else secrets.token_urlsafe(32)


def hand_out(lamp: Serving, elsewhere: Site) -> Credentials:
    """Let everybody in: sessions of staff here and elsewhere, tokens of programs here, elsewhere and ended."""

    def make(tx: Tx) -> Credentials:
        now = datetime.now(UTC)

        def session(site: Site, name: str, role: Role, at: datetime = now) -> str:
            return sign_in(tx, site.id, admit(tx, site.id, Signature(name, name), role, now=at), now=at)

        def member(name: str) -> str:
            key = f"{name}@mail.example"
            signature = Signature(name, name, key)
            account = find_account_at(tx, lamp.site.id, key)
            if account is None:
                account = insert_member(tx, new_id(), lamp.site.id, signature, email_key=key, now=now)
                assert account is not None
                hold_name(tx, account)
            return open_session(tx, lamp.site.id, account.id, Browser(), now=now)

        ended = issue(tx, lamp.site.id, secrets.token_hex(8), tuple(Scope), lasts=None, now=now)
        revoke(tx, lamp.site.id, ended.service.id, now=now)
        return Credentials(
            sessions={
                "who made a session up": "a" * 43,
                "who moderates elsewhere": session(elsewhere, "eve", Role.OWNER),
                MEMBER: member("nora"),
                "who writes for the site": session(lamp.site, "walt", Role.AUTHOR),
                "a moderator": session(lamp.site, "bob", Role.MODERATOR),
                "an owner": session(lamp.site, "alice", Role.OWNER),
                OLD_PROOF: session(lamp.site, "olga", Role.OWNER, now - timedelta(minutes=90)),
            },
            tokens={
                "a program that reads": _issue(tx, lamp.site, Scope.READ),
                "a program that posts": _issue(tx, lamp.site, Scope.POST),
                "a program that moderates": _issue(tx, lamp.site, Scope.MODERATE),
                "a program of elsewhere": _issue(tx, elsewhere, *Scope),
                "a program that was ended": ended.secret,
            },
        )

    return lamp.db.write_now(make)


def scene_of(lamp: Serving, role: str) -> Scene:
    """A discussion; where the role is the program that wrote it, written by a program."""
    if role != WROTE:
        return set_scene(lamp)

    return set_scene(lamp, lamp.db.write_now(_issue, lamp.site, Scope.POST))


def _issue(tx: Tx, site: Site, *scopes: Scope) -> str:
    return issue(tx, site.id, secrets.token_hex(8), scopes, lasts=None, now=datetime.now(UTC)).secret


def table() -> str:
    """Who may use which route, as a page for people."""
    head = ["route", *(role.removeprefix("a ").removeprefix("an ") for role in ROLES)]
    rows = [head, ["---", *(":-:" for _ in ROLES)]]
    rows += [
        [f"`{method} {path}`", *("✓" if may((method, path), role) else "–" for role in ROLES)]
        for method, path in DOORS
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
