"""Statements with which an account leaves: everything that leads to it, then itself."""

from collections.abc import Sequence

from rejoinder.db import Tx


def owners(tx: Tx, site_id: int) -> list[int]:
    return tx.values(
        """
        SELECT account_id AS id FROM roles WHERE site_id = :site_id AND role = 'owner' AND lent_until IS NULL
        """,
        site_id=site_id,
    )


def browsers_of(tx: Tx, account_id: int) -> list[int]:
    return tx.values("SELECT id FROM visitors WHERE account_id = :account_id", account_id=account_id)


def hand_votes(tx: Tx, voter: int, nobody: int) -> None:
    """Let votes stand that were somebody's: they are a number's now, which leads to nobody."""
    tx.run(
        "UPDATE votes SET voter = :nobody, network = NULL WHERE voter = :voter", voter=voter, nobody=nobody
    )


def forget_who_decided(tx: Tx, account_id: int) -> None:
    tx.run("UPDATE decisions SET account_id = NULL WHERE account_id = :account_id", account_id=account_id)


def forget_who_asked(tx: Tx, account_id: int) -> None:
    tx.run("UPDATE erasures SET account_id = NULL WHERE account_id = :account_id", account_id=account_id)


def delete_answers(tx: Tx, site_id: int, visitor_ids: Sequence[int]) -> None:
    tx.run(
        """
        DELETE FROM idempotency
        WHERE site_id = :site_id AND scope IN (SELECT token_hash FROM visitors WHERE id IN :visitor_ids)
        """,
        site_id=site_id,
        visitor_ids=visitor_ids,
    )


def delete_visitors(tx: Tx, visitor_ids: Sequence[int]) -> None:
    tx.run("DELETE FROM visitors WHERE id IN :visitor_ids", visitor_ids=visitor_ids)


def delete_sessions(tx: Tx, account_id: int) -> None:
    tx.run("DELETE FROM sessions WHERE account_id = :account_id", account_id=account_id)


def delete_sign_in_codes(tx: Tx, account_id: int) -> None:
    tx.run("DELETE FROM sign_in_codes WHERE account_id = :account_id", account_id=account_id)


def delete_passkeys(tx: Tx, account_id: int) -> None:
    tx.run("DELETE FROM passkeys WHERE account_id = :account_id", account_id=account_id)


def delete_challenges(tx: Tx, account_id: int) -> None:
    tx.run("DELETE FROM passkey_challenges WHERE account_id = :account_id", account_id=account_id)


def delete_identities(tx: Tx, account_id: int) -> None:
    tx.run("DELETE FROM identities WHERE account_id = :account_id", account_id=account_id)


def delete_looks(tx: Tx, account_id: int) -> None:
    """Let the name be anybody's again."""
    tx.run("DELETE FROM name_looks WHERE account_id = :account_id", account_id=account_id)


def delete_roles(tx: Tx, account_id: int) -> None:
    tx.run("DELETE FROM roles WHERE account_id = :account_id", account_id=account_id)


def delete_mail_to(tx: Tx, site_id: int, email_key: str) -> None:
    """Codes that are on their way to an address."""
    tx.run(
        "DELETE FROM mail_codes WHERE site_id = :site_id AND lower(email) = :email_key",
        site_id=site_id,
        email_key=email_key,
    )


def delete_account(tx: Tx, account_id: int) -> None:
    tx.run("DELETE FROM accounts WHERE id = :account_id", account_id=account_id)
