"""Nobody signs as staff, and no name and no text leaves the box it is shown in (D24, D25), through every door."""

import pytest

from rejoinder.accounts.models import Role
from serving import Serving

IMITATIONS = (
    *(
        "Bob",
        "bob",
        "ВОВ",
        "Βob",
        "Ｂｏｂ",
        "𝐁𝐨𝐛",
        "B0b",
        "Bоb",
        "B o b",
        "Bob\u200b",
        "\u2066Bob\u2069",
        "Bob\u00ad",
    ),
    *("ʙᴏʙ", "Ⓑⓞⓑ", "Böb̈"[:1] + "ob"),
)
HIDDEN = (
    *(
        "Nell\u202e",
        "\u200b",
        "\u3164",
        "\u2800",
        " ",
        "\u00a0",
        "N\u0007ell",
        "Nell\u2028",
        "\ufeffNell",
        "\ue000",
    ),
    *("N" + "\u0301" * 8, "\u0301Nell", "Nell\n", "...", "Guest", "gast", "\U000e0041Nell"),
)
FINE = (
    "Nell O'Hara-Smith [ret.]",
    "José",
    "श्रीमान",
    "می‌خواهم",
    "👩‍🚀 Ada",
    "李小龍",
    "Nguyễn Thị Minh Khai",
    "Þór",
)


@pytest.mark.parametrize("door", ["form", "api"])
def test_no_guest_signs_with_a_name_that_is_somebody_s_or_that_hides_something(
    lamp: Serving, door: str
) -> None:
    with lamp.staff("Bob", Role.MODERATOR):
        pass
    url = lamp.article().path
    taken = []
    for name in (*IMITATIONS, *HIDDEN):
        with lamp.client() as mallory:
            if door == "form":
                fields = {"url": url, "text": "Trust me.", "name": name, "signed": ""}
                answer = mallory.post("/comments", data=fields)
                is_told = "fault-name" in answer.text or "What you wrote is kept here" in answer.text
            else:
                body = {"thread": {"url": url}, "text": "Trust me.", "author": {"name": name}}
                answer = mallory.post("/api/v1/comments", json=body)
                is_told = answer.status_code == 400 and answer.json().get("field") == "name"
        if answer.status_code != 400 or not is_told:
            taken.append((name, answer.status_code))
    assert taken == []


def test_a_person_s_own_name_is_taken_in_any_script(lamp: Serving) -> None:
    url = lamp.article().path
    for name in FINE:
        with lamp.client() as client:
            body = {"thread": {"url": url}, "text": f"I am {name}.", "author": {"name": name}}
            answer = client.post("/api/v1/comments", json=body)
            assert answer.status_code == 201, name
            assert f'<bdi itemprop="name">{name.replace(chr(39), "&#39;")}</bdi>' in answer.json()["fragment"]


def test_a_label_can_not_be_written(lamp: Serving) -> None:
    with lamp.client() as client:
        body = {"thread": {"url": lamp.article().path}, "text": "x", "author": {"name": "Nell · staff"}}
        answer = client.post("/api/v1/comments", json=body)
    assert answer.status_code == 400 or 'class="label"' not in answer.json()["fragment"]


def test_marks_do_not_pile_up_on_the_lines_above(lamp: Serving) -> None:
    with lamp.client() as client:
        body = {
            "thread": {"url": lamp.article().path},
            "text": "Z" + "\u0311" * 60,
            "author": {"name": "Nell"},
        }
        answer = client.post("/api/v1/comments", json=body)
    assert answer.status_code == 201
    assert answer.json()["fragment"].count("\u0311") <= 3
