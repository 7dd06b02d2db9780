"""The example plans of a condition: which exercises of its menu, in which roles."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from coach.plan.menu import MenuDose, Offer
from coach.plan.model import Exercise, Role, Value
from config.lines import KeyPath

Fault = tuple[KeyPath, str]
"""Where an example goes wrong, and what to do."""


class ExampleItem(Value):
    """One exercise of an example plan. `non_swimmer` is what a person who does not swim does instead."""

    exercise: Exercise
    role: Role
    non_swimmer: Exercise | None = None

    def chosen(self, *, swimmer: bool) -> Exercise:
        return self.exercise if swimmer or self.non_swimmer is None else self.non_swimmer


Items = Annotated[tuple[ExampleItem, ...], Field(min_length=1)]


class Examples(Value):
    """The example plan, and the one for those who cannot load the spine."""

    usual: Items
    load_intolerant: Items | None = None

    def faults(self, menu: Mapping[Exercise, MenuDose]) -> Iterator[Fault]:
        """Exercises without a dose to start from, asked for twice, or nested in what is not asked for."""
        for name, items in (("usual", self.usual), ("load_intolerant", self.load_intolerant or ())):
            found = dict.fromkeys(
                (("example", name, index), sentence)
                for swimmer in (True, False)
                for index, sentence in _faults([item.chosen(swimmer=swimmer) for item in items], menu)
            )
            yield from found


def _faults(asked: Sequence[Exercise], menu: Mapping[Exercise, MenuDose]) -> Iterator[tuple[int, str]]:
    for index, exercise in enumerate(asked):
        dose = menu.get(exercise)
        if dose is None:
            yield index, f"{exercise} has no dose; add [dose.{exercise}]"
        elif dose.offered is Offer.OFF:
            yield index, f"the dose of {exercise} is off; one that is usual or optional"
        elif dose.nested_in is not None and dose.nested_in not in asked:
            yield (
                index,
                f"{exercise} is nested in {dose.nested_in}, which this example leaves out; add it",
            )
        if exercise in asked[:index]:
            yield index, f"{exercise} is asked for twice; once"
