"""Keys turn, sign what travels, blind addresses, and end."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from rejoinder.db import Database
from rejoinder.errors import Invalid
from rejoinder.web.keys import Keys, blind_mailbox, blind_network, turn_keys
from rejoinder.web.signing import sign, unsign

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def keys(board_db: Database) -> Keys:
    return loaded(board_db)


def loaded(db: Database) -> Keys:
    keys = Keys(db)
    asyncio.run(keys.load())
    return keys


def test_what_was_signed_comes_back(keys: Keys) -> None:
    payload = {"text": "Grüße", "at": 7, "list": [1, None]}
    assert unsign(keys, "preview", sign(keys, "preview", payload, ttl=HOUR, now=NOW), now=NOW) == payload


def test_another_process_reads_what_this_one_signed(keys: Keys, board_db: Database) -> None:
    assert unsign(
        loaded(board_db), "preview", sign(keys, "preview", {"a": 1}, ttl=HOUR, now=NOW), now=NOW
    ) == {"a": 1}


@pytest.mark.parametrize(
    "change", ["purpose", "time", "body", "signature", "empty", "cut", "long", "letters"]
)
def test_anything_else_is_refused(keys: Keys, change: str) -> None:
    text = sign(keys, "preview", {"a": 1}, ttl=HOUR, now=NOW)
    body, _, signature = text.partition(".")
    purpose, now = "preview", NOW
    match change:
        case "purpose":
            purpose = "vote"
        case "time":
            now = NOW + HOUR + timedelta(seconds=2)
        case "body":
            text = f"{body[:-1]}{'A' if body[-1] != 'A' else 'B'}.{signature}"
        case "signature":
            text = f"{body}.{signature[::-1]}"
        case "empty":
            text = ""
        case "cut":
            text = body
        case "long":
            text = text + "x" * 5000
        case "letters":
            text = f"{body}.ü"
    with pytest.raises(Invalid) as refusal:
        unsign(keys, purpose, text, now=now)
    assert refusal.value.code == "form-expired"


def test_keys_are_made_once_and_turn_every_week(board_db: Database) -> None:
    first = board_db.write_now(turn_keys, now=NOW)
    assert board_db.write_now(turn_keys, now=NOW + 6 * DAY) == first
    second = board_db.write_now(turn_keys, now=NOW + 8 * DAY)
    assert {purpose: len(ring) for purpose, ring in second.items()} == {
        "forms": 2,
        "network": 2,
        "mailbox": 1,
    }
    assert all(second[purpose][-1] == first[purpose][0] for purpose in first)


def test_processes_that_begin_at_once_make_one_set_of_keys(db: Database) -> None:
    with ThreadPoolExecutor(8) as processes:
        moments = [NOW + timedelta(milliseconds=n) for n in range(8)]
        rings = list(processes.map(lambda now: db.write_now(turn_keys, now=now), moments))
    assert all(ring == rings[0] for ring in rings)
    assert {purpose: len(ring) for purpose, ring in rings[0].items()} == {
        "forms": 1,
        "network": 1,
        "mailbox": 1,
    }


def test_a_key_ends_after_thirty_days(board_db: Database) -> None:
    first = board_db.write_now(turn_keys, now=NOW)["network"][0]
    later = board_db.write_now(turn_keys, now=NOW + 31 * DAY)["network"]
    assert first not in later
    assert (
        board_db.read_now(
            lambda tx: tx.value("SELECT count(*) FROM keys WHERE ends_at < :now", now=NOW + 31 * DAY)
        )
        == 0
    )


def test_a_new_key_is_used_only_when_every_process_knows_it(board_db: Database) -> None:
    board_db.write_now(turn_keys, now=NOW - 8 * DAY)
    old = loaded(board_db)  # turns: there is a key of today now
    assert old.current("forms", NOW).made_at < NOW - 7 * DAY
    assert old.current("forms", NOW + 3 * HOUR).made_at > NOW - DAY
    text = sign(old, "preview", {"a": 1}, ttl=DAY, now=NOW)
    assert unsign(old, "preview", text, now=NOW + 3 * HOUR) == {"a": 1}


def test_a_blinded_network_is_the_same_until_the_key_turns(board_db: Database) -> None:
    keys = loaded(board_db)
    home, other = b"4\xc6\x33\x64", b"4\xc6\x33\x65"
    assert blind_network(keys, home, now=NOW) == blind_network(keys, home, now=NOW)
    assert blind_network(keys, home, now=NOW) != blind_network(keys, other, now=NOW)
    assert len(blind_network(keys, home, now=NOW)) == 16
    assert home not in blind_network(keys, home, now=NOW)
    before = blind_network(keys, home, now=NOW)
    board_db.write_now(turn_keys, now=NOW - DAY)
    board_db.write_now(turn_keys, now=NOW + 8 * DAY)
    turned = loaded(board_db)
    assert blind_network(turned, home, now=NOW + 9 * DAY) != before


def test_a_blinded_mailbox_is_the_same_for_as_long_as_mails_to_it_are_counted(board_db: Database) -> None:
    keys = loaded(board_db)
    first = blind_mailbox(keys, "nell@mail.example", now=NOW)
    for week in range(1, 6):
        board_db.write_now(turn_keys, now=NOW + week * 7 * DAY)
    turned = loaded(board_db)
    assert blind_mailbox(turned, "nell@mail.example", now=NOW + 35 * DAY) == first
    assert blind_mailbox(turned, "bea@mail.example", now=NOW + 35 * DAY) != first


def test_a_key_is_not_printed(keys: Keys) -> None:
    key = keys.current("forms", NOW)
    assert repr(key.value) not in repr(key)
