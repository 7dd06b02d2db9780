"""A condition as its file in the plan library says it: the doses to pick from, and the example plans."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from coach.plan.example import Examples, Fault
from coach.plan.exercises import Substitution
from coach.plan.menu import MenuDose, Text
from coach.plan.model import Exercise, Restriction, RestrictionCode, Value
from config.sources import Citation, Source


class About(Value):
    """What the condition is, and the limit of pain during exercise (0-10) that its plans start from.

    Attributes:
        rests_on: the statements of the founding article that the file carries out.
    """

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="a name such as disc_herniation")]
    name: Text
    icd10: tuple[Text, ...] = ()
    rests_on: tuple[Text, ...]
    pain_limit_during: Annotated[int, Field(ge=0, le=5)]
    source: Source


class When(StrEnum):
    """What brings a restriction into a plan."""

    ALWAYS = "always"
    FLEXION_NOT_TOLERATED = "flexion_not_tolerated"


class ConditionalRestriction(Value):
    """Something to leave out, `when` it applies. What is not known yet counts as not tolerated, and says so.

    Attributes:
        reason: in the words the person reads; reason_unknown: the same while nobody has found out.
    """

    code: RestrictionCode
    when: When
    reason: Text
    reason_unknown: Text | None = None
    source: Source

    def applies(self, *, flexion_tolerated: bool | None) -> bool:
        return self.when is When.ALWAYS or not flexion_tolerated

    def said(self, *, flexion_tolerated: bool | None) -> Restriction:
        """The restriction with the reason that fits."""
        unknown = self.when is When.FLEXION_NOT_TOLERATED and flexion_tolerated is None
        return Restriction(code=self.code, reason=(self.reason_unknown if unknown else None) or self.reason)


class Override(Value):
    """Credits that differ from those of config/exercises.toml in this condition."""

    source: Source
    credit: Substitution


class Condition(Value):
    """One file of the plan library, every number with its source."""

    about: About = Field(alias="condition")
    sources: Mapping[str, Citation]
    dose: Mapping[Exercise, MenuDose]
    example: Examples
    restriction: tuple[ConditionalRestriction, ...] = ()
    substitution: Override | None = None

    @property
    def code(self) -> str:
        return self.about.code

    @property
    def name(self) -> str:
        """In plain words: `disc herniation`."""
        return self.about.name

    def faults(self) -> Iterator[Fault]:
        """What keeps an example from being a plan."""
        yield from self.example.faults(self.dose)
