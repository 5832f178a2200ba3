"""`rejoinder privacy` and the operator's page say what the migrations say, and the command line does what a letter asks for."""

import json
import os
from pathlib import Path

from privacy.test_by_mail import guest
from privacy.test_my_data import member, page_of, say
from rejoinder.privacy.tables import Table, list_tables
from serving import Serving

PAGE = Path(__file__).parents[2] / "docs" / "operating" / "privacy.md"
HEAD = "| table | what for | what is personal | until | how erased |\n| --- | --- | --- | --- | --- |\n"


def row(table: Table) -> str:
    personal = table.personal or "nothing"
    return (
        f"| `{table.name}` | {table.purpose} | {personal} | {table.until or '–'} | {table.erased or '–'} |\n"
    )


def test_the_page_has_every_table() -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, _, after = text.partition(HEAD)
    _, _, rest = after.partition("\n\n")
    wanted = before + HEAD + "".join(map(row, list_tables())) + "\n" + rest
    if os.environ.get("REJOINDER_REWRITE_PRIVACY"):
        PAGE.write_text(wanted, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == wanted, "rewrite it: REJOINDER_REWRITE_PRIVACY=1 pytest …"


def test_the_command_says_what_the_tables_hold(lamp: Serving) -> None:
    told = {table["name"]: table for table in json.loads(lamp.run("privacy", "--json"))}
    assert told["authors"]["columns"] == [
        *("id", "name", "name_key", "email", "website", "account_id", "visitor_id")
    ]
    assert told["threads"]["personal"] is None
    assert "until:" in lamp.run("privacy")


def test_the_operator_hands_out_and_erases_what_a_letter_asks_for(each_lamp: Serving) -> None:
    article, address = each_lamp.article(), "letter@mail.example"
    with guest(each_lamp, article, "By a guest.", address), member(each_lamp, "Letter") as owner:
        say(owner, article, "By a member.")
        told = each_lamp.run("privacy", "export", address)
        assert "By a guest." in told and "By a member." in told
        dry = each_lamp.run("privacy", "erase", address, "--comments", "unsign")
        assert "kept, without a name: 2" in dry and "The account of Letter would end" in dry
        assert owner.get("/me").status_code == 200
        each_lamp.run("privacy", "erase", address, "--comments", "unsign", "--yes")
        assert owner.get("/me").status_code == 401
        page = page_of(owner, article, "By a guest.", gone="Letter")
        assert "By a member." in page and "Nell" not in page


def test_nothing_of_an_erased_address_is_left(each_lamp: Serving) -> None:
    """Not on a browser of somebody else, who wrote it down, nor in what waits to be mailed."""
    article, address = each_lamp.article(), "gone@mail.example"
    with guest(each_lamp, article, "By a guest.", address), member(each_lamp, "Keeper") as keeper:
        keeper.cookies.delete(f"rejoinder-{each_lamp.port}-session")
        body = {
            "thread": {"url": article.path},
            "text": "On a member's browser.",
            "author": {"name": "Somebody", "email": address},
        }
        assert keeper.post("/api/v1/comments", json=body).status_code == 201
        for path in ("/me/by-mail", "/sign-in/mail"):
            assert keeper.post(path, data={"email": address}).status_code == 303
        each_lamp.run("privacy", "erase", address.upper(), "--yes")
    for table in ("authors", "mail_codes", "mail_links"):
        count = f"SELECT count(*) FROM {table} WHERE lower(email) = :address"
        assert each_lamp.db.read_now(lambda tx, sql=count: tx.value(sql, address=address)) == 0, table
