"""A person's plan as a TOML file that a clinician can read, change, diff and send.

The keys are those of `Plan`, sorted into tables. What is left out takes its default; what is wrong is told with file,
line, key and what is allowed.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from coach.plan.exercises import Credit
from coach.plan.faults import faults
from coach.plan.model import (
    Diagnosis,
    Exercise,
    Plan,
    Prescription,
    Relief,
    Restriction,
    Traits,
    Value,
)
from coach.signs import UNSEEN
from config.document import Document, read
from config.errors import LibraryError
from config.lines import KeyPath
from config.sources import Citation
from config.validation import validated

_UNSEEN: Final = "holds characters that are not seen, or a new line; plain text on one line"


class Heading(Value):
    """`[plan]`: what holds for all of it.

    Attributes:
        starts_on: None where the one who takes it in says from when.
        set_by: None for an example of the library.
        flexion_tolerated: None for not known.
    """

    condition: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="a name such as disc_herniation")]
    starts_on: date | None = None
    set_by: Annotated[str, Field(min_length=1)] | None = None
    step: Annotated[int, Field(ge=1)] = 1
    easy: bool = False
    relief: Relief = Relief.UNKNOWN
    flexion_tolerated: bool | None = None
    pain_limit_during: Annotated[int, Field(ge=0, le=5)]
    pain_free_only: bool = False


class PlanFile(Value):
    """The whole file."""

    plan: Heading
    diagnosis: Diagnosis | None = None
    traits: Traits = Field(default_factory=Traits)
    item: Annotated[tuple[Prescription, ...], Field(min_length=1)]
    restriction: tuple[Restriction, ...] = ()
    substitution: Mapping[Exercise, Mapping[Exercise, Credit]] = {}
    sources: Mapping[str, Citation] = {}

    def as_plan(self, starts_on: date, set_by: str | None = None) -> Plan:
        """The plan from a day on.

        Args:
            starts_on: where the file does not say so itself.
            set_by: likewise; a plan that nobody made theirs stays an example.
        """
        by = self.plan.set_by or set_by
        return Plan(
            **self.plan.model_dump(exclude={"starts_on", "set_by"}),
            starts_on=self.plan.starts_on or starts_on,
            set_by=by,
            is_example=by is None,
            diagnosis=self.diagnosis,
            traits=self.traits,
            prescriptions=self.item,
            restrictions=self.restriction,
            substitution=self.substitution,
            sources=self.sources,
        )

    @classmethod
    def of(cls, plan: Plan) -> "PlanFile":
        names = Heading.model_fields.keys()
        return cls(
            plan=Heading(**{name: getattr(plan, name) for name in names}),
            diagnosis=plan.diagnosis,
            traits=plan.traits,
            item=plan.prescriptions,
            restriction=plan.restrictions,
            substitution=plan.substitution,
            sources=plan.sources,
        )


def parsed(document: Document) -> PlanFile:
    """The file of a text.

    Raises:
        LibraryError: every problem of it, each with file, line, key and what is allowed.
    """
    file = validated(document, PlanFile, sourced=False)
    problems = [document.problem(*fault) for fault in faults(file.item, file.restriction, file.traits, file.sources)]
    problems += [document.problem(key_path, _UNSEEN) for key_path in _steering(document.data, ())]
    if problems:
        raise LibraryError(*problems)
    return file


def _steering(node: object, key_path: KeyPath) -> Iterator[KeyPath]:
    """Where a text holds what a terminal would obey."""
    if isinstance(node, str):
        if UNSEEN.search(node):
            yield key_path
    elif isinstance(node, Mapping):
        for key, each in node.items():
            yield from _steering(each, (*key_path, key))
    elif isinstance(node, list):
        for index, each in enumerate(node):
            yield from _steering(each, (*key_path, index))


def plan_from(path: Path, starts_on: date = date.min, set_by: str | None = None) -> Plan:
    """The plan in a file.

    Args:
        path: the file.
        starts_on: from when, where the file does not say.
        set_by: who set it, likewise.

    Raises:
        LibraryError: it cannot be read, or is no plan; every problem with file, line, key and what is allowed.
    """
    return parsed(read(path)).as_plan(starts_on, set_by)
