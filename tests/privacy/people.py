"""People with accounts, who leave things behind."""

from cast import NOON, Stage, network_hash
from rejoinder.accounts.models import Browser, Caller, Signature
from rejoinder.accounts.queries.staff import insert_member
from rejoinder.accounts.sessions import open_session, person_of
from rejoinder.db import Tx, new_id
from rejoinder.text.names import name_key


def join(stage: Stage, name: str, email: str, visitor: bytes | None = None) -> Caller:
    """A member, signed in on a browser."""

    def enter(tx: Tx) -> Caller:
        signature = Signature(name, name_key(name), email)
        account = insert_member(tx, new_id(), stage.site.id, signature, email_key=email.lower(), now=NOON)
        assert account is not None
        network = network_hash(name)
        browser = Browser(visitor=visitor, network=network, kind="Firefox · Linux")
        token = open_session(tx, stage.site.id, account.id, browser, now=NOON)
        return Caller(visitor, network, person_of(tx, stage.site.id, token, now=NOON))

    return stage.write(enter)


def id_of(caller: Caller) -> int:
    """The number of somebody's account."""
    assert caller.person is not None
    return caller.person.account_id
