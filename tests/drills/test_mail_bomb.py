"""Ten thousand people, each from a network of their own, can't make us flood a mailbox, or ten thousand of them (D12)."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from drills.process import Process
from drills.writing import client_of
from mail_server import SENDER, Arrived, Sink, mail_server
from serving import until

TIMES = 10_000
AT_ONCE = 20


@contextmanager
def posting(url: str, folder: Path, sink: Sink) -> Iterator[Process]:
    server = Process(url, folder, REJOINDER_MAIL_URL=sink.url, REJOINDER_MAIL_FROM=SENDER)
    try:
        server.start()
        yield server
    finally:
        server.end()


def ask_for_codes(server: Process, address: Callable[[int], str]) -> Counter[int]:
    """Ten thousand wishes, each of another network; what was answered."""

    async def ask() -> Counter[int]:
        client, places = client_of(server), asyncio.Semaphore(AT_ONCE)

        async def once(number: int) -> int:
            headers = {
                "x-forwarded-for": f"10.{number >> 8}.{number & 255}.7",
                "sec-fetch-site": "same-origin",
            }
            async with places:
                answer = await client.post("/sign-in/mail", data={"email": address(number)}, headers=headers)
            return answer.status_code

        try:
            return Counter(await asyncio.gather(*map(once, range(TIMES))))
        finally:
            await client.aclose()

    return asyncio.run(ask())


def spelled(number: int) -> str:
    """One mailbox, with dots, tags and capitals."""
    dots = "".join(letter + "." * (number >> place & 1) for place, letter in enumerate("vict"))
    return f"{dots}im+{number}@{('gmail.com', 'GMail.com', 'googlemail.com')[number % 3]}"


def test_ten_thousand_wishes_for_one_mailbox_are_three_letters(empty_url: str, tmp_path: Path) -> None:
    with mail_server() as sink, posting(empty_url, tmp_path, sink) as server:
        assert ask_for_codes(server, spelled) == {303: 3, 429: TIMES - 3}
        until(lambda: len(sink.arrived) == 3)
        assert len({said_in(letter) for letter in sink.arrived}) == 1


def test_ten_thousand_mailboxes_get_a_hundred_letters_and_the_operator_hears_of_it(
    empty_url: str, tmp_path: Path
) -> None:
    with mail_server() as sink, posting(empty_url, tmp_path, sink) as server:
        answers = ask_for_codes(server, lambda number: f"reader{number}@mail.example")
        sent = answers[303]
        # Wishes that are looked at in the same moment don't see each other on an engine that does many at once.
        assert 100 <= sent <= 100 + AT_ONCE and answers == {303: sent, 503: TIMES - sent}
        until(lambda: len(sink.arrived) == sent)
        assert '"level": "error"' in server.log.read_text() and "no more are sent" in server.log.read_text()


def said_in(letter: Arrived) -> str:
    """A letter without what is another's each time: its digits, its date, and to which spelling it goes."""
    return re.sub(r"(?m)^(To|Date|Message-ID): .*(\n\s.*)*$|=+[0-9]+==|\b\d{6}\b", "", letter.raw.decode())
