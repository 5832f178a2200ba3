"""Proving once more that it is oneself: what is dangerous is not done on the word of an old session alone."""

from datetime import datetime, timedelta

from rejoinder.accounts.errors import ProofNeeded
from rejoinder.accounts.models import Person

PROOF_LASTS = timedelta(minutes=15)
FORM_LASTS = timedelta(hours=1)
"""How old the proof behind a form may be when it is sent: what somebody took their time to fill in is not lost."""


def check_proof(person: Person, now: datetime, *, within: timedelta = PROOF_LASTS) -> None:
    """Let nobody pass who has not signed in, for the first time or anew, within that time. Raises ProofNeeded."""
    if now - person.proved_at > within:
        raise ProofNeeded
