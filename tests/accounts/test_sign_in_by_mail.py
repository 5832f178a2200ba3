"""Signing in by mail from outside: a real server, a real mail server, and what its letters say (D11, D27, D28, D30)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from attacks import Corpora
from databases import Databases
from mail_server import WRITTEN, Arrived, Sink, mail_server, part
from rejoinder.accounts.models import Role
from rejoinder.text.addresses import check_email
from rejoinder.text.languages import LANGUAGES
from serving import Serving, fill, serving, until

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1"
BODY = {"email": "nell@mail.example"}


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    with mail_server() as sink:
        yield sink


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def post_office(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory, sink: Sink
) -> Iterator[Serving]:
    """A publication whose mail goes by SMTP."""
    folder = tmp_path_factory.mktemp("post-office") / "publication"
    fill(folder, articles=5)
    with (
        databases.migrated(request.param) as url,
        serving(url, folder, REJOINDER_MAIL_URL=sink.url) as server,
    ):
        yield server


def letter_to(sink: Sink, address: str) -> Arrived:
    """The next letter to an address; it is taken out of the mailbox."""

    def found() -> list[Arrived]:
        return [arrived for arrived in sink.arrived if arrived.receivers == [address]]

    until(lambda: bool(found()))
    letter = found()[0]
    sink.arrived.remove(letter)
    return letter


def digits_in(letter: Arrived) -> str:
    (digits,) = re.findall(r"^\d{6}$", letter.text, re.MULTILINE)
    return str(digits)


def ask(client: httpx.Client, sink: Sink, address: str) -> str:
    assert client.post("/sign-in/mail", data={"email": address}).headers["location"] == "/sign-in/code"
    return digits_in(letter_to(sink, address))


@contextmanager
def member(
    lamp: Serving, sink: Sink, address: str, name: str, agent: str = FIREFOX
) -> Iterator[httpx.Client]:
    """Somebody who signed in by mail; with a name of their own where they are new."""
    with lamp.client(**{"user-agent": agent}) as client:
        step = client.post("/sign-in/code", data={"code": ask(client, sink, address)})
        if step.headers["location"] == "/sign-in/code":
            step = client.post("/sign-in/name", data={"name": name})
        assert (step.status_code, step.headers["location"]) == (303, "/me"), step.text
        yield client


def session_of(lamp: Serving, client: httpx.Client) -> str:
    return client.cookies[f"rejoinder-{lamp.port}-session"]


def test_a_reader_signs_in_and_writes_under_their_name(post_office: Serving, sink: Sink) -> None:
    article = post_office.article()
    with member(post_office, sink, "nell@mail.example", "Nell") as nell:
        page = nell.get("/me")
        assert "Nell" in page.text and "nell@mail.example" in page.text and "Firefox · Linux" in page.text
        assert page.headers["cache-control"] == "private, no-store"
        assert nell.get("/moderation").status_code == 401
        body = {"thread": {"url": article.path}, "text": "Signed.", "author": {"name": "Alice"}}
        posted = nell.post("/api/v1/comments", json=body).json()
        assert posted["author"] == {"name": "Nell", "label": None, "website": None}
        mine = nell.get(f"/api/v1/threads/{posted['thread_id']}/mine").json()
        assert (mine["signed_in_as"], mine["staff"]) == ("Nell", None)
        assert [own["id"] for own in mine["comments"]] == [posted["id"]]


def test_staff_sign_in_by_mail(post_office: Serving, sink: Sink) -> None:
    words = ("admin", "create", "Alice", "--role", Role.OWNER, "--email", "Alice@mail.example")
    post_office.run(*words)
    with member(post_office, sink, "alice@mail.example", "") as alice:
        assert alice.get("/moderation").status_code == 200
    with post_office.client() as nell:
        ask(nell, sink, "new@mail.example")
        assert nell.post("/sign-in/name", data={"name": "New"}).status_code == 403


@pytest.mark.parametrize("name", ["Alice", "Аlice", "al1ce", "Guest", "", "\u202eecilA"])
def test_a_new_reader_takes_no_name_of_staff(post_office: Serving, sink: Sink, name: str) -> None:
    post_office.run("admin", "create", "Alice", "--role", Role.OWNER)
    with post_office.client() as mallory:
        address = f"mallory{abs(hash(name))}@mail.example"
        mallory.post("/sign-in/code", data={"code": ask(mallory, sink, address)})
        refused = mallory.post("/sign-in/name", data={"name": name})
        assert refused.status_code == 400 and 'aria-invalid="true"' in refused.text
        assert "set-cookie" not in refused.headers
        assert mallory.post("/sign-in/name", data={"name": f"Mallory {abs(hash(name))}"}).status_code == 303


def test_a_code_is_typed_again_and_then_no_more(post_office: Serving, sink: Sink) -> None:
    with post_office.client() as nell, post_office.client() as mallory:
        digits = ask(nell, sink, "again@mail.example")
        wrong = "000000" if digits != "000000" else "000001"
        assert mallory.post("/sign-in/code", data={"code": digits}).status_code == 403
        for left in (4, 3, 2, 1):
            page = nell.post("/sign-in/code", data={"code": wrong})
            assert page.status_code == 403 and f"{left} {'try' if left == 1 else 'tries'} left" in page.text
        assert "the last try" in nell.post("/sign-in/code", data={"code": wrong}).text
        spent = nell.post("/sign-in/code", data={"code": digits})
        assert spent.status_code == 403 and "set-cookie" not in spent.headers


def test_asking_answers_alike_whoever_is_known(post_office: Serving, sink: Sink) -> None:
    """D27: status, headers and body are the same, but for the cookie of a browser that had none."""
    post_office.run("admin", "create", "Dora", "--role", Role.MODERATOR, "--email", "dora@mail.example")
    answers = []
    for address in ("dora@mail.example", "nobody@mail.example"):
        with post_office.client() as client:
            answer = client.post("/sign-in/mail", data={"email": address})
            headers = {
                key: value for key, value in answer.headers.items() if key not in ("set-cookie", "date")
            }
            page = client.get("/sign-in/code").text.replace(address, "ADDRESS")
            answers.append((answer.status_code, answer.text, headers, page))
            letter_to(sink, address)
    assert answers[0] == answers[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_is_in_the_readers_language_and_says_only_what_we_wrote(
    post_office: Serving, sink: Sink, language: str
) -> None:
    """D28: two parts that say the same, no image, no link but to the site."""
    address = f"{language}@mail.example"
    with post_office.client() as client:
        client.post(f"/sign-in/mail?lang={language}", data={"email": address})
    letter = letter_to(sink, address)
    message, html = letter.message, part(letter.message, "html")
    digits = digits_in(letter)
    assert message["Content-Language"] == language
    assert digits in message["Subject"] and "The Lamp" in message["Subject"]
    assert message["From"] == "The Lamp <lamp@mail.example>"
    assert letter.sender == "lamp@mail.example"
    assert digits in html and f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html
    assert set(re.findall(r"https?://[^\s\"<]+", letter.text + html)) == {post_office.base_url}
    assert not re.search(r"<(img|link|script|style|form|iframe)", html)
    assert {kind.get_content_type() for kind in message.walk()} == {
        "multipart/alternative",
        "text/plain",
        "text/html",
    }


def test_no_header_of_a_request_changes_a_letter(post_office: Serving, sink: Sink) -> None:
    lies = {
        "x-forwarded-host": "evil.example",
        "forwarded": "host=evil.example",
        "x-forwarded-proto": "ftp",
        "accept-language": "de",
        "user-agent": "http://evil.example",
        "referer": "http://evil.example/",
        "x-original-url": "//evil.example",
    }
    letters = []
    for headers in ({}, lies):
        with post_office.client(**headers) as client:
            ask_again = client.post("/sign-in/mail", data={"email": "lies@mail.example"})
            assert ask_again.status_code == 303
            letter = letter_to(sink, "lies@mail.example")
            text = letter.raw.decode().replace(digits_in(letter), "DIGITS")
            letters.append(re.sub(r"(?m)^(Date|Message-ID): .*$|=+[0-9]+==", "", text))
    assert letters[0] == letters[1]
    with post_office.client(host="evil.example") as client:
        assert client.post("/sign-in/mail", data={"email": "lies@mail.example"}).status_code == 421


@pytest.mark.parametrize(
    "email",
    [
        "nell@mail.example\r\nBcc: mallory@evil.example",
        "nell@mail.example, mallory@evil.example",
        "Nell <nell@mail.example>",
        '"nell\r\n"@mail.example',
        "nell",
        "",
    ],
)
def test_what_is_no_address_gets_no_letter(post_office: Serving, sink: Sink, email: str) -> None:
    with post_office.client() as client:
        refused = client.post("/sign-in/mail", data={"email": email})
    assert refused.status_code == 400 and "set-cookie" not in refused.headers


ENDS = (
    "\r\n",
    "\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x85",
    "\u2028",
    "\u560d\u560a",
    "%0d%0a",
    "&#13;&#10;",
    "\\r\\n",
    "=0D=0A",
)
AROUND = (
    *(f"nell@mail.example{end}Bcc: mallory@evil.example" for end in ENDS),
    *(f"nell{end}Bcc: mallory@evil.example{end}@mail.example" for end in ENDS),
    *(f"nell@mail.example>{end}RCPT TO:<mallory@evil.example" for end in ENDS),
    *(f"{end}nell@mail.example{end}.{end}MAIL FROM:<a@evil.example>" for end in ENDS),
    *("a@evil.example;nell@mail.example", "a@evil.example nell@mail.example", "<nell@mail.example>"),
    *("a@evil.example\0@mail.example", "@evil.example:nell@mail.example", "evil!nell@mail.example"),
    *("nell%evil.example@mail.example", "nell@mail.example SIZE=1", "nell@mail.example\tBODY=8BITMIME"),
    *(
        "nell(evil)@mail.example",
        "nell@(evil)mail.example",
        "friends: nell@mail.example;",
        "nell@[127.0.0.1]",
    ),
    *(
        '"nell mallory@evil.example"@mail.example',
        "=?utf-8?q?nell=40evil.example?=@mail.example",
        "nell@evil@mail.example",
    ),
    *(
        "nell＠mail.example",
        "nell@mail。example",
        "nell@mаil.example",
        "nëll@mail.example",
        "nell@127.0.0.1",
        "nell@localhost",
    ),
    *(
        f"{'n' * 64}@{'m' * 63}.{'a' * 63}.{'i' * 57}.example",
        f"{'n' * 65}@mail.example",
        "!#$%&'*+/=?^_`{|}~-@mail.example",
    ),
)


def test_no_address_writes_a_header_or_sends_a_copy(
    post_office: Serving, sink: Sink, corpora: Corpora
) -> None:
    """D11: what is taken for an address is one, and its letter goes to it alone."""
    sink.arrived.clear()
    expected = []
    for attack in (*AROUND, *corpora.naughty[::8]):
        email = attack.encode(errors="replace").decode()
        with post_office.client() as client:
            answer = client.post("/sign-in/mail", data={"email": email})
        assert answer.status_code in (303, 400, 413), ascii(attack)
        if answer.status_code == 303:
            expected.append(check_email(email))
    assert 4 <= len(expected) < 60 and not any("evil" in address.partition("@")[2] for address in expected)
    until(lambda: len(sink.arrived) == len(expected))
    assert sorted(receiver for letter in sink.arrived for receiver in letter.receivers) == sorted(expected)
    for letter in sink.arrived:
        assert len(letter.receivers) == 1 and letter.sender == "lamp@mail.example"
        assert [to.addr_spec for to in letter.message["To"].addresses] == letter.receivers
        assert set(letter.message.keys()) <= WRITTEN and "evil.example\n" not in letter.text


def test_a_language_that_nobody_speaks_here_changes_no_letter(
    post_office: Serving, sink: Sink, corpora: Corpora
) -> None:
    """D11, D12: not one character of a letter is chosen by who asked for it."""
    sink.arrived.clear()
    sent = 0
    for number, attack in enumerate((*AROUND, *corpora.naughty)[::25]):
        language = attack.encode(errors="replace").decode() or "-"
        with post_office.client() as client:
            email = {"email": f"l{number}@mail.example"}
            sent += client.post("/sign-in/mail", params={"lang": language}, data=email).is_redirect
    assert sent > 15
    until(lambda: len(sink.arrived) == sent)
    for letter in sink.arrived:
        assert set(letter.message.keys()) <= WRITTEN and letter.message["Content-Language"] == "en"


def test_a_browser_is_known_as_its_persons_when_the_session_is_over(post_office: Serving, sink: Sink) -> None:
    """What strangers have sent to the address holds nobody up on a browser that proved it (D12)."""
    address = "olga@mail.example"
    with member(post_office, sink, address, "Olga") as olga:
        del olga.cookies[f"rejoinder-{post_office.port}-session"]
        assert olga.get("/me").status_code == 401
        answers = []
        for _ in range(5):
            with post_office.client() as mallory:
                answers.append(mallory.post("/sign-in/mail", data={"email": address}).status_code)
        assert answers == [303] * 3 + [429] * 2
        for _ in range(3):
            letter_to(sink, address)
        assert (
            olga.post("/sign-in/code", data={"code": ask(olga, sink, address)}).headers["location"] == "/me"
        )


def test_signing_in_makes_the_session_anew(post_office: Serving, sink: Sink) -> None:
    """Neither a session somebody planted before nor the one that was had goes on."""
    with member(post_office, sink, "rita@mail.example", "Rita") as rita:
        first = session_of(post_office, rita)
        rita.post("/sign-in/code", data={"code": ask(rita, sink, "rita@mail.example")})
        second = session_of(post_office, rita)
        assert first != second
        assert rita.get("/me").status_code == 200
        with post_office.client(cookie=f"rejoinder-{post_office.port}-session={first}") as old:
            assert old.get("/me").status_code == 401


def test_sessions_are_listed_and_ended_one_by_one_and_all(post_office: Serving, sink: Sink) -> None:
    address = "ines@mail.example"
    with (
        member(post_office, sink, address, "Ines") as here,
        member(post_office, sink, address, "Ines", PHONE) as phone,
        member(post_office, sink, address, "Ines", "curl/8") as third,
        member(post_office, sink, "mallory@mail.example", "Mallory") as mallory,
    ):
        page = here.get("/me").text
        assert page.count("since <time") == 3 and page.count("this one") == 1
        assert "Safari · iPhone" in page and "A browser" in page
        paths = re.findall(r'action="(/me/sessions/\w+/sign-out)"', page)
        assert len(paths) == 2
        for path in paths:  # somebody else's ends nothing
            assert mallory.post(path).status_code == 303
        assert [client.get("/me").status_code for client in (here, phone, third)] == [200, 200, 200]

        assert phone.post(paths[0]).status_code == 303  # the newest: the third
        assert [client.get("/me").status_code for client in (here, phone, third)] == [200, 200, 401]
        assert here.post("/me/sessions/sign-out").status_code == 303
        assert [client.get("/me").status_code for client in (here, phone, mallory)] == [200, 401, 200]

        out = here.post("/sign-out")
        assert out.status_code == 303
        assert here.get("/me").status_code == 401
        gone = [cookie.partition("=")[0] for cookie in out.headers.get_list("set-cookie")]
        port = post_office.port
        assert sorted(gone) == [f"rejoinder-{port}", f"rejoinder-{port}-marker", f"rejoinder-{port}-session"]


def test_a_session_that_ends_in_one_process_is_over_in_the_other(
    post_office: Serving, sink: Sink, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two servers on one database: the next request to either is refused."""
    folder = tmp_path_factory.mktemp("second") / "publication"
    fill(folder, articles=5)
    url = post_office.environ["REJOINDER_DATABASE_URL"]
    settings = {"REJOINDER_BASE_URL": post_office.base_url, "REJOINDER_MAIL_URL": sink.url}
    with (
        serving(url, folder, **settings) as second,
        member(post_office, sink, "two@mail.example", "Two") as client,
    ):
        cookie = f"rejoinder-{post_office.port}-session={session_of(post_office, client)}"
        host = post_office.base_url.partition("://")[2]
        with second.client(cookie=cookie, host=host) as other:
            assert other.get("/me").status_code == 200
            client.post("/sign-out")
            assert other.get("/me").status_code == 401


def test_addresses_and_codes_are_in_no_log(post_office: Serving, sink: Sink) -> None:
    sink.answers["canary@mail.example"] = "550 canary@mail.example is unknown"
    with post_office.client() as refused, post_office.client() as client:
        refused.post("/sign-in/mail", data={"email": "canary@mail.example"})
        digits = ask(client, sink, "other@mail.example")

    def log() -> str:
        return (post_office.folder.parent / "serve.log").read_text(encoding="utf-8")

    until(lambda: "refused for good" in log())
    assert "canary@" not in log() and digits not in log() and "other@" not in log()


def test_a_letter_that_does_not_get_through_is_sent_later(post_office: Serving, sink: Sink) -> None:
    sink.answers["late@mail.example"] = "451 late@mail.example: come back later"
    with post_office.client() as client:
        client.post("/sign-in/mail", data={"email": "late@mail.example"})
        until(lambda: "is tried again" in (post_office.folder.parent / "serve.log").read_text())
        assert "late@" not in (post_office.folder.parent / "serve.log").read_text()
        del sink.answers["late@mail.example"]
        assert client.post("/sign-in/code", data={"code": digits_in(letter_to(sink, "late@mail.example"))})
        assert client.get("/sign-in/code").text.count('name="name"') == 1
