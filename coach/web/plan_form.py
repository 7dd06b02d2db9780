"""The form of a plan: what each field is called and may hold, and what is wrong where."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from coach.plan import facts, thresholds
from coach.plan.drafting import DOSES, NO, YES, Values, codes, exercises
from coach.plan.library import conditions
from coach.plan.model import Exercise, HeatScreen, Level, Prescription, Relief, RestrictionCode, Role, Stroke
from coach.plan.words import capital, condition
from coach.store.tables import Person
from coach.units import Quantity, Units, unit
from coach.web.visit import Visit
from config.messages import Messages

Option = tuple[str, str]

_REST: Final = Prescription.model_fields.keys() - {"exercise", "role", "source", "note", *DOSES}
"""Of an item what most have none of: it stands behind "more"."""


@dataclass(frozen=True, slots=True)
class Error:
    """What is wrong with a field. `key` ends the name of the text that says so; `at` is where the reader is led to."""

    field: str
    key: str
    at: str


@dataclass(frozen=True, slots=True)
class Item:
    """One exercise; what may stand in for it, and whether what is not usual is shown at once."""

    exercise: str
    name: str
    others: tuple[Option, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class View:
    """The form as it stands. `version` is the one that it was made of; `meanwhile` what that has changed since."""

    person: Person
    version: int
    values: Values
    words: Messages
    earliest: str
    farthest_in: str
    choices: Mapping[str, Sequence[Option]]
    items: tuple[Item, ...]
    left: tuple[Option, ...]
    restrictions: tuple[tuple[str, str, bool], ...]
    strokes: tuple[Option, ...]
    errors: tuple[tuple[Error, str], ...] = ()
    meanwhile: tuple[str, ...] = ()
    said: str | None = None

    def value(self, name: str) -> str:
        return next(iter(self.values.get(name, ())), "")

    def has(self, name: str, value: str = YES) -> bool:
        return value in self.values.get(name, ())

    def wrong(self, name: str) -> Sequence[str]:
        """What is wrong with a field."""
        return [sentence for error, sentence in self.errors if error.at == name]

    def whose(self, error: Error) -> str | None:
        """The exercise whose field it is."""
        named = error.at.split(".")
        place = {"item": 1, "substitution": 2}.get(named[0], 0)
        return next((item.name for item in self.items if item.exercise == named[place]), None)

    def label(self, name: str) -> str:
        return capital(self.words.text(f"plan_key.{name}"))


def error(field: str) -> Error:
    """What a field, or a group of fields, has wrong; of a group the reader is led to the first that can mend it."""
    table, _, rest = field.partition(".")
    last = field.rpartition(".")[2]
    match table, rest.split("."):
        case "substitution", _:
            return Error(field, "credit", field)
        case "item", [""]:
            return Error(field, "items", "new")
        case "item", [_]:
            return Error(field, "below_dose", f"{field}.ceiling.sessions")
        case "item", [_, "ceiling"]:
            return Error(field, "hot", f"{field}.minutes")
        case "item", [exercise, "exercise"]:
            return Error(field, "exercise", f"item.{exercise}")
        case _:
            return Error(field, last, field)


def view(
    visit: Visit,
    person: Person,
    version: int,
    values: Values,
    *,
    earliest: str,
    errors: Sequence[Error] = (),
    meanwhile: Sequence[str] = (),
    said: str | None = None,
) -> View:
    words = visit.words.messages
    asked, hot = exercises(values), thresholds().hot_water.exercise_max_minutes
    told = tuple((each, visit.say(_text_of(visit, each), day=earliest, minutes=hot)) for each in errors)
    wrong = {each.at for each in errors}
    return View(
        person=person,
        version=version,
        values=values,
        words=words,
        earliest=earliest,
        farthest_in=unit(Quantity.LENGTH, Units(person.units)).symbol,
        choices=_choices(visit, values),
        items=tuple(_item(each, wrong, words) for each in asked),
        left=_named((each for each in Exercise if each not in asked), lambda each: _name(each, words)),
        restrictions=tuple(
            (code, words.text(f"plan.left_out_{code}", strokes="").rstrip(": "), code in codes(values))
            for code in RestrictionCode
        ),
        strokes=_named(Stroke, lambda each: capital(words.text(f"plan_value.{each}"))),
        errors=told,
        meanwhile=tuple(meanwhile),
        said=said,
    )


def _item(exercise: str, wrong: set[str], words: Messages) -> Item:
    rest = [f"item.{exercise}.{name}" for name in _REST] + [f"substitution.{each}.{exercise}" for each in Exercise]
    return Item(
        exercise=exercise,
        name=_name(exercise, words),
        others=_named((each for each in Exercise if each != exercise), lambda each: _name(each, words)),
        is_open=not wrong.isdisjoint(rest),
    )


def _choices(visit: Visit, values: Values) -> Mapping[str, Sequence[Option]]:
    words = visit.words.messages

    def of(members: Sequence[str], *before: Option) -> Sequence[Option]:
        return (*before, *_named(members, lambda each: capital(words.text(f"plan_value.{each}"))))

    known = dict.fromkeys((*conditions(visit.app.settings.plans), *values.get("plan.condition", ())))
    none = ("", visit.say("plan_form.no_limit"))
    return {
        "condition": _named(known, lambda each: capital(condition(each, words))),
        "relief": of([*Relief]),
        "flexion_tolerated": of([YES, NO], ("", capital(words.text("plan_value.not_known")))),
        "heat_screen": of([*HeatScreen]),
        "role": of([*Role]),
        "max_intensity": of([*Level], none),
        "nested_in": (
            ("", visit.say("plan_form.on_its_own")),
            *_named(exercises(values), lambda each: _name(each, words)),
        ),
    }


def _named(members: Iterable[str], name: Callable[[str], str]) -> tuple[Option, ...]:
    return tuple((str(each), name(each)) for each in members)


def _name(exercise: str, words: Messages) -> str:
    return capital(facts(Exercise(exercise), words).many)


def _text_of(visit: Visit, wrong: Error) -> str:
    key = f"plan_wrong.{wrong.key}"
    return key if visit.words.own.has(key) else "plan_wrong.other"
