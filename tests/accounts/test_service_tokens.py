"""Programs come in with a token that is shown once, is for one site and some acts, and ends when the operator says so."""

from datetime import timedelta

import pytest

from cast import DAY, HOUR, NOON, SECOND, Stage
from rejoinder.accounts.errors import TokenRefused
from rejoinder.accounts.models import Scope
from rejoinder.accounts.queries.service_tokens import list_services, note_use
from rejoinder.accounts.service_tokens import Issued, is_use_to_note, issue, revoke, service_of
from rejoinder.db import Tx, new_id
from rejoinder.errors import Conflict, NotFound


def make(stage: Stage, name: str = "Night desk", *scopes: Scope, lasts: timedelta | None = None) -> Issued:
    return stage.write(issue, stage.site.id, name, scopes or (Scope.READ,), lasts=lasts, now=NOON)


def test_a_token_names_its_program_and_what_it_may_do(stage: Stage) -> None:
    issued = make(stage, "Night desk", Scope.MODERATE, Scope.READ)
    found = stage.read(service_of, stage.site.id, issued.secret, now=NOON)
    assert (found.name, found.scopes) == ("Night desk", {Scope.MODERATE, Scope.READ})
    assert stage.read(list_services, stage.site.id) == [issued.service]


def test_the_secret_is_nowhere_in_the_database(stage: Stage) -> None:
    secret = make(stage).secret

    def kept(tx: Tx) -> int:
        count: int = tx.value(
            "SELECT count(*) FROM service_tokens WHERE token_hash = :secret OR name = :text",
            secret=secret.encode(),
            text=secret,
        )
        return count

    assert stage.read(kept) == 0


@pytest.mark.parametrize(
    "spoil", [str.lower, lambda s: s[:-1], lambda s: s + "A", lambda s: s[10:], lambda s: ""]
)
def test_another_secret_opens_nothing(stage: Stage, spoil: "type[str]") -> None:
    secret = make(stage).secret
    with pytest.raises(TokenRefused):
        stage.read(service_of, stage.site.id, spoil(secret), now=NOON)


def test_a_token_opens_one_site(stage: Stage) -> None:
    secret = make(stage).secret
    with pytest.raises(TokenRefused):
        stage.read(service_of, stage.site.id + 1, secret, now=NOON)
    with pytest.raises(NotFound):
        stage.write(revoke, stage.site.id + 1, stage.read(list_services, stage.site.id)[0].id, now=NOON)
    assert stage.read(service_of, stage.site.id, secret, now=NOON)


def test_a_revoked_token_stays_revoked_since_then(stage: Stage) -> None:
    issued, other = make(stage), make(stage, "Day desk")
    for now in (NOON + SECOND, NOON + DAY):
        stage.write(revoke, stage.site.id, issued.service.id, now=now)
    with pytest.raises(TokenRefused):
        stage.read(service_of, stage.site.id, issued.secret, now=NOON + SECOND)
    ended = {service.name: service.revoked_at for service in stage.read(list_services, stage.site.id)}
    assert ended == {"Night desk": NOON + SECOND, "Day desk": None}
    assert stage.read(service_of, stage.site.id, other.secret, now=NOON + DAY)
    with pytest.raises(NotFound):
        stage.write(revoke, stage.site.id, new_id(), now=NOON)


def test_a_token_is_good_until_its_day(stage: Stage) -> None:
    secret = make(stage, lasts=DAY).secret
    assert stage.read(service_of, stage.site.id, secret, now=NOON + DAY - SECOND)
    with pytest.raises(TokenRefused):
        stage.read(service_of, stage.site.id, secret, now=NOON + DAY)


def test_a_name_in_a_decision_means_one_token(stage: Stage) -> None:
    issued = make(stage)
    with pytest.raises(Conflict):
        make(stage)
    stage.write(revoke, stage.site.id, issued.service.id, now=NOON)
    assert make(stage).secret != issued.secret


def test_the_last_use_is_known_to_the_hour(stage: Stage) -> None:
    issued = make(stage)
    assert is_use_to_note(issued.service, NOON)
    stage.write(note_use, issued.service.id, NOON)
    (used,) = stage.read(list_services, stage.site.id)
    assert used.used_at == NOON
    assert not is_use_to_note(used, NOON + HOUR - SECOND)
    assert is_use_to_note(used, NOON + HOUR)
