"""What a refusal carries."""

import pytest

from rejoinder.errors import N_, Conflict, Forbidden, Invalid, NotFound, NotNow, Refusal, TooMany, Unavailable


def test_a_refusal_has_a_word_for_programs_and_a_sentence_for_people():
    refused = Invalid("too-long", N_("At most %(most)d characters."), field="text", most=10)

    assert refused.code == "too-long"
    assert refused.field == "text"
    assert refused.message % refused.params == "At most 10 characters." == str(refused)


def test_a_sentence_without_parameters_may_hold_a_percent_sign():
    assert str(NotFound("gone", "100% gone")) == "100% gone"


@pytest.mark.parametrize("kind", [TooMany, Unavailable])
def test_what_may_succeed_later_says_when(kind):
    refused = kind("busy", N_("Please try again in %(seconds)d seconds."), retry_after=3, seconds=3)

    assert refused.retry_after == 3
    assert str(refused) == "Please try again in 3 seconds."
    assert isinstance(refused, NotNow)


def test_every_kind_is_a_refusal():
    assert all(
        issubclass(kind, Refusal) for kind in (Invalid, Forbidden, NotFound, Conflict, TooMany, Unavailable)
    )
