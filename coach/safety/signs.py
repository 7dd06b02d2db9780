"""The warning signs, and the questions before hot water (clinical rules, section 7). The data: config/signs.toml.

The questions themselves are texts: `text.sign` and `text.heat` in the message catalogue, one a code.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Final

from pydantic import Field

from coach.plan.model import HeatScreen, Value
from coach.safety.model import CheckIn, SignLevel
from config.document import PACKAGED, read
from config.sources import Citation, Source
from config.validation import validated

NEW_WEAKNESS: Final = "new_weakness"
"""The sign that a check-in with new weakness amounts to."""


class Sign(Value):
    """What is asked; answered yes, it is as urgent as its level."""

    level: SignLevel
    source: Source


class _Heat(Value):
    """Codes of what keeps a person from hot water until their clinician has agreed."""

    ask_clinician: Annotated[tuple[str, ...], Field(min_length=1)]
    source: Source


class _Library(Value):
    sources: Mapping[str, Citation]
    sign: Mapping[str, Sign]
    heat: _Heat


@cache
def _library() -> _Library:
    return validated(read(PACKAGED / "signs.toml"), _Library)


@cache
def signs() -> Mapping[str, Sign]:
    """Every sign by its code, in the order in which they are asked: the most urgent first."""
    order = list(SignLevel)
    return dict(sorted(_library().sign.items(), key=lambda pair: order.index(pair[1].level)))


def locking(codes: Iterable[str]) -> tuple[str, ...]:
    """Those of these signs that lock the plan. One that is no longer asked does not."""
    return tuple(code for code in codes if code in signs() and signs()[code].level.locks)


def raised_by(check_in: CheckIn) -> tuple[str, ...]:
    """The signs that a check-in amounts to: new weakness is always one; new numbness brings up the questions."""
    return (NEW_WEAKNESS,) if check_in.weakness else ()


def levels_told(codes: Iterable[str]) -> tuple[SignLevel, ...]:
    """Which words the person reads at once: those of the most urgent level, and of both kinds of emergency."""
    found = {signs()[code].level for code in codes if code in signs()}
    emergencies = tuple(level for level in (SignLevel.EMERGENCY, SignLevel.CHEST) if level in found)
    return emergencies or tuple(level for level in SignLevel if level in found)[:1]


def heat_questions() -> tuple[str, ...]:
    """The codes of the questions before hot water."""
    return _library().heat.ask_clinician


def heat_screen(yes: Iterable[str]) -> HeatScreen:
    """What comes of the answers: any yes is for the clinician."""
    return HeatScreen.ASK_CLINICIAN if set(yes) & set(heat_questions()) else HeatScreen.CLEAR
