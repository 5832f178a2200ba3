"""Passkeys from outside: a real server at a name, and devices in software that sign honestly or lie (D27, D30)."""

import json
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from authenticator import Device
from cast import NOON, Stage, all_at_once
from databases import Databases
from rejoinder.accounts.errors import PasskeyRefused, TooManyPasskeys
from rejoinder.accounts.jobs import forget_expired
from rejoinder.accounts.models import Browser, Passkey, Purpose
from rejoinder.accounts.passkeys import MOST_PASSKEYS, add_passkey, challenge_browser, sign_in_with
from rejoinder.accounts.queries.passkeys import delete_passkey, find_passkey, list_passkeys
from rejoinder.db import Tx, new_id
from rejoinder.screening.limits import Sender
from rejoinder.sites.models import Rules
from rejoinder.sites.queries import insert_site
from serving import Serving, fill, serving

REFUSED = "This passkey was not accepted."


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def named(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """A publication at a name; at an address of digits there are no passkeys."""
    folder = tmp_path_factory.mktemp("named") / "publication"
    fill(folder, articles=3)
    with databases.migrated(request.param) as url, serving(url, folder, host="localhost") as server:
        yield server


@contextmanager
def staff_with(named: Serving, device: Device, name: str | None = None) -> Iterator[httpx.Client]:
    """Somebody new who is signed in and has a passkey."""
    with named.staff(name or f"Carol {secrets.token_hex(4)}") as carol:
        added = add(carol, device)
        assert (added.status_code, added.headers.get("location")) == (303, "/me/passkeys"), added.text
        yield carol


def add(client: httpx.Client, device: Device, **fields: str) -> httpx.Response:
    asked = client.post("/me/passkeys/challenge", data={})
    assert asked.status_code == 200, asked.text
    return client.post("/me/passkeys", data={"credential": device.make(asked.json()), **fields})


def challenge(client: httpx.Client) -> dict[str, Any]:
    asked = client.post("/sign-in/passkey/challenge", data={})
    assert asked.status_code == 200, asked.text
    answer: dict[str, Any] = asked.json()
    return answer


def sign_in(client: httpx.Client, device: Device, **fields: str) -> httpx.Response:
    return client.post("/sign-in/passkey", data={"credential": device.sign(challenge(client)), **fields})


def name_of(client: httpx.Client) -> str | None:
    """Who is signed in, by their own page."""
    page = client.get("/me")
    assert page.status_code in {200, 401}
    return re.findall(r"<h1><bdi>(.*?)</bdi>", page.text)[0] if page.status_code == 200 else None


def refusal(answer: httpx.Response) -> tuple[int, bool, bool]:
    return answer.status_code, REFUSED in answer.text, "session" in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("kind", ["ES256", "EdDSA", "RS256"])
@pytest.mark.parametrize("counts", [True, False])
def test_a_passkey_is_added_and_signs_in_on_another_browser(named: Serving, kind: Any, counts: bool) -> None:
    device = Device(named.base_url, kind, counts=counts)
    with staff_with(named, device) as carol, named.client() as phone:
        assert name_of(phone) is None
        for _ in range(2):
            answer = sign_in(phone, device)
            assert (answer.status_code, answer.headers["location"]) == (303, "/me"), answer.text
            assert name_of(phone) == name_of(carol)
        assert "last used" in carol.get("/me/passkeys").text


def test_what_is_asked_for_names_nobody_and_wants_a_finger_a_face_or_a_pin(named: Serving) -> None:
    device = Device(named.base_url)
    with staff_with(named, device) as carol, named.client() as stranger:
        made = carol.post("/me/passkeys/challenge", data={}).json()
        assert made["rp"] == {"id": "localhost", "name": "The Lamp"}
        assert made["attestation"] == "none"
        assert made["authenticatorSelection"] == {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        }
        assert {one["alg"] for one in made["pubKeyCredParams"]} == {-7, -8, -257}
        assert len(made["excludeCredentials"]) == 1
        signed = challenge(stranger)
        assert (signed["rpId"], signed["userVerification"]) == ("localhost", "required")
        assert signed["allowCredentials"] == []
        assert len(challenge(carol)["allowCredentials"]) == 1


def an_unknown_one(device: Device) -> None:
    device.credential_id = secrets.token_bytes(16)


def another_key(device: Device) -> None:
    device.key = Device(device.origin).key


def another_origin(device: Device) -> None:
    device.origin = "https://evil.example"


def another_port(device: Device) -> None:
    device.origin = "http://localhost:1"


def another_host(device: Device) -> None:
    device.host = "evil.example"


def nobody_looked(device: Device) -> None:
    device.verifies = False


def a_copy(device: Device) -> None:
    device.count = 0


def somebody_elses_handle(device: Device) -> None:
    device.handle = bytes(8)


LIES: tuple[Callable[[Device], None], ...] = (
    an_unknown_one,
    another_key,
    another_origin,
    another_port,
    another_host,
    nobody_looked,
    a_copy,
    somebody_elses_handle,
)


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_what_is_not_signed_rightly_is_refused_alike(named: Serving, lie: Callable[[Device], None]) -> None:
    device = Device(named.base_url)
    with staff_with(named, device), named.client() as phone, named.client() as other:
        assert sign_in(phone, device).status_code == 303
        lie(device)
        answer = sign_in(other, device)
        assert refusal(answer) == (403, True, False)
        assert name_of(other) is None


@pytest.mark.parametrize("credential", ["", "{}", "null", "[" * 8000, '{"id": "x"}', "\u0661", "{" * 15000])
def test_what_is_no_credential_at_all_is_refused_alike(named: Serving, credential: str) -> None:
    with named.client() as phone:
        challenge(phone)
        assert refusal(phone.post("/sign-in/passkey", data={"credential": credential})) == (403, True, False)


def test_an_answer_is_good_once_and_on_its_browser_only(named: Serving) -> None:
    device = Device(named.base_url, counts=False)
    with staff_with(named, device), named.client() as phone, named.client() as thief:
        answer = device.sign(challenge(phone))
        challenge(thief)
        assert refusal(thief.post("/sign-in/passkey", data={"credential": answer})) == (403, True, False)
        assert phone.post("/sign-in/passkey", data={"credential": answer}).status_code == 303
        phone.post("/sign-out", data={})
        assert phone.post("/sign-in/passkey", data={"credential": answer}).status_code == 403


def test_a_wrong_answer_uses_the_challenge_up(named: Serving) -> None:
    device = Device(named.base_url, counts=False)
    with staff_with(named, device), named.client() as phone:
        answer = device.sign(challenge(phone))
        assert phone.post("/sign-in/passkey", data={"credential": "{}"}).status_code == 403
        assert refusal(phone.post("/sign-in/passkey", data={"credential": answer})) == (403, True, False)


def test_a_challenge_is_good_for_five_minutes(named: Serving) -> None:
    device = Device(named.base_url)

    def age(tx: Tx, ms: int) -> int:
        return tx.run("UPDATE passkey_challenges SET expires_at = expires_at - :ms", ms=ms)

    with staff_with(named, device), named.client() as phone:
        for minutes, status in ((4, 303), (5, 403)):
            answer = device.sign(challenge(phone))
            named.db.write_now(age, minutes * 60_000)
            assert phone.post("/sign-in/passkey", data={"credential": answer}).status_code == status


def test_a_removed_passkey_opens_nothing_and_only_its_owner_removes_it(named: Serving) -> None:
    device = Device(named.base_url)
    with staff_with(named, device) as carol, named.staff("Mallory") as mallory, named.client() as phone:
        where = re.findall(r"/me/passkeys/\w+/remove", carol.get("/me/passkeys").text)[0]
        assert mallory.post(where, data={}).status_code == 303
        assert sign_in(phone, device).status_code == 303

        assert carol.post(where, data={}).status_code == 303
        with named.client() as other:
            assert refusal(sign_in(other, device)) == (403, True, False)
        assert where not in carol.get("/me/passkeys").text


@pytest.mark.parametrize(
    "lie", [another_origin, another_port, another_host, nobody_looked], ids=lambda lie: lie.__name__
)
def test_what_is_not_made_rightly_is_not_added(named: Serving, lie: Callable[[Device], None]) -> None:
    device = Device(named.base_url)
    lie(device)
    with named.staff("Dora") as dora:
        answer = add(dora, device, name="My <phone>")
        assert refusal(answer) == (400, True, False)
        assert 'value="My &lt;phone&gt;"' in answer.text
        assert "/remove" not in dora.get("/me/passkeys").text


def test_a_key_of_a_kind_that_was_not_asked_for_is_not_added(named: Serving) -> None:
    with named.staff("Dora") as dora:
        assert add(dora, Device(named.base_url, "ES256K")).status_code == 400


def test_a_passkey_that_somebody_has_is_added_by_nobody_else(named: Serving) -> None:
    device = Device(named.base_url)
    with staff_with(named, device) as carol, named.staff("Mallory") as mallory:
        owner = name_of(carol)
        assert add(mallory, device).status_code == 400
        with named.client() as phone:
            device.handle = b""  # the device knows the last one it was made for
            assert refusal(sign_in(phone, device)) == (403, True, False)
        assert owner == name_of(carol)


def test_what_was_asked_for_signing_in_adds_no_passkey(named: Serving) -> None:
    device = Device(named.base_url)
    with named.staff("Dora") as dora:
        asked = dora.post("/me/passkeys/challenge", data={}).json()
        signing = challenge(dora)
        answer = device.make(asked | {"challenge": signing["challenge"]})
        assert dora.post("/me/passkeys", data={"credential": answer}).status_code == 400


def test_what_a_passkey_is_called_is_text_in_one_line_and_who_says_nothing_gets_the_browser(
    named: Serving,
) -> None:
    with named.staff("Gina") as gina:
        add(gina, Device(named.base_url), name="  <b>My</b>\n key ")
        gina.headers["user-agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"
        add(gina, Device(named.base_url))
        page = gina.get("/me/passkeys").text
        assert "<p><bdi>&lt;b&gt;My&lt;/b&gt; key</bdi></p>" in page
        assert "<p><bdi>Firefox · Linux</bdi></p>" in page
        assert add(gina, Device(named.base_url), name="x" * 61).status_code == 400


def grow_old(tx: Tx) -> int:
    return tx.run("UPDATE sessions SET proved_at = proved_at - 5400000, used_at = used_at - 5400000")


def test_a_passkey_proves_anew_who_is_signed_in_and_nobody_else(named: Serving) -> None:
    mine, other = Device(named.base_url), Device(named.base_url)
    with staff_with(named, mine) as carol, staff_with(named, other):
        named.db.write_now(grow_old)
        asked = carol.get("/me/passkeys")
        assert asked.status_code == 403
        assert 'data-passkey="/sign-in/passkey/challenge"' in asked.text
        assert carol.post("/me/passkeys/challenge", data={}).status_code == 403

        assert refusal(sign_in(carol, other)) == (403, True, False)
        assert carol.get("/me/passkeys").status_code == 403
        answer = sign_in(carol, mine, next="/me/passkeys")
        assert (answer.status_code, answer.headers["location"]) == (303, "/me/passkeys")
        assert carol.get("/me/passkeys").status_code == 200
        answer = sign_in(carol, mine, next="//evil.example")
        assert answer.headers["location"] == "/me"


def test_one_network_asks_for_so_many_challenges_and_no_more(named: Serving) -> None:
    with named.client() as phone:
        answers = [phone.post("/sign-in/passkey/challenge", data={}).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


def test_staff_without_a_passkey_are_told_of_them_where_there_can_be_any(
    named: Serving, each_lamp: Serving
) -> None:
    with named.staff("Fran") as fran, each_lamp.staff("Fran") as digits:
        assert "You have none yet." in fran.get("/me").text
        assert "asskey" not in digits.get("/me").text
        assert "passkeys" in fran.get("/sign-in").text
        assert "passkeys" not in digits.get("/sign-in").text
        answer = digits.get("/me/passkeys")
        assert answer.status_code == 403
        assert "an address that is a name, not digits" in answer.text


def passkey_of(stage: Stage, count: int = 1, site_id: int | None = None) -> Passkey:
    account_id = stage.bob.person.account_id if stage.bob.person else 0
    named = secrets.token_bytes(16)
    return Passkey(new_id(), site_id or stage.site.id, account_id, named, b"", count, "Phone", NOON, None)


def test_an_account_has_twenty_passkeys_and_no_more(stage: Stage) -> None:
    for _ in range(MOST_PASSKEYS):
        stage.write(add_passkey, passkey_of(stage))
    with pytest.raises(TooManyPasskeys):
        stage.write(add_passkey, passkey_of(stage))


def test_a_passkey_of_one_site_is_not_known_on_another(stage: Stage) -> None:
    stage.write(insert_site, elsewhere := new_id(), "https://elsewhere.example", Rules())
    stage.write(add_passkey, passkey := passkey_of(stage))

    assert stage.read(find_passkey, stage.site.id, passkey.credential_id)
    assert stage.read(find_passkey, elsewhere, passkey.credential_id) is None
    stage.write(delete_passkey, elsewhere, passkey.account_id, passkey.id)
    assert len(stage.read(list_passkeys, stage.site.id, passkey.account_id)) == 1


def test_of_two_uses_with_one_count_one_is_taken_and_none_after_it_was_removed(stage: Stage) -> None:
    stage.write(add_passkey, passkey := passkey_of(stage))
    answers = all_at_once(8, lambda n: stage.write(sign_in_with, passkey, 2, Browser(), now=NOON))
    assert sum(isinstance(answer, str) for answer in answers) == 1
    assert sum(isinstance(answer, PasskeyRefused) for answer in answers) == 7

    again = stage.read(find_passkey, stage.site.id, passkey.credential_id)
    stage.write(delete_passkey, stage.site.id, passkey.account_id, passkey.id)
    with pytest.raises(PasskeyRefused):
        stage.write(sign_in_with, again, 3, Browser(), now=NOON)


def test_challenges_that_nobody_answered_are_forgotten(stage: Stage) -> None:
    now = datetime.now(UTC)
    for age in (timedelta(minutes=6), timedelta(minutes=4)):
        sender = Sender(None, secrets.token_bytes(16))
        browser = secrets.token_bytes(32)
        stage.write(
            challenge_browser,
            stage.site.id,
            browser,
            Purpose.SIGN_IN,
            None,
            sender=sender,
            now=now - age,
        )
    stage.write(forget_expired)
    assert stage.read(lambda tx: tx.value("SELECT count(*) FROM passkey_challenges")) == 1


def test_the_answer_is_json_that_nobody_keeps(named: Serving) -> None:
    with named.client() as phone:
        asked = phone.post("/sign-in/passkey/challenge", data={})
    assert json.loads(asked.text)["challenge"]
    assert asked.headers["cache-control"] == "private, no-store"
