"""By what kept weeks were judged: another program may judge another way."""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from config.document import PACKAGED

_PROGRAM: Final = Path(__file__).parents[2]

JUDGES: Final = (
    *("coach/adherence", "coach/effort", "coach/plan", "coach/progression", "coach/safety", "coach/store"),
    *("coach/history.py", "coach/judgement.py", "coach/past.py", "coach/weeks.py", "scheduler/clock.py"),
)
"""What brings judgements about: a test asks that all they import is among it."""


@cache
def made_by() -> str:
    """A name for the text of the program, as far as it bears on weeks, and for the numbers that it goes by."""
    made = sha256()
    for path in sorted([*PACKAGED.glob("*.toml"), *_sources()]):
        made.update(path.read_bytes())
    return made.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    for each in JUDGES:
        path = _PROGRAM / each
        yield from (path,) if path.is_file() else path.rglob("*.py")
