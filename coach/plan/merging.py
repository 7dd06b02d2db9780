"""A plan that goes on under other circumstances: what the library would change is changed, all else stays."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from operator import attrgetter
from typing import TypeVar

from coach.plan.model import Plan, Value

V = TypeVar("V", bound=Value)


def carried(before: Plan, old: Plan, new: Plan) -> Plan:
    """`before`, with what differs between two examples: that for how things were, and that for how they are.

    Doses that were reached, days that were agreed and a clinician's own items stay, unless the library asks for
    something else now.
    """
    plain = _plain(before, old, new, {"prescriptions", "restrictions", "sources"})
    cited = {code: text for code, text in before.sources.items() if code in new.sources or code not in old.sources}
    return before.model_copy(
        update={
            **plain,
            "sources": {**cited, **{code: text for code, text in new.sources.items() if code not in old.sources}},
            "prescriptions": _listed(
                before.prescriptions, old.prescriptions, new.prescriptions, attrgetter("exercise")
            ),
            "restrictions": _listed(before.restrictions, old.restrictions, new.restrictions, attrgetter("code")),
        }
    )


def _listed(before: Sequence[V], old: Sequence[V], new: Sequence[V], name: Callable[[V], Hashable]) -> tuple[V, ...]:
    """What is no longer there goes, what is new comes last, and of what stays the changed fields change."""
    were = {name(each): each for each in old}
    are = {name(each): each for each in new}
    kept = {
        name(each): _changed(each, were.get(name(each)), are.get(name(each)))
        for each in before
        if name(each) in are or name(each) not in were
    }
    return (*kept.values(), *(each for key, each in are.items() if key not in were and key not in kept))


def _changed(before: V, old: V | None, new: V | None) -> V:
    return before if old is None or new is None else before.model_copy(update=_plain(before, old, new, set()))


def _plain(before: V, old: V, new: V, left: set[str]) -> Mapping[str, object]:
    names = type(before).model_fields.keys() - left
    return {name: getattr(new, name) for name in names if getattr(old, name) != getattr(new, name)}
