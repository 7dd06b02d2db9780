"""That somebody was erased, and nothing of whom: a line a person in a file of the home, outside the database.

A backup that is older brings them back; by this list whoever restores it knows whom to erase again.
"""

import json
import os
from datetime import datetime
from typing import Any, Final

from coach.erasing import Erased
from coach.errors import CoachError
from coach.shapes import instant
from config.settings import Settings

FILE: Final = "erased.jsonl"


class NotNotedError(CoachError):
    """They are erased, and the list of erasures does not say so."""


def note(settings: Settings, person_id: int, erased: Erased, now: datetime) -> dict[str, Any]:
    """Add a line, on the disk when this returns: when, the person's number, how many rows and files. Gives the line.

    Numbers of persons are never given twice.

    Raises:
        NotNotedError: it cannot be written; names the file, why, and what it would have said.
    """
    line = {"at": instant(now), "id": person_id, "rows": sum(erased.rows.values()), "files": erased.files}
    path = settings.home / FILE
    written = json.dumps(line) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise NotNotedError(
            f"They are erased, but {path} cannot be written: {error.strerror or error}. Add to it: {written.strip()}"
        ) from error
    return line
