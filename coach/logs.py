"""The service's log: lines for a person's own eyes, or an object a line, for programs, without what is private."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final, Literal, TextIO

from config.private import Private
from scheduler.errors import whereabouts

WITHHELD: Final = "(withheld)"

_OURS: Final = ("coach", "scheduler", "devices", "config")
# What they say of every step; an HTTP client's quotes addresses, and those of channels hold tokens.
_CHATTY: Final = ("alembic", "apprise", "apscheduler", "httpcore2", "httpx2", "uvicorn", "watchfiles")
_LINE: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"


class JsonFormatter(logging.Formatter):
    """`time` (UTC), `level`, `logger`, `message`, and where there is one `error`, its kind and place.

    What a library says is not known to be free of what is private: its place is told instead.
    """

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if record.exc_info is not None and isinstance(error := record.exc_info[1], Exception):
            told["error"] = whereabouts(error)
        return json.dumps(told, ensure_ascii=False)


def set_up(form: Literal["text", "json"], stream: TextIO | None = None) -> None:
    """For this process, on stderr unless told otherwise."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else logging.Formatter(_LINE))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _message(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] not in _OURS:
        return f"{WITHHELD} {record.module}:{record.lineno}"
    arguments = record.args if isinstance(record.args, tuple) else ()
    shown = tuple(WITHHELD if isinstance(each, Private) and each else each for each in arguments)
    return str(record.msg) % shown if shown else str(record.msg)
