"""A site's accent as a style sheet: whatever colour it chose, text in it and on it can be read."""

from typing import TypeAlias

from rejoinder.sites.models import Rules

Colour: TypeAlias = tuple[float, float, float]

PAPER = "#fffefb"
DARK_PAPER = "#161615"
BLACK: Colour = (0.0, 0.0, 0.0)
WHITE: Colour = (1.0, 1.0, 1.0)

READABLE = 4.5
"""The least contrast of text, by WCAG 2.2 (1.4.3)."""

_STEP = 0.04


def theme_css(rules: Rules) -> str:
    """The custom properties that differ from our own; empty where the site keeps our accent.

    A colour too faint for text on its paper is darkened, or on dark paper lightened, as far as it has to be.
    """
    chosen = rules.accent or rules.accent_dark
    if chosen is None:
        return ""
    light = _readable(rules.accent or chosen, PAPER, BLACK)
    dark = _readable(rules.accent_dark or chosen, DARK_PAPER, WHITE)
    return (
        f":root{{--rejoinder-accent:light-dark({_hex(light)},{_hex(dark)});"
        f"--rejoinder-on-accent:light-dark({_hex(_text_on(light))},{_hex(_text_on(dark))})}}\n"
    )


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def parse_colour(text: str) -> Colour:
    """A colour written as "#8c2f1b": its red, green and blue, 0 to 1."""
    red, green, blue = (int(text[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _readable(chosen: str, paper: str, towards: Colour) -> Colour:
    colour, ground = parse_colour(chosen), parse_colour(paper)
    share = 0.0
    while contrast(mixed := _mix(colour, towards, share), ground) < READABLE:
        share += _STEP
    return mixed


def _text_on(colour: Colour) -> Colour:
    # One of the two always has more than 4.5: together they have 21, and the square root of that is 4.58.
    return max(WHITE, BLACK, key=lambda text: contrast(text, colour))


def _mix(colour: Colour, towards: Colour, share: float) -> Colour:
    red, green, blue = (a + (b - a) * share for a, b in zip(colour, towards, strict=True))
    # Rounded as it will be written, so that what was measured is what is seen.
    return round(red * 255) / 255, round(green * 255) / 255, round(blue * 255) / 255


def _luminance(colour: Colour) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)
