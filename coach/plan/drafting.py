"""A plan as the fields of a form, and back: what was typed becomes the data of a plan's file, and is validated as one.

A field is called as its key in the file, an item by its exercise and a restriction by its code: `plan.step`,
`item.swim.dose.minutes`, `restriction.uphill_avoid.reason`, `substitution.swim.level_walk`. `item` and `restriction`
hold which there are. Sources have no field: they stay as the plan before has them.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from coach.errors import UsageError
from coach.plan.file import Heading, PlanFile
from coach.plan.model import Diagnosis, Dose, Exercise, Plan, Prescription, RestrictionCode, Slot, Traits, Weekday
from coach.plan.words import slot
from coach.units import Quantity, Units, typed, unit
from config.document import Document
from config.messages import Messages

Values = Mapping[str, Sequence[str]]
"""What a form holds: of each field its texts. One that is not there is empty."""

YES: Final = "yes"
NO: Final = "no"
DOSES: Final = ("dose", "ceiling")

_AT: Final = re.compile(r"^(item|restriction)\[(\d+)\]")
_WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_DECIMAL: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")
_INDEX: Final = re.compile(r"\[\d+\]$")
_WHOLE: Final = frozenset({"sessions", "minutes", "from_step", "max_minutes", "rest_days", "pain_limit_during", "step"})
_FLAGS: Final = frozenset(
    {"may_split", "no_substitute", "by_effort", "easy", "pain_free_only"}
    | {name for name, value in Traits() if isinstance(value, bool)}
)
_ITEM: Final = tuple(Prescription.model_fields.keys() - {"exercise", "source", *DOSES})


@dataclass(frozen=True, slots=True)
class Drafting:
    """In whose words and units a form is filled in."""

    words: Messages
    units: Units

    def fields(self, plan: Plan) -> dict[str, Sequence[str]]:
        """The plan as its form shows it."""
        file = PlanFile.of(plan).model_dump(exclude_none=True)
        found: dict[str, Sequence[str]] = {
            "item": [item.exercise for item in plan.prescriptions],
            "restriction": [each.code for each in plan.restrictions],
        }
        for table in ("plan", "diagnosis", "traits", "substitution"):
            found |= self._shown(table, file.get(table, {}))
        for each in file["item"]:
            found |= self._shown(f"item.{each['exercise']}", each)
        for each in file["restriction"]:
            found |= self._shown(f"restriction.{each['code']}", each)
        return found

    def document(self, values: Values, before: Plan) -> Document:
        """What was typed as a file that has yet to be validated; `before` has what no field holds."""
        file = PlanFile.of(before).model_dump(mode="json", exclude_none=True)
        cited = {each["exercise"]: each.get("source", []) for each in file["item"]}
        items = exercises(values)
        data = {
            "plan": self._read("plan", Heading.model_fields.keys() - {"set_by"}, values),
            "diagnosis": self._read("diagnosis", Diagnosis.model_fields, values),
            "traits": self._read("traits", Traits.model_fields, values),
            "item": [
                {
                    "exercise": exercise,
                    "source": cited.get(exercise, []),
                    **self._read(f"item.{exercise}", _ITEM, values),
                    **{dose: self._read(f"item.{exercise}.{dose}", Dose.model_fields, values) for dose in DOSES},
                }
                for exercise in items
            ],
            "restriction": [
                {"code": code, **self._read(f"restriction.{code}", _told_of(code), values)} for code in codes(values)
            ],
            "substitution": self._substitution(values, items, file["substitution"]),
            "sources": file["sources"],
        }
        return Document(Path("plan"), {name: table for name, table in data.items() if table})

    def _substitution(
        self, values: Values, items: Sequence[str], before: Mapping[str, Mapping[str, float]]
    ) -> Mapping[str, Mapping[str, Any]]:
        """Of exercises that the plan does not ask for, what stood in for them stays said."""
        rows = {
            done: {asked: credit for asked, credit in before.get(done, {}).items() if asked not in items}
            | self._read(f"substitution.{done}", items, values)
            for done in Exercise
        }
        return {done: row for done, row in rows.items() if row}

    def _shown(self, prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[str]]]:
        for name, value in table.items():
            if isinstance(value, Mapping):
                yield from self._shown(f"{prefix}.{name}", value)
            else:
                yield f"{prefix}.{name}", self._texts(name, value)

    def _texts(self, name: str, value: Any) -> Sequence[str]:
        match value:
            case bool():
                return [YES] if value else [NO]
            case float():
                return [f"{value:g}".replace(".", self.words.text("number.point"))]
            case int() if name == "max_distance_m":
                return [f"{value * unit(Quantity.LENGTH, self.units).factor:.0f}"]
            case tuple() if name == "planned":
                return [", ".join(slot(Slot.model_validate(each), self.words) for each in value)]
            case tuple() | list():
                return [str(each) for each in value]
            case _:
                return [str(value)]

    def _read(self, prefix: str, names: Any, values: Values) -> dict[str, Any]:
        """The table of these names, empty fields left out. What is no number stays as it was typed, and is told."""
        texts = {str(name): values.get(f"{prefix}.{name}", ()) for name in names}
        read = {name: self._reader(prefix, name)([each.strip() for each in said]) for name, said in texts.items()}
        return {name: value for name, value in read.items() if value is not None}

    def _reader(self, prefix: str, name: str) -> Callable[[Sequence[str]], Any]:
        if prefix.startswith("substitution."):
            return _number
        if name in _FLAGS:
            return lambda said: YES in said
        special: Mapping[str, Callable[[Sequence[str]], Any]] = {
            "max_distance_m": self._distance,
            "planned": self._days,
            "strokes": list,
            "flexion_tolerated": lambda said: {YES: True, NO: False}.get(_text(said) or ""),
        }
        return special.get(name, _whole if name in _WHOLE else _text)

    def _distance(self, said: Sequence[str]) -> Any:
        try:
            metres = typed(_text(said) or "", Quantity.LENGTH, self.units, "", self.words)
        except UsageError:
            return _text(said)
        return None if metres is None else round(metres)

    def _days(self, said: Sequence[str]) -> list[str] | None:
        """Weekdays in the language of the form become those of the file."""
        codes = {self.words.text(f"weekday_short.{day.name.lower()}").casefold(): day.name.lower() for day in Weekday}
        found = []
        for each in (_text(said) or "").split(","):
            day, _, at = each.strip().partition(" ")
            found.append(" ".join(filter(None, (codes.get(day.rstrip(".").casefold(), day), at.strip()))))
        return [each for each in found if each] or None


def exercises(values: Values) -> list[str]:
    """Those that the form asks for, each once, in its order."""
    return list(dict.fromkeys(each for each in values.get("item", ()) if each in set(Exercise)))


def codes(values: Values) -> list[str]:
    return list(dict.fromkeys(each for each in values.get("restriction", ()) if each in set(RestrictionCode)))


def field_of(key: str, values: Values) -> str:
    """The field, or group of fields, that a problem of the document is about."""
    there = {"item": exercises(values), "restriction": codes(values)}
    named = _AT.sub(lambda found: f"{found[1]}.{there[found[1]][int(found[2])]}", key)
    return _INDEX.sub("", named)


def _told_of(code: str) -> tuple[str, ...]:
    return ("reason", "strokes") if code == RestrictionCode.STROKE_AVOID else ("reason",)


def _text(said: Sequence[str]) -> str | None:
    return next((each for each in said if each), None)


def _whole(said: Sequence[str]) -> int | str | None:
    text = _text(said)
    return int(text) if text is not None and _WHOLE_NUMBER.fullmatch(text) else text


def _number(said: Sequence[str]) -> float | str | None:
    text = (_text(said) or "").replace(",", ".")
    return float(text) if _DECIMAL.fullmatch(text) else text or None
