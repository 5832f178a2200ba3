"""Every personal column of every table is filled by real use, and nothing is left of it when its person has gone (D38)."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from cast import HOUR
from databases import Databases
from privacy.scan import columns, filled, holding, naming, on_disk
from privacy.test_by_mail import form_of, guest, link_to, ticks
from privacy.test_my_data import say
from rejoinder.accounts.models import Passkey, Purpose, Role, Vouched
from rejoinder.accounts.passkeys import add_passkey, challenge_browser
from rejoinder.accounts.queries.elsewhere import lend_role, put_identity, set_website
from rejoinder.accounts.queries.passkeys import note_use
from rejoinder.accounts.queries.staff import get_account
from rejoinder.accounts.tokens import new_token
from rejoinder.db import Tx, new_id
from rejoinder.privacy.tables import list_tables
from rejoinder.screening.limits import Sender
from serving import Article, Serving, fill, serving, until

CANARY = "zqcanary"
NAME, EMAIL = "Zqcanaryname", "zqcanarymail@zqcanary.example"
LONG = "Zqcanarytext, at some length, because only what is long enough is known again when it is sent twice."

NOT_PERSONAL = {
    "accounts": "site_id",
    "article_aliases": "site_id url article_id",
    "article_revisions": "article_id n canon_version hash render_version seen_at",
    "articles": "id site_id url slug state source source_path title language section lead origin image published_at"
    " updated_at discussion close_at revision version",
    "arrivals": "import_id kind source_id belongs_to place local_id parent at stands",
    "authors": "site_id kind",
    "comment_revisions": "comment_id n format render_version at by",
    "comments": "id site_id thread_id parent_id root_id depth path kind origin_url language status posted_at placed_at changed"
    " revision_published revision_pending up down imported_up imported_down imported_score score best reply_count"
    " branch_count shown_children shown pinned_until closed_at gone_at",
    "decisions": "id site_id at service_token_id verb thread_id comment_id before after",
    "editions": "thread_id sort made_at version ids",
    "erasing": "erasure_id author_id",
    "erasures": "id site_id wish asked_at comments done finished_at",
    "fingerprints": "site_id comment_id place_id at",
    "identities": "site_id",
    "idempotency": "site_id key answer expires_at",
    "imports": "id site_id format files started_at finished_at report undo undone_at",
    "keys": "purpose made_at ends_at value",
    "limits": "site_id act",
    "mail_codes": "id site_id language code tries proved_at expires_at",
    "mail_links": "id site_id language expires_at",
    "name_looks": "site_id",
    "outbox": "id kind dedupe_key payload run_at attempts leased_until last_error",
    "passkey_challenges": "site_id",
    "passkeys": "id site_id",
    "roles": "site_id",
    "service_tokens": "id site_id name scopes token_hash created_at expires_at used_at revoked_at",
    "rule_changes": "id site_id at source version field",
    "sessions": "id site_id",
    "sign_in_codes": "site_id expires_at",
    "trips": "id site_id state_hash way verifier expires_at",
    "sites": "id base_url rules locked version",
    "source_ids": "site_id system origin kind source_id local_id import_id made seen_hash seen_as",
    "threads": "id site_id article_id state version comment_count top_count",
    "visitors": "site_id",
    "votes": "comment_id site_id thread_id counts_from",
}
"""What tells nothing of anybody: places, counts, times of articles, words of ours. A new column is put here, or among the
columns in the line `-- personal:` above its table."""

BY_THE_PUBLISHER = {"articles.byline", "article_revisions.text", "article_revisions.html"}
BRIEFLY = {"arrivals.record"}  # gone when the import that brings it is complete
BRIEFLY |= {
    "trips.browser_hash",
    "trips.leads_to",
    "trips.said",
}  # gone when their browser is signed in, or in an hour
BRIEFLY |= {"rule_changes.account_id"}  # of owners alone, in the log of settings, for two years
CANARIES = {
    *("name_looks.look", "passkeys.name", "identities.subject", "accounts.website"),
    *("accounts.name", "accounts.name_key", "accounts.email", "accounts.email_key"),
    *("authors.name", "authors.name_key", "authors.email", "authors.website"),
    *("comment_revisions.text", "comment_revisions.html", "comment_revisions.author_name"),
    *(
        "comment_revisions.website",
        "decisions.why",
        "mail_codes.email",
        "mail_links.email",
        "source_ids.extras",
    ),
}
"""The columns that hold a person's own words. The other personal ones hold hashes, numbers and words of ours."""


TOLD_IN = {
    "account": "accounts",
    "roles": "roles",
    "identities": "identities",
    "sessions": "sessions",
    "passkeys": "passkeys",
    "browsers": "visitors",
    "signatures": "authors",
    "comments": "comments",
    "texts": "comment_revisions",
    "votes": "votes",
    "decisions": "decisions",
    "wishes": "erasures",
}
"""Where the file for a person tells of a table. What the others hold is on its way and ends by itself, or is the site's."""

NOT_TOLD = {
    *("accounts.name_key", "accounts.email_key", "authors.name_key"),  # the same, for comparing
    *(
        "roles.account_id",
        "sessions.account_id",
        "visitors.account_id",
        "authors.account_id",
    ),  # the one account
    *(
        "passkeys.account_id",
        "identities.account_id",
        "decisions.account_id",
        "erasures.account_id",
        "votes.voter",
    ),
    *("sessions.token_hash", "sessions.network", "visitors.token_hash", "visitors.network", "votes.network"),
    *("passkeys.credential_id", "passkeys.public_key", "passkeys.sign_count"),  # what checks a signature
    *("comments.author_id", "authors.visitor_id", "comment_revisions.author_name"),  # under another name
    "comment_revisions.html",  # made from the text
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lamp(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """A server of its own, whose every table is looked through."""
    folder = tmp_path_factory.mktemp("canary") / "publication"
    fill(folder)
    with databases.migrated(request.param) as url, serving(url, folder) as server:
        yield server


@dataclass(frozen=True, slots=True)
class Person:
    """Who fills every column: signed in on a browser; a guest with the same address; all numbers that lead to them."""

    member: httpx.Client
    guest: httpx.Client
    numbers: set[int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comment stands."""

    id: int
    parent_id: int | None
    root_id: int
    depth: int
    path: bytes


@dataclass(frozen=True, slots=True)
class Number:
    """A number that leads to somebody."""

    id: int


def skeleton(tx: Tx) -> list[Place]:
    return tx.all(Place, "SELECT id, parent_id, root_id, depth, path FROM comments ORDER BY id")


def numbers(tx: Tx) -> set[int]:
    """Of the account, its browsers, sessions and signatures."""
    found = tx.all(
        Number,
        """
        SELECT id FROM accounts WHERE name = :name
        UNION SELECT s.id FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE a.name = :name
        UNION SELECT v.id FROM visitors v JOIN accounts a ON a.id = v.account_id WHERE a.name = :name
        UNION SELECT id FROM authors WHERE name = :name
        """,
        name=NAME,
    )
    return {row.id for row in found}


@contextmanager
def living(lamp: Serving, article: Article, folder: Path) -> Iterator[Person]:
    """Somebody who uses everything there is, and leaves something of themselves everywhere."""
    other = lamp.say(article, "Somebody else.", name="Paula")
    author = {"name": NAME, "email": EMAIL, "website": "https://zqcanary.example/site"}
    with (
        guest(lamp, article, f"{LONG} First.", EMAIL, name=NAME) as nell,
        lamp.client(**{"user-agent": "Firefox/150.0 (Linux)"}) as zoe,
        lamp.client() as elsewhere,
        lamp.staff() as bob,
    ):
        zoe.cookies.set(f"rejoinder-{lamp.port}", new_token())
        assert zoe.put(f"/api/v1/comments/{other}/vote", json={"value": 1}).status_code == 200
        say(zoe, article, "These words stay when the name goes.", author=author)
        links = " ".join(f"https://{CANARY}.example/{number}" for number in range(4))
        say(nell, article, links, author=author)  # waits, with a reason
        bring_in(lamp, folder)
        zoe.post("/sign-in/mail", data={"email": EMAIL})
        zoe.post("/sign-in/code", data={"code": lamp.code_sent_to(EMAIL)})
        assert zoe.post("/sign-in/name", data={"name": NAME}).status_code == 303
        zoe.post("/me/data/unsign", data={"wish": "unsign"})
        lamp.run("admin", "create", NAME, "--role", Role.MODERATOR, "--email", EMAIL)

        key = {"idempotency-key": "zoe"}
        body = {"thread": {"url": article.path}, "text": f"{LONG} Again.", "author": author}
        posted = zoe.post("/api/v1/comments", json=body, headers=key)
        assert posted.status_code == 201, posted.text
        again = posted.json()["id"]
        changed = zoe.patch(f"/api/v1/comments/{again}", json={"text": f"{LONG} Better.", "revision": 1})
        assert changed.status_code == 200
        lamp.say(article, "An answer.", below=again)
        rude = say(zoe, article, "Zqcanarytext, rude.")
        verb = {"verb": "remove", "reason": f"It says {CANARY}"}
        assert bob.put(f"/api/v1/comments/{rude}/status", json=verb).status_code == 200
        spam = lamp.say(article, "Buy this.", name="Mallory")
        assert zoe.put(f"/api/v1/comments/{spam}/status", json={"verb": "spam"}).status_code == 200
        elsewhere.post("/sign-in/mail", data={"email": EMAIL})
        lamp.code_sent_to(EMAIL)
        lamp.db.write_now(sign_in_otherwise, lamp.site.id)
        yield Person(zoe, nell, lamp.db.read_now(numbers))


def sign_in_otherwise(tx: Tx, site_id: int, name: str = NAME) -> None:
    """With a passkey and with a provider, past their doors: this server's name is a number, which has no passkeys."""
    now, account_id = tx.now, tx.value("SELECT id FROM accounts WHERE name = :name", name=name)
    account = get_account(tx, account_id)
    put_identity(tx, account, Vouched("https://id.example", f"{name}-subject"), now)
    set_website(tx, account_id, f"https://{name.lower()}.example")
    lend_role(tx, account, Role.AUTHOR, until=now + HOUR, now=now)
    passkey = Passkey(
        id=new_id(),
        site_id=site_id,
        account_id=account_id,
        credential_id=name.encode(),
        public_key=b"key",
        sign_count=1,
        name=f"{name}’s phone",
        created_at=now,
        used_at=None,
    )
    add_passkey(tx, passkey)
    note_use(tx, passkey.id, before=1, after=2, now=now)
    sender = Sender(None, b"network")
    challenge_browser(tx, site_id, b"browser", next(iter(Purpose)), account_id, sender=sender, now=now)


def bring_in(lamp: Serving, folder: Path) -> None:
    """Comments of an older system, with an address and with a field that has no home here."""
    records = [
        {"format": "rejoinder", "version": 1, "origin": "https://old.example"},
        {"type": "article", "id": "1", "url": "/articles/lamp-1", "title": "Lamp"},
        {
            "type": "comment",
            "id": "7",
            "article": "1",
            "posted": "2019-01-01T00:00:00Z",
            "author": {"name": NAME, "email": EMAIL},
            "text": "Zqcanarytext, long ago.",
            "agent": "Zqcanary/1.0",
        },
    ]
    archive = folder / "old.jsonl"
    archive.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    lamp.run("import", "jsonl", str(archive), "--keep-addresses")


def leave(lamp: Serving, person: Person) -> None:
    """The guest by a link in a mail, the member by their own page."""
    page = person.guest.get(link_to(lamp, person.guest, EMAIL)).text
    sent = form_of(page, *ticks(page), wish="remove")
    assert person.guest.post("/me/by-mail/erase", data=sent).status_code == 303
    assert person.member.post("/me/data/leave", data={"wish": "remove"}).status_code == 303


def personal() -> set[str]:
    return {f"{table.name}.{column}" for table in list_tables() for column in table.columns}


def test_every_column_is_said_to_be_personal_or_not(lamp: Serving) -> None:
    there = {column.title for column in lamp.db.read_now(columns)}
    not_personal = {f"{table}.{name}" for table, names in NOT_PERSONAL.items() for name in names.split()}
    assert personal() & not_personal == set()
    assert there - personal() - not_personal == set(), "say above its table whether it is personal"
    assert (personal() | not_personal) - there == set()


def test_the_file_tells_every_personal_column(lamp: Serving, tmp_path: Path) -> None:
    """Of who has an account, and of staff: each personal column by its name, or it is said why not."""
    article = lamp.article()
    with lamp.client() as bob:
        bob.cookies.set(f"rejoinder-{lamp.port}", new_token())
        say(bob, article, "As a guest.")
        bob.post("/sign-in", data={"code": lamp.sign_in_link("Bob").partition("code=")[2]})
        said = lamp.say(article, "Rude.", name="Mallory")
        other = lamp.say(article, "Kind.", name="Paula")
        bob.put(f"/api/v1/comments/{other}/vote", json={"value": 1})
        bob.put(f"/api/v1/comments/{said}/status", json={"verb": "remove", "reason": "Rude"})
        say(bob, article, "We read this.")
        bob.post("/me/data/unsign", data={"wish": "unsign"})
        say(bob, article, "And again.")
        lamp.db.write_now(sign_in_otherwise, lamp.site.id, "Bob")
        told = bob.get("/me/data/export").json()
    rows = {part: rows[0] for part, rows in told.items() if isinstance(rows, list) and rows}
    rows["texts"] = rows["comments"]["texts"][0]
    names = {f"{TOLD_IN[part]}.{name}" for part, row in rows.items() for name in row}
    assert set(rows) == set(TOLD_IN)
    wanted = {title for title in personal() if title.partition(".")[0] in TOLD_IN.values()}
    assert wanted - names == NOT_TOLD


def test_of_who_leaves_nothing_is_left(lamp: Serving, tmp_path: Path) -> None:
    article = lamp.article()
    url = lamp.environ["REJOINDER_DATABASE_URL"]
    with living(lamp, article, tmp_path) as person:
        link_to(lamp, person.guest, EMAIL)
        assert personal() - lamp.db.read_now(filled) == BRIEFLY, "fill them here"
        assert set(lamp.db.read_now(holding, CANARY)) == CANARIES
        assert lamp.db.read_now(naming, person.numbers)
        before = lamp.db.read_now(skeleton)
        leave(lamp, person)

    erased_at = time.monotonic()
    while left := lamp.db.read_now(holding, CANARY):
        assert time.monotonic() < erased_at + 60, left
        time.sleep(0.2)
    assert lamp.db.read_now(naming, person.numbers) == []
    if url.startswith("sqlite"):
        until(lambda: not list(on_disk(url, CANARY)), seconds=60)
    assert lamp.db.read_now(skeleton) == before
    assert CANARY not in (lamp.folder.parent / "serve.log").read_text(encoding="utf-8").lower()
    with lamp.client() as reader:
        for path in (article.path, f"{article.path}?sort=newest", "/", f"/api/v1/threads?url={article.path}"):
            assert CANARY not in reader.get(path).text.lower()
