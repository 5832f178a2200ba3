"""My data from outside, on a real server: comments, votes, one file, removing, leaving (D38)."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from rejoinder.accounts.models import Role
from serving import Article, Serving, until


@contextmanager
def member(lamp: Serving, name: str) -> Iterator[httpx.Client]:
    """Somebody who signed in by mail under a name of their own."""
    address = f"{name.lower()}@mail.example"
    with lamp.client() as client:
        client.post("/sign-in/mail", data={"email": address})
        client.post("/sign-in/code", data={"code": lamp.code_sent_to(address)})
        assert client.post("/sign-in/name", data={"name": name}).status_code in (303, 403)
        yield client


def say(client: httpx.Client, article: Article, text: str, **more: object) -> str:
    body = {"thread": {"url": article.path}, "text": text, "author": {"name": "Nell"}, **more}
    answer = client.post("/api/v1/comments", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def page_of(client: httpx.Client, article: Article, has: str, *, gone: str) -> str:
    """The article's page once it shows the one and not the other."""
    until(lambda: has in (page := client.get(article.path).text) and gone not in page)
    return client.get(article.path).text


def test_who_is_signed_in_sees_their_comments_and_votes_page_by_page(each_lamp: Serving) -> None:
    article = each_lamp.article()
    other = each_lamp.say(article, "Vote for this.", name="Paula")
    with member(each_lamp, "Vera") as vera, member(each_lamp, "Mallory") as mallory:
        vera.put(f"/api/v1/comments/{other}/vote", json={"value": 1})
        for number in range(4):
            say(vera, article, f"Vera {number}.")
        gone = say(vera, article, "I take this back.")
        vera.delete(f"/api/v1/comments/{gone}")
        say(mallory, article, "Mine, not hers.")
        page = vera.get("/me/comments")
        assert page.headers["cache-control"] == "private, no-store"
        assert [f"Vera {n}." in page.text for n in range(4)] == [True] * 4
        assert "Mine, not hers." not in page.text and "Deleted." in page.text
        assert page.text.index("Vera 3.") < page.text.index("Vera 0.")
        votes = vera.get("/me/votes").text
        assert "Paula" in votes and f"/comments/{other}" in votes
        assert f"/comments/{other}" not in mallory.get("/me/votes").text
        assert vera.get("/me/comments?before=nothing").status_code == 404
        assert "/me/comments" in vera.get("/me").text


def test_the_file_holds_what_was_written_and_nobody_elses(each_lamp: Serving) -> None:
    article = each_lamp.article()
    other = each_lamp.say(article, "Somebody else.", name="Paula")
    with member(each_lamp, "Ewa") as ewa:
        first = say(ewa, article, "What I said.")
        edited = ewa.patch(f"/api/v1/comments/{first}", json={"text": "What I meant.", "revision": 1})
        assert edited.status_code == 200
        ewa.put(f"/api/v1/comments/{other}/vote", json={"value": -1})
        answer = ewa.get("/me/data/export")
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="my-data.json"'
    told = json.loads(answer.text)
    assert (told["format"], told["version"], told["site"]) == ("rejoinder-person", 1, each_lamp.base_url)
    assert [(one["name"], one["email"]) for one in told["account"]] == [("Ewa", "ewa@mail.example")]
    (comment,) = told["comments"]
    assert (comment["id"], comment["status"]) == (first, "published")
    assert [text["text"] for text in comment["texts"]] == ["What I said.", "What I meant."]
    assert [(vote["comment_id"], vote["value"]) for vote in told["votes"]] == [(other, -1)]
    assert "Somebody else." not in answer.text


def test_removing_asks_once_more_and_leaves_a_place_where_others_answered(each_lamp: Serving) -> None:
    article = each_lamp.article()
    with member(each_lamp, "Olga") as olga:
        said = say(olga, article, "Olga said this.")
        each_lamp.say(article, "And I answered.", below=said)
        assert "Olga said this." in olga.get(article.path).text
        asked = olga.get("/me/data/remove").text
        assert "Remove 1 comment?" in asked and "can’t be undone" in asked
        assert "Olga said this." in olga.get(article.path).text  # looking changes nothing
        assert olga.post("/me/data/remove", data={"wish": "remove"}).headers["location"] == "/me/data"
        page = page_of(olga, article, "Deleted by its author.", gone="Olga said this.")
        assert "And I answered." in page and "Olga" not in page
        assert "Your comments were removed." in olga.get("/me/data").text
        assert say(olga, article, "Here again.")


def test_a_name_is_taken_off_and_the_words_stay(each_lamp: Serving) -> None:
    article = each_lamp.article()
    with member(each_lamp, "Hanna") as hanna:
        said = say(hanna, article, "Words that stay.")
        below = each_lamp.say(article, "An answer.", below=said)
        say(hanna, article, "A deeper one.", reply_to=below)
        assert "Hanna" in hanna.get(article.path).text
        hanna.post("/me/data/unsign", data={"wish": "unsign"})
        page = page_of(hanna, article, "No name", gone="Hanna")
        assert "Words that stay." in page and "A deeper one." in page
        again = hanna.get(f"/api/v1/comments/{said}").json()
        assert again["author"] == {"name": "", "label": None, "website": None}


def test_leaving_ends_the_account_everywhere(each_lamp: Serving) -> None:
    article = each_lamp.article()
    with member(each_lamp, "Ada") as ada, member(each_lamp, "Ada") as phone:
        say(ada, article, "I was here.")
        page = ada.get("/me/data/leave").text
        assert re.findall(r'name="wish" value="(\w+)" required', page) == ["unsign", "remove"]
        unsaid = ada.post("/me/data/leave", data={"wish": ""})
        assert unsaid.status_code == 400
        done = ada.post("/me/data/leave", data={"wish": "unsign"})
        assert (done.status_code, done.headers["location"]) == (303, "/me/left")
        assert len([line for line in done.headers.get_list("set-cookie") if "Max-Age=0" in line]) == 3
        assert ada.get("/me").status_code == phone.get("/me").status_code == 401
        page_of(ada, article, "I was here.", gone="Ada")


def test_the_only_owner_is_told_what_to_do(lamp: Serving) -> None:
    with lamp.staff("Alice", Role.OWNER) as alice:
        refused = alice.post("/me/data/leave", data={"wish": "remove"})
        assert refused.status_code == 409 and "rejoinder admin grant" in refused.text
        assert alice.get("/me").status_code == 200
