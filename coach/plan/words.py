"""A plan in the words that a person reads: what it rests on, its items, what it leaves out, what has changed.

The plan library's words are told in the reader's language. A clinician's own (a note, a reason) stay as they are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from coach.plan.citing import untagged
from coach.plan.differences import Difference
from coach.plan.exercises import facts
from coach.plan.model import Exercise, HeatScreen, Plan, Prescription, Slot, Stroke, Weekday
from coach.units import Quantity, Units, shown
from config.messages import Messages
from config.messages.calendar import whole
from config.messages.library import in_language

_UP_TO: Final = "up to "
"""How a difference tells where a new item ends."""


@dataclass(frozen=True, slots=True)
class Item:
    """One prescription. `waits`: until when it is not asked for; None where it is now."""

    name: str
    dose: str
    waits: str | None
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    what: str
    why: str


def condition(code: str, words: Messages) -> str:
    """A condition that a clinician added goes by its code."""
    return words.text(f"condition.{code}") if words.has(f"condition.{code}") else code.replace("_", " ")


def rests_on(plan: Plan, words: Messages) -> Iterator[tuple[str, str]]:
    """What the plan goes by: each with its name."""
    yield _named("condition", condition(plan.condition, words), words)
    if plan.diagnosis is not None:
        told = f"{plan.diagnosis.made_by}, {whole(plan.diagnosis.made_on, words)}"
        yield _named("diagnosis", told, words)
    yield _named("relief", words.text(f"plan_value.{plan.relief}"), words)
    tolerated = {True: "yes", False: "no", None: "not_known"}[plan.flexion_tolerated]
    yield _named("flexion_tolerated", words.text(f"plan_value.{tolerated}"), words)
    for name, value in plan.traits:
        if isinstance(value, HeatScreen):
            if value is not HeatScreen.NOT_ASKED:
                yield _named(name, words.text(f"plan_value.{value}"), words)
        elif value != (name == "swimmer"):  # to swim is usual, all else is not
            yield _named(name, words.text("plan_value.yes" if value else "plan_value.no"), words)
    limit = "plan.pain_free_only" if plan.pain_free_only else "plan.pain_limit"
    yield _named("pain_limit_during", words.text(limit, count=plan.pain_limit_during), words)


def items(plan: Plan, units: Units, words: Messages) -> Iterator[Item]:
    """Those that are asked for first."""
    asked = {item.exercise for item in plan.items}
    for item in sorted(plan.prescriptions, key=lambda item: item.exercise not in asked):
        yield Item(
            name=capital(facts(item.exercise, words).many),
            dose=words.text("plan.dose", sessions=item.dose.sessions, minutes=item.dose.minutes),
            waits=None if item.exercise in asked else _waits(item, plan, words),
            remarks=tuple(_remarks(item, units, words)),
        )


def _waits(item: Prescription, plan: Plan, words: Messages) -> str:
    return words.text("plan.from_step" if item.from_step > plan.step else "plan.heat", step=item.from_step)


def _remarks(item: Prescription, units: Units, words: Messages) -> Iterator[str]:
    dose, ceiling = item.dose, item.ceiling
    farthest = shown(item.max_distance_m, Quantity.LENGTH, units, words)
    said: tuple[tuple[bool, str, Mapping[str, object]], ...] = (
        (True, f"role_{item.role}", {}),
        (True, *_when(item, words)),
        (ceiling != dose, "up_to", {"sessions": ceiling.sessions, "minutes": ceiling.minutes}),
        (item.max_minutes is not None, "max_minutes", {"minutes": item.max_minutes}),
        (item.max_distance_m is not None, "max_distance", {"distance": farthest}),
        (item.max_intensity is not None, f"max_{item.max_intensity}", {}),
        (item.by_effort, "by_effort", {}),
        (item.rest_days > 0, "rest_days", {"count": item.rest_days}),
        (item.may_split, "may_split", {}),
        (item.no_substitute, "no_substitute", {}),
    )
    told = [words.text(f"plan.{key}", **fields) for is_so, key, fields in said if is_so]
    if item.note and (note := in_language(item.note, words.language)) not in told:
        told.append(note)
    yield from told


def _when(item: Prescription, words: Messages) -> tuple[str, Mapping[str, object]]:
    if item.nested_in is not None:
        return "nested", {"exercises": facts(item.nested_in, words).many}
    if item.planned:
        return "planned", {"days": ", ".join(slot(each, words) for each in item.planned)}
    return "as_it_suits", {}


def left_out(plan: Plan, words: Messages) -> Iterator[LeftOut]:
    for each in plan.restrictions:
        strokes = ", ".join(words.text(f"plan_value.{stroke}") for stroke in each.strokes)
        yield LeftOut(
            words.text(f"plan.left_out_{each.code}", strokes=strokes), in_language(each.reason, words.language)
        )


def slot(planned: Slot, words: Messages) -> str:
    """`Mon 17:30`."""
    day = words.text(f"weekday_short.{planned.day.name.lower()}")
    return day if planned.at is None else f"{day} {planned.at:%H:%M}"


def difference(found: Difference, words: Messages) -> str:
    kind = "new" if found.before is None else "gone" if found.after is None else "changed"
    what = _key(found.key, words)
    before, after = (_side(found.key, each or "", words) for each in (found.before, found.after))
    return words.text(f"plan.{kind}", what=capital(what), before=before, after=after)


def _key(key: str, words: Messages) -> str:
    """What a key of a plan's file is called: `level_walk.dose`, `traits.swimmer`, `restriction.uphill_avoid`."""
    first, _, rest = key.partition(".")
    name = words.text(f"plan_key.{rest or first}") if words.has(f"plan_key.{rest or first}") else None
    match first:
        case "restriction":
            return words.text(f"plan.left_out_{rest}", strokes="").rstrip(": ")
        case "substitution":
            done, asked = (facts(Exercise(each), words).one for each in rest.split("."))
            return words.text("plan.substitution", done=done, asked=asked)
        case "sources":
            return words.text("plan.source")
        case exercise if exercise in set(Exercise):
            return ", ".join(filter(None, (facts(Exercise(exercise), words).one, name)))
        case _:
            return name or key


def _side(key: str, text: str, words: Messages) -> str:
    """A value, by where it stands: free words are the library's, or as somebody wrote them."""
    if key.startswith("sources."):
        return untagged(in_language(text, words.language))
    if not key.startswith("restriction."):
        return in_language(text, words.language) if key.endswith(".note") else _value(text, words)
    reason, bracket, strokes = text.rpartition(" (")
    if not (bracket and set(strokes.removesuffix(")").split(", ")) <= set(Stroke)):
        return in_language(text, words.language)
    return f"{in_language(reason, words.language)} ({_value(strokes.removesuffix(')'), words)})"


def _value(text: str, words: Messages) -> str:
    """Words that plans choose from are put into those of the language; figures and free words stay."""
    return ", ".join(_word(each, words) for each in text.split(", "))


def _word(word: str, words: Messages) -> str:
    if words.has(f"plan_value.{word}"):
        return words.text(f"plan_value.{word}")
    if word in set(Exercise):
        return facts(Exercise(word), words).one
    if word.startswith(_UP_TO):
        return words.text("plan.until", what=word.removeprefix(_UP_TO))
    day, blank, at = word.partition(" ")
    if day.upper() in Weekday.__members__:
        return f"{words.text(f'weekday_short.{day}')}{blank}{at}"
    return condition(word, words) if _is_code(word) else word


def _is_code(word: str) -> bool:
    return "_" in word and word.isidentifier()


def _named(key: str, value: str, words: Messages) -> tuple[str, str]:
    return capital(words.text(f"plan_key.{key}")), capital(value)


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]
