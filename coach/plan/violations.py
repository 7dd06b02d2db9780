"""When leaving the plan is minor and when major, as frozen values; the data: config/thresholds.toml."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from coach.plan.model import Value
from config.sources import Source

Ratio = Annotated[float, Field(ge=0, le=2)]
"""A part of a whole, or (past 1) how far beyond it."""

Count = Annotated[int, Field(ge=1)]
Percent = Annotated[int, Field(ge=0, le=100)]


class Sourced(Value):
    source: Source


class Severity(StrEnum):
    MINOR = "minor"
    MAJOR = "major"


class ViolationCode(StrEnum):
    """How a session can leave the plan (clinical rules, section 8); also the reason of the minutes that it takes."""

    UPHILL_AVOID = "uphill_avoid"
    TOO_LONG = "too_long"
    TOO_INTENSE = "too_intense"
    PAIN_OVER_LIMIT = "pain_over_limit"
    STROKE_AVOID = "stroke_avoid"
    HOT_TOO_LONG = "hot_too_long"
    WHILE_LOCKED = "while_locked"
    SPACING = "spacing"


class UphillAvoid(Sourced):
    """Minor from `minor_from_minutes`; major past any of the others, or from `major_steep_minutes`."""

    minor_from_minutes: Count
    major_over_minutes: Count
    major_over_share: Ratio
    major_steep_minutes: Count


class TooLong(Sourced):
    """In ratio to the longest session that the item has in mind (`Prescription.limit_minutes`), or the farthest."""

    minor_over_ratio: Ratio
    major_over_ratio: Ratio


class TooIntense(Sourced):
    """As a share of the session's time."""

    minor_over_share: Ratio
    major_over_share: Ratio


class Verdicts(Value):
    amber: Severity
    red: Severity


class Violations(Value):
    """When leaving the plan is minor and when major; `any` holds the codes where once is enough."""

    uphill_avoid: UphillAvoid
    too_long: TooLong
    too_intense: TooIntense
    pain_over_limit: Verdicts
    any: Mapping[str, Severity]
