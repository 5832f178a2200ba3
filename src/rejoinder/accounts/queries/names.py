"""Statements on whose name is whose, and on what looks like it."""

from collections.abc import Sequence

from rejoinder.accounts.models import Account, Signature
from rejoinder.db import Tx


def insert_looks(tx: Tx, account: Account, looks: Sequence[str]) -> int:
    """How many of these were nobody's, and are this account's from now on."""
    return tx.run_many(
        """
        INSERT INTO name_looks (site_id, look, account_id) VALUES (:site_id, :look, :account_id)
        ON CONFLICT DO NOTHING
        """,
        [{"site_id": account.site_id, "look": look, "account_id": account.id} for look in looks],
    )


def delete_looks(tx: Tx, account_id: int) -> None:
    tx.run("DELETE FROM name_looks WHERE account_id = :account_id", account_id=account_id)


def are_held(tx: Tx, site_id: int, looks: Sequence[str]) -> bool:
    """Whether one of these is an account's."""
    found: int | None = tx.value(
        "SELECT 1 FROM name_looks WHERE site_id = :site_id AND look IN :looks LIMIT 1",
        site_id=site_id,
        looks=looks,
    )
    return found is not None


def are_held_by_others(tx: Tx, site_id: int, looks: Sequence[str], token_hash: bytes) -> bool:
    """Whether one of these is an account's, other than of the member who signed in on the browser with this token."""
    found: int | None = tx.value(
        """
        SELECT 1 FROM name_looks n
        WHERE n.site_id = :site_id AND n.look IN :looks
          AND NOT EXISTS (
              SELECT 1 FROM visitors v
              WHERE v.site_id = n.site_id AND v.token_hash = :token_hash AND v.account_id = n.account_id
                AND NOT EXISTS (SELECT 1 FROM roles r WHERE r.site_id = n.site_id AND r.account_id = n.account_id)
          )
        LIMIT 1
        """,
        site_id=site_id,
        looks=looks,
        token_hash=token_hash,
    )
    return found is not None


def set_name(tx: Tx, account_id: int, signature: Signature) -> None:
    tx.run(
        "UPDATE accounts SET name = :name, name_key = :name_key WHERE id = :id",
        id=account_id,
        name=signature.name,
        name_key=signature.name_key,
    )


def sign_all(tx: Tx, account_id: int, signature: Signature) -> None:
    """Let all that somebody signs bear this name."""
    tx.run(
        "UPDATE authors SET name = :name, name_key = :name_key WHERE account_id = :account_id",
        account_id=account_id,
        name=signature.name,
        name_key=signature.name_key,
    )
