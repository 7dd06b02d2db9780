"""Yes-or-no questions: their answers as options, or on a terminal."""

from collections.abc import Iterable
from typing import Final

import typer

from coach.errors import UsageError
from coach.signs import visible

NOBODY_IS_HERE: Final = (
    "Nobody is here to be asked. Give --yes CODE for each question that is answered yes, or --none; --list shows them."
)


def check_answers(yes: Iterable[str], known: Iterable[str], *, none: bool, listed: bool) -> None:
    """
    Raises:
        UsageError: a code that is not known, or options that contradict each other.
    """
    codes, given = tuple(known), tuple(yes)
    for code in given:
        if code not in codes:
            raise UsageError(f"There is no question '{visible(code)}'. Known: {', '.join(codes)}.")
    if none and given:
        raise UsageError("--none and --yes contradict each other: either a question is answered yes, or none is.")
    if listed and (given or none):
        raise UsageError("--list only lists; leave --yes and --none out.")


def is_yes(question: str) -> bool:
    """Asked on the terminal; just Enter is no."""
    return typer.confirm(question, default=False, err=True)
