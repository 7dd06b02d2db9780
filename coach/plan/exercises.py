"""What is known of each exercise, and what can stand in for what. The data: config/exercises.toml."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Self

from pydantic import Field, model_validator

from coach.plan.model import Exercise, Value
from config.document import PACKAGED, read
from config.messages import Messages, catalogue
from config.sources import Citation, Source
from config.validation import validated

Credit = Annotated[float, Field(ge=0, le=1)]
Substitution = Mapping[Exercise, Mapping[Exercise, Credit]]
"""Credit for a minute of the first exercise, done in the place of the second."""


class Family(StrEnum):
    WALK = "walk"
    BIKE = "bike"
    SWIM = "swim"
    WATER = "water"

    @property
    def in_water(self) -> bool:
        return self in {Family.SWIM, Family.WATER}


class Predicate(StrEnum):
    """A question that can be put to every second of an activity; config/exercises.toml says which exercise asks it."""

    MOVING = "moving"  # walking, at any grade
    FAST = "fast"  # a brisk cadence
    UPHILL = "uphill"  # inside an uphill bout
    PEDALLING = "pedalling"
    SWIMMING = "swimming"
    TIMER = "timer"  # the device's timer ran

    # What no exercise asks for, and a restriction, a ceiling or a clinician may.
    STEEP = "steep"  # inside an uphill bout, and steep
    DOWNHILL = "downhill"
    MODERATE = "moderate"  # at that intensity or harder, by heart rate
    VIGOROUS = "vigorous"
    BEYOND = "beyond"  # harder than vigorous
    FREESTYLE = "freestyle"  # lengths of a stroke, by FIT's names
    BACKSTROKE = "backstroke"
    BREASTSTROKE = "breaststroke"
    BUTTERFLY = "butterfly"


class _Asks(Value):
    """What an exercise asks of a body and of a recording."""

    family: Family
    predicate: Predicate
    weight_bearing: bool = False
    swimmer_required: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """One exercise: what it asks of a body and of a recording, and its plain words in a language."""

    exercise: Exercise
    family: Family
    predicate: Predicate
    weight_bearing: bool
    swimmer_required: bool
    language: str

    @property
    def one(self) -> str:
        """`walk`."""
        return self._word("exercise")

    @property
    def many(self) -> str:
        """`walks`."""
        return self._word("exercises")

    @property
    def each(self) -> str:
        """`a walk`, as in `12 min a walk`."""
        return self._word("each")

    def count(self, number: int) -> str:
        """`1 walk`, `2 walks`, `no walks`."""
        none = catalogue(self.language).text("number.none")
        return f"{number or none} {self.one if number == 1 else self.many}"

    def _word(self, group: str) -> str:
        """Looked up when it is asked for: most that is asked of an exercise needs no language."""
        return catalogue(self.language).text(f"{group}.{self.exercise}")


class _Groups(Value):
    source: Source
    groups: Mapping[str, tuple[Exercise, ...]]
    credit: Mapping[str, Mapping[str, Credit]]

    @model_validator(mode="after")
    def _groups_are_known(self) -> Self:
        used = {*self.credit, *(asked for row in self.credit.values() for asked in row)}
        if strangers := used - set(self.groups):
            raise ValueError(f"credit names no known group: {', '.join(sorted(strangers))}")
        return self

    def expanded(self) -> Substitution:
        table: dict[Exercise, dict[Exercise, float]] = defaultdict(dict)
        for done_group, row in self.credit.items():
            for asked_group, credit in row.items():
                for done in self.groups[done_group]:
                    table[done] |= {asked: credit for asked in self.groups[asked_group] if asked is not done}
        return dict(table)


class _Library(Value):
    sources: Mapping[str, Citation]
    exercise: Mapping[Exercise, _Asks]
    substitution: _Groups
    recorded: Mapping[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _all_are_here(self) -> Self:
        if missing := set(Exercise) - set(self.exercise):
            raise ValueError(f"exercises without facts: {', '.join(sorted(missing))}")
        if strangers := {each for groups in self.recorded.values() for each in groups} - set(self.substitution.groups):
            raise ValueError(f"recorded names no known group: {', '.join(sorted(strangers))}")
        return self


@cache
def _library() -> _Library:
    return validated(read(PACKAGED / "exercises.toml"), _Library)


def facts(exercise: Exercise, words: Messages | None = None) -> Facts:
    """What is known of an exercise; its words are English unless told otherwise."""
    return _facts(exercise, words.language if words is not None else "en")


@cache
def _facts(exercise: Exercise, language: str) -> Facts:
    asks = _library().exercise[exercise]
    return Facts(exercise, asks.family, asks.predicate, asks.weight_bearing, asks.swimmer_required, language)


@cache
def substitution() -> Substitution:
    """The pairs that are allowed unless a condition says otherwise; no exercise stands in for itself."""
    return _library().substitution.expanded()


def substitution_sources() -> Mapping[str, str]:
    """The citations behind `substitution()`, by code."""
    library = _library()
    return {code: library.sources[code] for code in library.substitution.source}


def can_have_been(sport: str) -> tuple[Exercise, ...]:
    """What a recording of a FIT sport may be said to have been; nothing where no plan has such an exercise."""
    library = _library()
    return tuple(each for group in library.recorded.get(sport, ()) for each in library.substitution.groups[group])
