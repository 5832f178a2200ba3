"""The log: one event is one line of JSON, whatever a stranger put into a path or a name."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

# What every record has; anything else was handed in with `extra`.
_ORDINARY = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}


class JsonLines(logging.Formatter):
    """Writes a record as one line: ASCII only, so that control characters, escapes and U+2028 stay text."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        event: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        event |= {name: value for name, value in vars(record).items() if name not in _ORDINARY}
        if record.exc_info:
            event["trace"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=True, default=str).replace("\x7f", "\\u007f")


def start_logging(level: str, stream: TextIO | None = None) -> None:
    """Write every log of this process as JSON lines to standard error, from this level on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("uvicorn").setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))
