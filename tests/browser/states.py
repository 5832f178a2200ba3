"""Every page and state that a reader or moderator can see, and how one gets there."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from browser.acts import add_passkey, plug_in, write
from rejoinder.accounts.models import Role
from rejoinder.accounts.tokens import hash_token
from rejoinder.accounts.trips import PUBLISHER, begin_trip
from serving import Article, Serving
from signed_tokens import claims_of_publisher, token_of

SIGNED = {"name": "Nell", "text": "I **keep** it now."}
LONG = "\n\n".join(
    f"Paragraph {number} of a story that goes on and on, as stories of lamps do." for number in range(60)
)
TALK = (
    ("Ana", "The lamp was mine.\n\n> It was never meant to be a museum.\n\nAnd it was *not*: see `log.txt`."),
    ("Øyvind", LONG),
    ("سلمى", "كان المصباح لنا جميعًا، ولم يسأل أحد من أشعله."),
    ("みなと", "灯台の明かりは博物館になるためのものではありませんでした。"),
    (
        "A name that is as long as names may be here and still goes on for a while",
        "https://example.org/" + "a" * 120,
    ),
)


@dataclass(frozen=True, slots=True)
class Talk:
    """An article with a lively discussion, and some of its comments."""

    article: Article
    first: str
    wide: str
    gone: str


def lively(lamp: Serving, article: Article) -> Talk:
    """Fill a discussion with whatever a discussion can hold."""
    ids = [lamp.say(article, text, name=name) for name, text in TALK]
    below = ids[0]
    for level in range(1, 8):
        below = lamp.say(article, f"Level {level}, and so on.", name=f"Reader {level}", below=below)
    for number in range(22):
        lamp.say(article, f"I was the {number}th.", name="Ben", below=ids[2])
    gone = lamp.say(article, "This goes.", name="Mallory")
    lamp.say(article, "Why did you say that?", below=gone)
    closed = lamp.say(article, "An end to this.")
    lamp.say(article, "As you like.", below=closed)
    with lamp.staff("Alice", Role.OWNER) as alice:
        for cid, verb in ((gone, "remove"), (ids[3], "pin"), (closed, "close")):
            assert alice.post(f"/comments/{cid}/status", data={"verb": verb}).status_code == 303
        posted = alice.post("/comments", data={"url": article.path, "text": "We read all of this."})
        assert posted.status_code == 303
    return Talk(article, ids[0], ids[2], gone)


@dataclass
class Stage:
    """One page that is led to a state."""

    page: Page
    lamp: Serving
    talk: Talk

    def submit(self, path: str, **fields: str) -> None:
        """Send a form from one of our pages."""
        if not self.page.url.startswith(self.lamp.base_url):
            self.page.goto("/articles/about")
        with self.page.expect_navigation():
            self.page.evaluate(
                """([action, fields]) => {
                  const form = Object.assign(document.createElement("form"), { method: "post", action });
                  for (const [name, value] of Object.entries(fields)) {
                    form.append(Object.assign(document.createElement("textarea"), { name, value }));
                  }
                  document.body.append(form);
                  form.submit();
                }""",
                [path, fields],
            )

    def post(self, article: Article | None = None) -> str:
        """Post as a browser that is known here, the plain way: the path of what is mine."""
        where = (article or self.lamp.article()).path
        self.submit("/comments", url=where, **SIGNED | {"text": f"Mine: {secrets.token_hex(4)}."})
        return "/comments/" + self.page.url.partition("/comments/")[2][:13]

    def sign_in(self, name: str = "Bob", role: Role = Role.MODERATOR) -> None:
        """Sign this browser in."""
        self.page.goto(self.lamp.sign_in_link(name, role))
        self.page.get_by_role("button", name="Sign in").click()


def _form_open(stage: Stage) -> None:
    stage.page.goto(stage.talk.article.path)
    write(stage.page, "Half a thought")
    stage.page.get_by_role("button", name="Preview").click()
    expect(stage.page.locator(".preview")).to_be_visible()


def _form_refused(stage: Stage) -> None:
    stage.page.goto(stage.talk.article.path)
    write(stage.page, "Half a thought", name="Alice")
    stage.page.get_by_role("button", name="Post comment").click()
    expect(stage.page.get_by_role("alert")).to_be_visible()


def _reply_open(stage: Stage) -> None:
    stage.page.goto(stage.talk.article.path)
    stage.page.locator(f"#comment-{stage.talk.first} > article .quote").click()
    expect(stage.page.locator("li.comment form.write")).to_be_visible()


def _own_in_place(stage: Stage) -> None:
    article = stage.lamp.article()
    stage.post(article)
    stage.page.goto(article.path)
    expect(stage.page.get_by_role("button", name="Edit (until")).to_be_visible()


def _edit_in_place(stage: Stage) -> None:
    _own_in_place(stage)
    stage.page.get_by_role("button", name="Edit (until").click()
    expect(stage.page.get_by_role("textbox", name="Edit")).to_be_visible()


def _deleted_in_place(stage: Stage) -> None:
    _own_in_place(stage)
    stage.page.get_by_role("button", name="Delete").click()
    expect(stage.page.get_by_role("button", name="Undo")).to_be_visible()


def _staff_in_place(stage: Stage) -> None:
    stage.sign_in()
    stage.page.goto(stage.talk.article.path)
    menu = stage.page.locator(f"#comment-{stage.talk.first} > article > .staff summary")
    menu.click()
    expect(stage.page.get_by_role("button", name="Remove").first).to_be_visible()


def _moderation_in_arabic(stage: Stage) -> None:
    stage.sign_in()
    stage.page.goto("/moderation?lang=ar")


def _manage(stage: Stage) -> None:
    stage.page.goto(f"{stage.post()}/manage")


def _deleted(stage: Stage) -> None:
    stage.submit(f"{stage.post()}/delete")


def _conflict(stage: Stage) -> None:
    path = stage.post()
    stage.submit(f"{path}/edit", revision="1", text="The first tab.")
    stage.submit(f"{path}/edit", revision="1", text="The second tab.")


def _held(stage: Stage) -> None:
    stage.post(Article("held-for-all"))


def _staff_manage(stage: Stage) -> None:
    stage.sign_in()
    stage.page.goto(f"/comments/{stage.talk.first}/manage")


def _vote_first(stage: Stage) -> None:
    stage.page.context.clear_cookies()
    stage.submit(f"/comments/{stage.talk.first}/vote", value="1")


def _too_many(stage: Stage) -> None:
    article = stage.lamp.article()
    for number in range(6):
        stage.submit("/comments", url=article.path, **SIGNED | {"text": f"One of many: {number}"})


def _code_wanted(stage: Stage) -> str:
    address = f"{secrets.token_hex(4)}@mail.example"
    stage.submit("/sign-in/mail", email=address)
    return stage.lamp.code_sent_to(address)


def _code_wrong(stage: Stage) -> None:
    code = _code_wanted(stage)
    stage.submit("/sign-in/code", code="000000" if code != "000000" else "000001")
    expect(stage.page.get_by_role("alert")).to_be_visible()


def _name_wanted(stage: Stage) -> None:
    stage.submit("/sign-in/code", code=_code_wanted(stage))
    expect(stage.page.get_by_role("textbox", name="Name")).to_be_visible()


def _name_taken(stage: Stage) -> None:
    _name_wanted(stage)
    stage.submit("/sign-in/name", name="Guest")


def _me(stage: Stage) -> None:
    """A member with a long name, who is signed in on two browsers."""
    address = f"{secrets.token_hex(8)}.of.a.long.and.windy.address@mail.example"
    for _ in range(2):
        stage.page.context.clear_cookies()
        stage.submit("/sign-in/mail", email=address)
        stage.submit("/sign-in/code", code=stage.lamp.code_sent_to(address))
        if stage.page.url.endswith("/sign-in/code"):
            stage.submit(
                "/sign-in/name", name=f"A member of {secrets.token_hex(8)} and of what lies around it"
            )
    stage.page.goto("/me")
    expect(stage.page.get_by_role("button", name="Sign out everywhere else")).to_be_visible()


def _passkeys(stage: Stage) -> None:
    """Somebody of staff with a passkey whose name is as long as they get."""
    plug_in(stage.page)
    stage.page.goto(stage.lamp.sign_in_link(f"Carol {secrets.token_hex(8)}"))
    stage.page.get_by_role("button", name="Sign in").click()
    add_passkey(stage.page, f"The key on my ring {secrets.token_hex(20)}")


def _passkey_refused(stage: Stage) -> None:
    stage.sign_in()
    stage.submit("/me/passkeys", name="My phone", credential="{}")
    expect(stage.page.get_by_role("alert")).to_be_visible()


def _passkey_not_known(stage: Stage) -> None:
    stage.submit("/sign-in/passkey", credential="{}")
    expect(stage.page.get_by_role("alert")).to_be_visible()


def _proof(stage: Stage) -> None:
    """The one with a passkey, an hour and a half later."""
    _passkeys(stage)
    statement = """
        UPDATE sessions SET proved_at = proved_at - 5400000, used_at = used_at - 5400000
        WHERE id = (SELECT max(id) FROM sessions)
    """
    stage.lamp.db.write_now(lambda tx: tx.run(statement))
    stage.page.goto("/me/passkeys")
    expect(stage.page.get_by_role("heading", name="Is it you")).to_be_visible()


def _proof_of_a_form(stage: Stage) -> None:
    _proof(stage)
    stage.submit("/me/passkeys", name="My phone", credential="{}")
    expect(stage.page.get_by_role("button", name="Send it again")).to_be_visible()


def _comments_left(stage: Stage) -> None:
    """A new member, and what was left with their address: on this browser and on another."""
    address = f"{secrets.token_hex(8)}@mail.example"
    where = stage.lamp.article().path
    stage.submit("/comments", url=where, **SIGNED | {"text": "Mine.", "email": address})
    body = {
        "thread": {"url": where},
        "text": "Not mine. " * 40,
        "author": {"name": "ميسان", "email": address},
    }
    with stage.lamp.client() as other:
        assert other.post("/api/v1/comments", json=body).status_code == 201
    stage.submit("/sign-in/mail", email=address)
    stage.submit("/sign-in/code", code=stage.lamp.code_sent_to(address))
    stage.submit("/sign-in/name", name=f"A member of {secrets.token_hex(8)} and of what lies around it")
    expect(stage.page.get_by_role("checkbox")).to_have_count(2)


def _my_name_taken(stage: Stage) -> None:
    _me(stage)
    stage.submit("/me/name", name="Guest")
    expect(stage.page.get_by_role("alert")).to_be_visible()


def _left_in_arabic(stage: Stage) -> None:
    _comments_left(stage)
    stage.page.goto("/me/comments-left?lang=ar")


def _vouched(stage: Stage, **said: object) -> str:
    """A token of the publisher's, for a trip that this browser went on."""
    nonce, trip = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    name = f"rejoinder-{stage.lamp.port}-trip"
    stage.page.context.add_cookies([{"name": name, "value": trip, "url": stage.lamp.base_url}])
    left = {"leads_to": "", "browser_hash": hash_token(trip), "network": secrets.token_bytes(16)}
    now = datetime.now(UTC)
    stage.lamp.db.write_now(begin_trip, stage.lamp.site.id, PUBLISHER, nonce, "", **left, now=now)
    return token_of(claims=claims_of_publisher(stage.lamp.base_url, nonce, **said))


def _arrived(stage: Stage) -> None:
    stage.submit("/sign-in/sso", token=_vouched(stage, name="Nell Tarn of the long pier"))
    expect(stage.page.get_by_role("button", name="Continue as")).to_be_visible()


def _who_is_new(stage: Stage) -> None:
    stage.submit("/sign-in/sso/enter", token=_vouched(stage, sub=secrets.token_hex(8)))
    expect(stage.page.get_by_role("textbox", name="Name")).to_have_value("Nell")


def _settings(stage: Stage) -> None:
    stage.sign_in("Alice", Role.OWNER)
    stage.page.goto("/settings")


def _settings_in_arabic(stage: Stage) -> None:
    _settings(stage)
    stage.page.goto("/settings?lang=ar")


def _settings_for_owners(stage: Stage) -> None:
    stage.sign_in()
    stage.page.goto("/settings")


def _settings_wrong(stage: Stage) -> None:
    _settings(stage)
    stage.page.get_by_label("Other origins").fill("https://app.example/")
    stage.page.get_by_label("Time zone").fill("Mars")
    stage.page.get_by_label("Accent in the dark").fill("#88aacc")
    stage.page.get_by_role("button", name="Save").click()
    expect(stage.page.get_by_role("alert")).to_be_focused()


def _settings_saved(stage: Stage) -> None:
    _settings(stage)
    stage.page.get_by_label("Reserved names").fill(f"Editor {secrets.token_hex(4)}")
    stage.page.get_by_role("button", name="Save").click()
    expect(stage.page.get_by_role("status")).to_contain_text("Saved.")


def _settings_crossed(stage: Stage) -> None:
    _settings(stage)
    stage.page.get_by_label("Reserved names").fill("Editor")
    stage.lamp.run("site", "set", f"reserved_names=Desk {secrets.token_hex(4)}")
    stage.page.get_by_role("button", name="Save").click()
    expect(stage.page.get_by_role("alert")).to_contain_text("changed while you had them open")


def _wrote(stage: Stage) -> None:
    """A member who wrote and voted, with one comment that waits and one that is gone."""
    _me(stage)
    stage.submit(f"/comments/{stage.talk.first}/vote", value="1")
    for _ in range(2):
        stage.post()
    _deleted(stage)
    _held(stage)


def _my_data_done(stage: Stage) -> None:
    _wrote(stage)
    stage.submit("/me/data/unsign", wish="unsign")
    expect(stage.page.get_by_role("status")).to_be_visible()


def _then(before: Callable[[Stage], None], path: str) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        before(stage)
        stage.page.goto(path)

    return go


def _by_mail(stage: Stage) -> None:
    """A guest who wrote with two names, opened by the link in the mail."""
    address = f"{secrets.token_hex(8)}.of.a.long.and.windy.address@mail.example"
    article = stage.lamp.article()
    for name in ("Nell", "A name that is as long as names may be here and still goes on for a while"):
        said = {"text": f"{name} said this, {secrets.token_hex(4)}: {LONG[:400]}"}
        stage.submit("/comments", url=article.path, **SIGNED | {"name": name, "email": address} | said)
        if stage.page.url.endswith("/comments"):  # a browser that was not known is shown a preview first
            stage.page.get_by_role("button", name="Post comment").click()
    stage.submit("/me/by-mail", email=address)
    stage.page.goto(stage.lamp.link_sent_to(address))
    expect(stage.page.get_by_role("checkbox")).to_have_count(2)


def _by_mail_sure(stage: Stage) -> None:
    _by_mail(stage)
    stage.page.get_by_role("button", name="Remove them").click()
    expect(stage.page.get_by_role("heading", name="Remove 2 comments?")).to_be_visible()


def _go(path: str) -> Callable[[Stage], None]:
    def go(stage: Stage) -> None:
        talk = stage.talk
        stage.page.goto(
            path.format(article=talk.article.path, first=talk.first, wide=talk.wide, gone=talk.gone)
        )

    return go


def _submit(path: str, **fields: str) -> Callable[[Stage], None]:
    def send(stage: Stage) -> None:
        stage.submit(path, **{"url": stage.talk.article.path, **fields})

    return send


def _thread(stage: Stage) -> None:
    stage.page.goto(stage.talk.article.path)
    thread = stage.page.locator("rejoinder-discussion").get_attribute("data-thread")
    stage.page.goto(f"/threads/{thread}")


def _replies(stage: Stage) -> None:
    stage.page.goto(stage.talk.article.path)
    stage.page.get_by_role("link", name="View 2 more replies").click()


STATES: dict[str, Callable[[Stage], None]] = {
    "front": _go("/"),
    "section": _go("/sections/coast"),
    "article without discussion": _go("/articles/about"),
    "article gone": _go("/articles/gone"),
    "discussion empty": _go("/articles/empty-for-all"),
    "discussion closed": _go("/articles/closed-for-all"),
    "discussion": _go("{article}"),
    "discussion newest": _go("{article}?sort=newest"),
    "thread": _thread,
    "replies": _replies,
    "discussion in Arabic": _go("{article}?lang=ar"),
    "moderation in Arabic": _moderation_in_arabic,
    "permalink": _go("/comments/{first}"),
    "back from the publisher": _arrived,
    "new from elsewhere": _who_is_new,
    "not let in from elsewhere": _submit("/sign-in/sso", token="a.b.c"),
    "not let in from elsewhere in Arabic": _submit("/sign-in/sso?lang=ar", token="a.b.c"),
    "permalink of a placeholder": _go("/comments/{gone}"),
    "reply": _go("/comments/{first}/reply?quote=1"),
    "form open": _form_open,
    "form refused": _form_refused,
    "reply open": _reply_open,
    "own in place": _own_in_place,
    "edit in place": _edit_in_place,
    "deleted in place": _deleted_in_place,
    "staff in place": _staff_in_place,
    "preview": _submit("/comments", preview="1", **SIGNED),
    "form again": _submit("/comments", text="Kept.", name=""),
    "manage": _manage,
    "manage held": _held,
    "manage deleted": _deleted,
    "manage as staff": _staff_manage,
    "two versions": _conflict,
    "sign-in needed": _go("/moderation"),
    "sign-in": _go("/sign-in"),
    "sign-in address wrong": _submit("/sign-in/mail", email="nell"),
    "sign-in code": lambda stage: stage.submit("/sign-in/mail", email=f"{secrets.token_hex(4)}@mail.example"),
    "sign-in code wrong": _code_wrong,
    "sign-in name": _name_wanted,
    "sign-in name taken": _name_taken,
    "sign-in in Arabic": _go("/sign-in?lang=ar"),
    "me": _me,
    "passkeys": _passkeys,
    "passkey refused": _passkey_refused,
    "passkey not known": _passkey_not_known,
    "proof": _proof,
    "proof of a form": _proof_of_a_form,
    "my name taken": _my_name_taken,
    "comments left": _comments_left,
    "comments left in Arabic": _left_in_arabic,
    "my comments": _then(_wrote, "/me/comments"),
    "my votes": _then(_wrote, "/me/votes"),
    "my data": _then(_wrote, "/me/data"),
    "my data in Arabic": _then(_wrote, "/me/data?lang=ar"),
    "my data done": _my_data_done,
    "remove my comments": _then(_wrote, "/me/data/remove"),
    "leave": _then(_wrote, "/me/data/leave"),
    "left": _go("/me/left"),
    "by mail": _go("/me/by-mail"),
    "by mail address wrong": _submit("/me/by-mail", email="nell"),
    "by mail link spent": _go(f"/me/by-mail?link={'a' * 43}"),
    "by mail sent": _go("/me/by-mail/sent"),
    "by mail left": _by_mail,
    "by mail sure": _by_mail_sure,
    "sign-in link": _go(f"/sign-in?code={'a' * 43}"),
    "sign-in link spent": _submit("/sign-in", code="a" * 43),
    "vote without cookie": _vote_first,
    "the API": _go("/api/docs"),
    "nothing here": _go("/comments/0000000000000"),
    "wrong value": _go("{article}?sort=loudest"),
    "too many": _too_many,
    "moderation": lambda stage: stage.sign_in(),
    "settings": _settings,
    "settings in Arabic": _settings_in_arabic,
    "settings wrong": _settings_wrong,
    "settings saved": _settings_saved,
    "settings crossed": _settings_crossed,
    "settings for owners only": _settings_for_owners,
}
