"""Which other origins a site lists: written exactly as browsers write them, or refused."""

import pytest
from pydantic import ValidationError

from rejoinder.sites.models import Rules


@pytest.mark.parametrize(
    "origin", ["https://app.example", "http://127.0.0.1:3000", "https://xn--mnchen-3ya.example"]
)
def test_an_origin_is_taken_as_it_is(origin: str) -> None:
    assert Rules(origins=(origin,)).origins == (origin,)


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "app.example",
        "https://app.example/",
        "https://app.example/talk",
        "https://App.example",
        "https://app.example:443",
        "https://user@app.example",
        "https://*.example",
        "javascript:alert(1)",
        "",
    ],
)
def test_what_no_browser_would_send_is_refused(origin: str) -> None:
    with pytest.raises(ValidationError):
        Rules(origins=(origin,))
