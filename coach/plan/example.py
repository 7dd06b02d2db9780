"""The example plans of a condition: which exercises of its menu, in which roles."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from coach.plan.exercises import facts
from coach.plan.menu import MenuDose, Offer
from coach.plan.model import Exercise, Role, Value
from config.lines import KeyPath

Fault = tuple[KeyPath, str]
"""Where an example goes wrong, and what to do."""


class ExampleItem(Value):
    """One exercise of an example plan.

    Attributes:
        non_swimmer: what a person who does not swim does instead; None leaves out what needs swimming.
    """

    exercise: Exercise
    role: Role
    non_swimmer: Exercise | None = None

    def chosen(self, *, swimmer: bool) -> Exercise | None:
        """The exercise for this person; None where it needs swimming and nothing else is named."""
        if swimmer:
            return self.exercise
        return self.non_swimmer or (None if facts(self.exercise).swimmer_required else self.exercise)


Items = Annotated[tuple[ExampleItem, ...], Field(min_length=1)]


class Examples(Value):
    """The example plan, and the one for those who cannot load the spine."""

    usual: Items
    load_intolerant: Items | None = None

    def faults(self, menu: Mapping[Exercise, MenuDose]) -> Iterator[Fault]:
        """Exercises without a dose to start from, asked for twice, nested in what is not asked for, or that need
        swimming where they should not.
        """
        for name, items in (("usual", self.usual), ("load_intolerant", self.load_intolerant or ())):
            found = dict.fromkeys(
                (("example", name, index), sentence)
                for swimmer in (True, False)
                for index, sentence in _faults([item.chosen(swimmer=swimmer) for item in items], menu)
            )
            yield from found
            for index, item in enumerate(items):
                if item.non_swimmer is not None and facts(item.non_swimmer).swimmer_required:
                    sentence = f"{item.non_swimmer} needs swimming; an exercise that does not"
                    yield ("example", name, index, "non_swimmer"), sentence
            if items and all(item.chosen(swimmer=False) is None for item in items):
                yield ("example", name, 0), "nothing is left for a person who does not swim; add non_swimmer"


def _faults(asked: Sequence[Exercise | None], menu: Mapping[Exercise, MenuDose]) -> Iterator[tuple[int, str]]:
    for index, exercise in enumerate(asked):
        if exercise is None:
            continue
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
