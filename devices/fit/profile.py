"""What FIT's numbers mean: fitparse's profile (2019), and a small table of ours for newer fields that a plan needs."""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from fitparse.profile import MESSAGE_TYPES


class Newer(NamedTuple):
    """A field that came after fitparse's profile, by FIT profile 21."""

    name: str
    scale: float | None = None


_NEWER: Final[Mapping[tuple[str, int], Newer]] = MappingProxyType(
    {
        ("session", 33): Newer("num_lengths"),
        ("session", 192): Newer("workout_feel"),  # 0 very weak .. 100 very strong
        ("session", 193): Newer("workout_rpe", scale=10),  # Borg CR10
    }
)


class Component(NamedTuple):
    """Some bits of a field that are a value of another field."""

    name: str
    number: int
    bits: int
    bit_offset: int
    scale: float | None
    offset: float | None
    accumulate: bool


class Field(NamedTuple):
    """A field of the profile: value = sent / scale - offset.

    Attributes:
        names: of an enum's numbers.
        variants: the fields that it can be, by the number and value of the field that decides.
    """

    name: str
    scale: float | None = None
    offset: float | None = None
    names: Mapping[int, str] = MappingProxyType({})
    components: tuple[Component, ...] = ()
    variants: Mapping[int, Mapping[int, "Field"]] = MappingProxyType({})


@cache
def number_of(message: str) -> int:
    """The global number of a message."""
    return next(int(number) for number, each in MESSAGE_TYPES.items() if each.name == message)


@cache
def fields_of(message: str) -> Mapping[int, Field]:
    """The fields of a message by their numbers."""
    known = MESSAGE_TYPES[number_of(message)].fields
    fields = {number: _field(each, known) for number, each in known.items()}
    newer = {number: Field(each.name, each.scale) for (of, number), each in _NEWER.items() if of == message}
    return MappingProxyType(newer | fields)


@cache
def names_of(message: str) -> frozenset[str]:
    """The names of a message's fields."""
    return frozenset(field.name for field in fields_of(message).values())


def _field(field: Any, siblings: Mapping[int, Any]) -> Field:
    return Field(
        name=field.name,
        scale=field.scale or None,
        offset=field.offset or None,
        names=MappingProxyType(field.type.values or {}),
        components=tuple(
            Component(
                siblings[each.def_num].name,
                each.def_num,
                each.bits,
                each.bit_offset,
                each.scale or None,
                each.offset or None,
                bool(each.accumulate),
            )
            for each in field.components or ()
        ),
        variants=_variants(getattr(field, "subfields", None) or (), siblings),
    )


def _variants(subfields: Iterable[Any], siblings: Mapping[int, Any]) -> Mapping[int, Mapping[int, Field]]:
    """The fields that a field can be, by the number and the value of the field that decides; the first one counts."""
    deciding: dict[int, dict[int, Field]] = {}
    for each in subfields:
        variant = _field(each, siblings)
        for reference in each.ref_fields:
            deciding.setdefault(reference.def_num, {}).setdefault(reference.raw_value, variant)
    return deciding
