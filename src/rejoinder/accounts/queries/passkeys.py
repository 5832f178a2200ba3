"""Statements on passkeys, and on what they are to sign."""

from datetime import datetime

from rejoinder.accounts.models import Account, Challenge, Passkey, Purpose
from rejoinder.db import Tx


def put_challenge(
    tx: Tx, site_id: int, browser_hash: bytes, challenge: Challenge, *, expires_at: datetime
) -> None:
    """A browser has one challenge; a new one takes the place of the last."""
    tx.run(
        """
        INSERT INTO passkey_challenges (site_id, browser_hash, purpose, account_id, challenge, expires_at)
        VALUES (:site_id, :browser_hash, :purpose, :account_id, :challenge, :expires_at)
        ON CONFLICT (site_id, browser_hash) DO UPDATE SET
            purpose = excluded.purpose, account_id = excluded.account_id, challenge = excluded.challenge,
            expires_at = excluded.expires_at
        """,
        site_id=site_id,
        browser_hash=browser_hash,
        purpose=challenge.purpose,
        account_id=challenge.account_id,
        challenge=challenge.challenge,
        expires_at=expires_at,
    )


def take_challenge(
    tx: Tx, site_id: int, browser_hash: bytes, purpose: Purpose, now: datetime
) -> Challenge | None:
    """The challenge of a browser, which is good for nothing any more."""
    return tx.maybe(
        Challenge,
        """
        DELETE FROM passkey_challenges
        WHERE site_id = :site_id AND browser_hash = :browser_hash AND purpose = :purpose AND expires_at > :now
        RETURNING challenge, purpose, account_id
        """,
        site_id=site_id,
        browser_hash=browser_hash,
        purpose=purpose,
        now=now,
    )


def delete_expired_challenges(tx: Tx, now: datetime) -> int:
    return tx.run("DELETE FROM passkey_challenges WHERE expires_at <= :now", now=now)


def insert_passkey(tx: Tx, passkey: Passkey) -> int:
    """0 where the site knows this passkey already."""
    return tx.run(
        """
        INSERT INTO passkeys (id, site_id, account_id, credential_id, public_key, sign_count, name, created_at)
        VALUES (:id, :site_id, :account_id, :credential_id, :public_key, :sign_count, :name, :created_at)
        ON CONFLICT (site_id, credential_id) DO NOTHING
        """,
        id=passkey.id,
        site_id=passkey.site_id,
        account_id=passkey.account_id,
        credential_id=passkey.credential_id,
        public_key=passkey.public_key,
        sign_count=passkey.sign_count,
        name=passkey.name,
        created_at=passkey.created_at,
    )


def find_passkey(tx: Tx, site_id: int, credential_id: bytes) -> Passkey | None:
    return tx.maybe(
        Passkey,
        """
        SELECT id, site_id, account_id, credential_id, public_key, sign_count, name, created_at, used_at
        FROM passkeys WHERE site_id = :site_id AND credential_id = :credential_id
        """,
        site_id=site_id,
        credential_id=credential_id,
    )


def list_passkeys(tx: Tx, site_id: int, account_id: int) -> list[Passkey]:
    """The oldest first."""
    return tx.all(
        Passkey,
        """
        SELECT id, site_id, account_id, credential_id, public_key, sign_count, name, created_at, used_at
        FROM passkeys WHERE site_id = :site_id AND account_id = :account_id ORDER BY id
        """,
        site_id=site_id,
        account_id=account_id,
    )


def note_use(tx: Tx, passkey_id: int, *, before: int, after: int, now: datetime) -> int:
    """0 where it was removed, or used by somebody else, since it was looked at."""
    return tx.run(
        """
        UPDATE passkeys SET sign_count = :after, used_at = :now WHERE id = :id AND sign_count = :before
        """,
        id=passkey_id,
        before=before,
        after=after,
        now=now,
    )


def delete_passkeys_of(tx: Tx, account: Account) -> None:
    tx.run(
        "DELETE FROM passkeys WHERE site_id = :site_id AND account_id = :account_id",
        site_id=account.site_id,
        account_id=account.id,
    )


def delete_passkey(tx: Tx, site_id: int, account_id: int, passkey_id: int) -> None:
    tx.run(
        "DELETE FROM passkeys WHERE site_id = :site_id AND account_id = :account_id AND id = :id",
        site_id=site_id,
        account_id=account_id,
        id=passkey_id,
    )
