"""Tests that need something which may be absent: a named skip, or red where it is required."""

import os
from typing import NoReturn

import pytest


def absent(name: str, reason: str) -> NoReturn:
    """Skip with `reason`; fail where REJOINDER_REQUIRE (a list with commas) has `name`."""
    if name in os.environ.get("REJOINDER_REQUIRE", "").split(","):
        pytest.fail(f"{reason}, and REJOINDER_REQUIRE says that it must be there", pytrace=False)
    pytest.skip(reason)
