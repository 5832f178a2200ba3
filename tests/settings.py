"""The settings of a site, as tests change them: another value of each, and the form as a browser would send it."""

from collections.abc import Mapping
from typing import Any

from selectolax.lexbor import LexborHTMLParser

# In the words of JSON. None of them is the default.
OTHER: Mapping[str, Any] = {
    "name": "The Torch",
    "language": "de",
    "time_zone": "Pacific/Kiritimati",
    "sections": {"coast": "The coast = ours", "inland": "الداخل"},
    "logo": "the logo.svg",
    "accent": "#224466",
    "accent_dark": "#88aacc",
    "navigation": [
        {"label": "About", "url": "/articles/about"},
        {"label": "حول", "url": "https://a.example/"},
    ],
    "footer": [{"label": "Imprint, of course", "url": "/articles/imprint"}],
    "discussion": "none",
    "close_after_days": 1,
    "sort": "newest",
    "indent": 2,
    "votes": False,
    "hold": "all",
    "held_links": 0,
    "most_characters": 300,
    "images": True,
    "edit_minutes": 0,
    "email": "required",
    "websites": False,
    "reserved_names": ["The Keeper", "Editor, night shift"],
    "slash": "strip",
    "url_keys": ["story", "n"],
    "origins": ["https://app.example", "https://blog.example"],
}


def filled(page: str) -> dict[str, str]:
    """What a browser sends of the settings page's form, as it stands."""
    form = LexborHTMLParser(page).css_first("form.settings")
    assert form is not None, page[:2000]
    sent: dict[str, str] = {}
    for field in form.css("input, textarea"):
        given = field.attributes
        name = given.get("name") or ""
        if given.get("type") in {"radio", "checkbox"} and "checked" not in given:
            continue
        value = field.text() if field.tag == "textarea" else (given.get("value") or "")
        sent[name] = value or ("on" if given.get("type") == "checkbox" else "")
    return sent
