"""What differs between two plans, key by key, in the words of the plan's file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from coach.plan.model import Dose, Plan, Prescription, Value


@dataclass(frozen=True, slots=True)
class Difference:
    """A key such as `level_walk.dose`, before and after; None where it was, or is, not there."""

    key: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.key}: {self.after}, new"
        if self.after is None:
            return f"{self.key}: no longer ({self.before})"
        return f"{self.key}: {self.after} instead of {self.before}"


def differences(before: Plan, after: Plan) -> tuple[Difference, ...]:
    """In the order of the keys as the plans have them; empty where they are the same."""
    old, new = dict(_flat(before, after)), dict(_flat(after, before))
    return tuple(
        Difference(key, old.get(key), new.get(key))
        for key in dict.fromkeys((*old, *new))
        if old.get(key) != new.get(key)
    )


def since(before: Plan | None, after: Plan) -> tuple[Difference, ...]:
    """What a version changed of the one before, without the first day; nothing of the first."""
    return () if before is None else tuple(each for each in differences(before, after) if each.key != "starts_on")


def _flat(plan: Plan, other: Plan) -> Iterator[tuple[str, str]]:
    """Every key with its value as text; an item that the other plan lacks is one line."""
    nested = {"prescriptions", "restrictions", "traits", "substitution", "sources", "is_example"}  # which set_by says
    yield from _fields(plan, "", Plan.model_fields.keys() - nested)
    yield from _fields(plan.traits, "traits.", type(plan.traits).model_fields.keys())
    others = {item.exercise for item in other.prescriptions}
    for item in plan.prescriptions:
        if item.exercise in others:
            yield from _fields(item, f"{item.exercise}.", Prescription.model_fields.keys() - {"exercise"})
        else:
            yield str(item.exercise), f"{item.role}, {_text(item.dose)}, up to {_text(item.ceiling)}"
    for each in plan.restrictions:
        yield f"restriction.{each.code}", each.reason + (f" ({', '.join(each.strokes)})" if each.strokes else "")
    for done, row in plan.substitution.items():
        for asked, credit in row.items():
            yield f"substitution.{done}.{asked}", f"{credit:g}"
    for code, citation in plan.sources.items():
        yield f"sources.{code}", citation


def _fields(value: Value, prefix: str, names: Any) -> Iterator[tuple[str, str]]:
    for name in type(value).model_fields:
        if name in names and (said := _text(getattr(value, name))) is not None:
            yield f"{prefix}{name}", said


def _text(value: Any) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case Dose():
            return f"{value.sessions} x {value.minutes} min"
        case Value():
            return ", ".join(str(each) for each in value.model_dump().values())
        case tuple():
            return ", ".join(str(each) for each in value) or "none"
        case _:
            return str(value)
