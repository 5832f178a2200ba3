"""Who has which role on a site, and how one ends: with every session, at once, in every process."""

from dataclasses import dataclass
from datetime import datetime

from rejoinder.accounts.models import Account, Role
from rejoinder.accounts.queries import sessions, staff
from rejoinder.accounts.sessions import count_staff_sessions, leave_browsers
from rejoinder.db import Tx
from rejoinder.errors import N_, Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody with a role: since when, in how many browsers they are signed in, and since when in the newest."""

    name: str
    roles: tuple[Role, ...]
    since: datetime
    sessions: int
    signed_in_at: datetime | None


def list_staff(tx: Tx, site_id: int, *, now: datetime) -> list[Standing]:
    """Everybody who has a role, by name."""
    browsers = count_staff_sessions(tx, site_id, now=now)
    people: dict[int, list[staff.Granted]] = {}
    for row in staff.list_roles(tx, site_id):
        people.setdefault(row.account_id, []).append(row)
    return [
        Standing(
            granted[0].name,
            tuple(row.role for row in granted),
            min(row.granted_at for row in granted),
            browsers[account_id].count if account_id in browsers else 0,
            browsers[account_id].newest if account_id in browsers else None,
        )
        for account_id, granted in people.items()
    ]


def grant_role(tx: Tx, site_id: int, name_key: str, role: Role, *, now: datetime) -> None:
    """Give somebody another role. Raises NotFound."""
    staff.grant_role(tx, _find(tx, site_id, name_key), role, now)


def revoke_role(tx: Tx, site_id: int, name_key: str, role: Role | None) -> tuple[Role, ...]:
    """Take a role from somebody, or all of them; what they have left. Who has none left is signed out everywhere.

    Raises NotFound for a role they don't have, and Conflict for the last owner's: a site always has one.
    """
    account = _find(tx, site_id, name_key)
    rows = staff.list_roles(tx, site_id)
    held = {row.role for row in rows if row.account_id == account.id}
    taken = held if role is None else {role} & held
    if not taken:
        raise NotFound("role-not-found", N_("They don't have this role."))
    owners = {row.account_id for row in rows if row.role is Role.OWNER}
    if Role.OWNER in taken and owners == {account.id}:
        raise Conflict("last-owner", N_("They are the only owner. Make somebody else an owner first."))
    staff.delete_roles(tx, account, sorted(taken))
    if taken == held:
        _sign_out(tx, account)
    return tuple(sorted(held - taken))


def sign_out_everywhere(tx: Tx, site_id: int, name_key: str) -> int:
    """End all sessions and sign-in links of somebody; how many browsers were signed in. Raises NotFound."""
    return _sign_out(tx, _find(tx, site_id, name_key))


def _sign_out(tx: Tx, account: Account) -> int:
    staff.delete_codes_of(tx, account)
    leave_browsers(tx, account.site_id, account.id)
    return sessions.delete_sessions_of(tx, account)


def _find(tx: Tx, site_id: int, name_key: str) -> Account:
    account = staff.find_staff(tx, site_id, name_key)
    if account is None:
        raise NotFound("account-not-found", N_("Nobody of that name has a role here."))
    return account
