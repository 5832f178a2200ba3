"""Guests come to their comments by a link in a mail: alike for all, for an hour, for one address and one purpose (D12, D13, D27)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from cast import DAY, HOUR, MINUTE, NOON, Stage, network_hash
from privacy.test_my_data import member, page_of, say
from rejoinder.accounts.tokens import hash_token, new_token
from rejoinder.db import Tx
from rejoinder.errors import TooMany, Unavailable
from rejoinder.privacy.by_mail import MOST_OUT, open_link, want_link
from rejoinder.privacy.errors import LinkSpent
from rejoinder.privacy.queries.links import set_token
from rejoinder.screening.limits import Addressee
from rejoinder.text.languages import LANGUAGES
from serving import Article, Serving


def link_to(lamp: Serving, client: httpx.Client, address: str, language: str = "en") -> str:
    """The path of a link that was asked for."""
    asked = client.post(f"/me/by-mail?lang={language}", data={"email": address})
    assert (asked.status_code, asked.headers["location"]) == (303, f"/me/by-mail/sent?lang={language}")
    return lamp.link_sent_to(address)


@contextmanager
def guest(
    lamp: Serving, article: Article, text: str, address: str, *, name: str = "Nell"
) -> Iterator[httpx.Client]:
    """A browser that wrote a comment and gave an address with it."""
    with lamp.client(cookie=f"rejoinder-{lamp.port}={new_token()}") as client:
        say(client, article, text, author={"name": name, "email": address})
        yield client


def ticks(page: str) -> dict[str, str]:
    """The boxes of a page by name, with what each stands for."""
    return dict(re.findall(r'name="(own-\d+)" value="(\w+)"', page))


def form_of(page: str, *own: str, wish: str) -> dict[str, str]:
    """The form of a page as it is sent with these boxes ticked."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    boxes = ticks(page)
    return hidden | {name: boxes[name] for name in own} | {"wish": wish}


def test_a_guest_removes_what_is_ticked_and_the_rest_only_loses_the_address(each_lamp: Serving) -> None:
    article, address = each_lamp.article(), "guest@mail.example"
    with (
        guest(each_lamp, article, "Mine.", address) as nell,
        guest(each_lamp, article, "Not mine.", address.upper(), name="Mallory"),
    ):
        link = link_to(each_lamp, nell, address)
        page = nell.get(link).text
        assert "Mine." in page and "Not mine." in page and page.count(" checked") == 1
        (own,) = re.findall(r'name="(own-\d+)" value="\w+" checked', page)
        form = form_of(page, own, wish="remove")
        asked = nell.post("/me/by-mail/ask", data=form)
        assert "Remove 1 comment?" in asked.text
        assert "Mine." in nell.get(article.path).text
        sent = {**dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', asked.text))}
        done = nell.post("/me/by-mail/erase", data=sent)
        assert done.headers["location"] == "/me/by-mail/done?lang=en"
        shown = page_of(nell, article, "Not mine.", gone="<p>Mine.")
        assert "Mallory" in shown
        assert nell.get(link).status_code == 403  # used up
        again = nell.get(link_to(each_lamp, nell, address)).text
        assert "Nothing was left here" in again


def test_a_guest_takes_their_comments_along(each_lamp: Serving) -> None:
    article, address = each_lamp.article(), "along@mail.example"
    with guest(each_lamp, article, "To take along.", address) as nell:
        page = nell.get(link_to(each_lamp, nell, address)).text
        form = form_of(page, "own-0", wish="")
        told = nell.post("/me/by-mail/export", data=form)
        assert told.headers["content-disposition"] == 'attachment; filename="my-data.json"'
        data = told.json()
        assert [text["text"] for one in data["comments"] for text in one["texts"]] == ["To take along."]
        assert [one["email"] for one in data["signatures"]] == [address]


def test_what_is_an_accounts_is_not_shown_to_a_link(each_lamp: Serving) -> None:
    article, address = each_lamp.article(), "inga@mail.example"
    with member(each_lamp, "Inga") as inga:
        say(inga, article, "The account’s.")
        page = inga.get(link_to(each_lamp, inga, address)).text
    assert "There is an account with this address." in page
    assert "The account’s." not in page


def test_asking_answers_alike_whoever_left_something(each_lamp: Serving) -> None:
    """D27: status, headers and body are the same."""
    article = each_lamp.article()
    answers = []
    with guest(each_lamp, article, "Known.", "known@mail.example"):
        pass
    for address in ("known@mail.example", "unknown@mail.example"):
        with each_lamp.client() as client:
            answer = client.post("/me/by-mail", data={"email": address})
            headers = {name: value for name, value in answer.headers.items() if name != "date"}
            answers.append((answer.status_code, headers, client.get(answer.headers["location"]).text))
            each_lamp.link_sent_to(address)
    assert answers[0] == answers[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_link_leads_to_pages_in_the_language_of_the_mail(lamp: Serving, language: str) -> None:
    article, address = lamp.article(), f"guest-{language}@mail.example"
    with guest(lamp, article, "Said.", address) as nell:
        page = nell.get(link_to(lamp, nell, address, language)).text
        assert f'<html lang="{language}"' in page
        asked = nell.post(f"/me/by-mail/ask?lang={language}", data=form_of(page, "own-0", wish="unsign"))
        assert f'<html lang="{language}"' in asked.text
        assert f"/me/by-mail/erase?lang={language}" in asked.text


def test_a_link_opens_one_address_and_one_thing(each_lamp: Serving) -> None:
    """D13: no other token opens it, and it opens nothing else."""
    article = each_lamp.article()
    with (
        guest(each_lamp, article, "One.", "one@mail.example") as one,
        guest(each_lamp, article, "Two.", "two@mail.example") as two,
    ):
        page = one.get(link_to(each_lamp, one, "one@mail.example")).text
        other = two.get(link_to(each_lamp, two, "two@mail.example")).text
        mine = form_of(page, "own-0", wish="remove")
        # Another's signature, ticked with one's own link: nothing of theirs goes, nor their address.
        stolen = mine | {"own-0": ticks(other)["own-0"], "shown": ticks(other)["own-0"]}
        assert one.post("/me/by-mail/export", data=stolen).json()["comments"] == []
        one.post("/me/by-mail/erase", data=stolen)
        assert "Two." in two.get(article.path).text
        assert "Two." in two.get(link_to(each_lamp, two, "two@mail.example")).text
        token = form_of(other, wish="")["link"]
        assert one.post("/sign-in", data={"code": token}).status_code == 403
        assert one.get("/me", headers={"authorization": f"Bearer {token}"}).status_code == 401
        code = each_lamp.sign_in_link().partition("code=")[2]
        session = one.post("/sign-in", data={"code": code}).cookies[f"rejoinder-{each_lamp.port}-session"]
        for secret in (code, session, one.cookies.get(f"rejoinder-{each_lamp.port}") or new_token()):
            assert one.get(f"/me/by-mail?link={secret}").status_code == 403
            assert one.post("/me/by-mail/erase", data=mine | {"link": secret}).status_code == 403


def test_looking_at_a_link_changes_nothing(each_lamp: Serving) -> None:
    article, address = each_lamp.article(), "look@mail.example"
    with guest(each_lamp, article, "Still here.", address) as nell:
        link = link_to(each_lamp, nell, address)
        for _ in range(2):
            assert "Still here." in nell.get(link).text
        assert nell.head(link).status_code in (200, 405)
        assert nell.get(link).headers["cache-control"] == "private, no-store"
        assert 'name="referrer" content="no-referrer"' in nell.get(link).text


@pytest.mark.parametrize(
    "address", ["nell", "", "nell@mail.example, mallory@evil.example", "a@b\r\nBcc: c@d.example"]
)
def test_what_is_no_address_gets_no_link(lamp: Serving, address: str) -> None:
    with lamp.client() as client:
        assert client.post("/me/by-mail", data={"email": address}).status_code == 400


def addressee(mailbox: str = "m", network: str = "n") -> Addressee:
    return Addressee(network_hash(mailbox), network_hash(network))


def want(stage: Stage, address: str, to: Addressee, now: datetime = NOON) -> None:
    stage.write(want_link, stage.site.id, address, "en", to, now=now)


def test_a_link_is_good_for_an_hour(stage: Stage) -> None:
    want(stage, "nell@mail.example", addressee())
    token = new_token()

    def give(tx: Tx) -> None:
        set_token(tx, tx.value("SELECT id FROM mail_links"), hash_token(token))

    stage.write(give)
    stage.read(open_link, stage.site.id, token, None, now=NOON + HOUR - timedelta(seconds=1))
    with pytest.raises(LinkSpent):
        stage.read(open_link, stage.site.id, token, None, now=NOON + HOUR)


def test_no_mailbox_gets_more_than_three_links_a_day_and_six_in_thirty(stage: Stage) -> None:
    for day in range(2):
        now = NOON + day * DAY + day * MINUTE
        for sent in range(3):
            want(stage, "nell@mail.example", addressee("m", f"network {day} {sent}"), now)
        with pytest.raises(TooMany):
            want(stage, "nell@mail.example", addressee("m", "another"), now + HOUR)
    with pytest.raises(TooMany):
        want(stage, "nell@mail.example", addressee("m", "another"), NOON + 29 * DAY)
    want(stage, "nell@mail.example", addressee("m", "another"), NOON + 31 * DAY)


def test_when_links_are_asked_for_and_never_used_no_more_are_sent(stage: Stage) -> None:
    for number in range(MOST_OUT):
        want(stage, f"{number}@mail.example", addressee(str(number), str(number)))
    with pytest.raises(Unavailable):
        want(stage, "nell@mail.example", addressee())
    want(stage, "nell@mail.example", addressee(), NOON + HOUR)


def test_the_token_of_a_link_is_nowhere_but_in_the_mail(lamp: Serving) -> None:
    with lamp.client() as client:
        token = link_to(lamp, client, "token@mail.example").partition("link=")[2]
    file = lamp.environ["REJOINDER_DATABASE_URL"].removeprefix("sqlite:///")
    for path in (Path(file), Path(f"{file}-wal")):
        assert token.encode() not in path.read_bytes()
    assert token not in (lamp.folder.parent / "serve.log").read_text()
