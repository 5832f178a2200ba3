"""One event is one line of JSON."""

import io
import json
import logging

from rejoinder.web.logs import JsonLines

HOSTILE = [
    "a\nb",
    "a\r\nb",
    "\x1b[31mred\x1b[0m",
    "\u2028\u2029\x85",
    "\x7f\x00",
    '"}\n{"level": "error"',
    "\ud800",
    "ü👋",
]


def logged(text: str) -> str:
    """What is written when a stranger's text stands in message, field and exception."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    log = logging.getLogger("test.logs")
    log.propagate = False  # half a surrogate pair is more than the test runner can print
    log.addHandler(handler)
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("it was %s", text, extra={"path": text})
    finally:
        log.removeHandler(handler)
    return stream.getvalue()


def test_whatever_a_stranger_wrote_stays_on_its_line() -> None:
    for text in HOSTILE:
        line = logged(text)
        assert line.endswith("}\n")
        assert all(32 <= ord(character) < 127 for character in line[:-1])
        event = json.loads(line)
        assert (event["message"], event["path"], event["level"]) == (f"it was {text}", text, "error")
        assert "ValueError" in event["trace"]
