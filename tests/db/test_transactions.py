"""Reading and writing through transactions."""

from rejoinder.db import Database, Tx


def add(tx: Tx, number: int, text: str = "") -> int:
    return tx.run("INSERT INTO notes (id, text) VALUES (:id, :text)", id=number, text=text)


def texts(tx: Tx) -> list[str]:
    return [
        tx.value("SELECT text FROM notes WHERE id = :id", id=n)
        for n in range(1, 1 + tx.value("SELECT count(*) FROM notes"))
    ]


def test_what_was_written_is_read(notes: Database) -> None:
    assert notes.write_now(add, 1, text="Hello") == 1
    assert notes.read_now(texts) == ["Hello"]


async def _both(notes: Database) -> list[str]:
    await notes.start()
    await notes.write(add, 1, "Hello")
    found = await notes.read(texts)
    await notes.stop()
    return found


def test_what_was_awaited_is_read(notes: Database) -> None:
    import asyncio

    assert asyncio.run(_both(notes)) == ["Hello"]
