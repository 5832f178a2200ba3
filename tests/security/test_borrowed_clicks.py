"""What another site puts into a form is on no page of ours with a button that does it: one click would."""

import pytest

from security.doors import DOORS, Key, Scene, set_scene
from serving import Serving

FORMS = [key for key in DOORS if key[0] == "POST" and "/api/" not in key[1]]
WRITING = {("POST", "/comments"), ("POST", "/comments/{comment_id}/edit")}
"""All that these do is to publish the text that is shown."""


@pytest.fixture(scope="module")
def scene(lamp: Serving) -> Scene:
    return set_scene(lamp)


@pytest.mark.parametrize("route", FORMS, ids=lambda key: f"{key[0]} {key[1]}")
def test_no_form_of_another_site_is_offered_to_be_sent_from_here(scene: Scene, route: Key) -> None:
    borrowed = {"text": "Win a lamp! Click below.", "wish": "remove", "verb": "remove"}
    foreign = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    with scene.lamp.client(**foreign) as browser:
        answer = scene.use(browser, route, data=borrowed)
    offers = f'action="{scene.path(route)}"' in answer.text
    assert offers == (route in WRITING), answer.text
    assert ("Win a lamp!" in answer.text) == (route in WRITING)
