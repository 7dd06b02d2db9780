"""What a person's traits bring into every plan, whatever the condition. The data: config/traits.toml."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated

from pydantic import Field

from coach.plan.exercises import Family, Predicate, facts
from coach.plan.model import Prescription, Restriction, RestrictionCode, Stroke, Traits, Value
from config.document import PACKAGED, read
from config.sources import Citation, Source
from config.validation import validated


class _Shoulder(Value):
    strokes: Annotated[tuple[Stroke, ...], Field(min_length=1)]
    reason: str
    max_distance_m: Annotated[int, Field(ge=1)]
    source: Source


class _BetaBlocker(Value):
    note: str
    source: Source


class _Rules(Value):
    sources: Mapping[str, Citation]
    shoulder_injury: _Shoulder
    beta_blocker: _BetaBlocker


@cache
def _rules() -> _Rules:
    return validated(read(PACKAGED / "traits.toml"), _Rules)


def restrictions(traits: Traits) -> tuple[Restriction, ...]:
    """What the traits leave out."""
    if not traits.shoulder_injury:
        return ()
    shoulder = _rules().shoulder_injury
    return (Restriction(code=RestrictionCode.STROKE_AVOID, reason=shoulder.reason, strokes=shoulder.strokes),)


def fitted(item: Prescription, traits: Traits) -> Prescription:
    """The item as the traits allow it: how far to swim, and what tells how hard it is."""
    if traits.shoulder_injury and facts(item.exercise).family is Family.SWIM:
        most = _rules().shoulder_injury.max_distance_m
        item = _sourced(item, _rules().shoulder_injury.source, max_distance_m=min(item.max_distance_m or most, most))
    if traits.beta_blocker and facts(item.exercise).predicate is Predicate.FAST and not item.by_effort:
        item = _sourced(item, _rules().beta_blocker.source, by_effort=True, note=_noted(item.note))
    return item


def sources(traits: Traits) -> Mapping[str, str]:
    """The citations behind what the traits changed, by code."""
    said = [_rules().shoulder_injury.source] if traits.shoulder_injury else []
    said += [_rules().beta_blocker.source] if traits.beta_blocker else []
    return {code: _rules().sources[code] for source in said for code in source}


def _noted(note: str | None) -> str:
    return " ".join(filter(None, (note, _rules().beta_blocker.note)))


def _sourced(item: Prescription, source: Source, **changes: object) -> Prescription:
    """With the sources of what changed named once."""
    return item.model_copy(update={**changes, "source": tuple(dict.fromkeys((*item.source, *source)))})
