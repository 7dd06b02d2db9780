"""When there is something worth saying, and why. One module a rule, one entry here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from coach.nudges import (
    after_sync,
    centralising,
    lapse,
    midweek,
    milestone,
    missing_sync,
    morning_check,
    next_step,
    over_dose,
    planned_reminder,
    red_flag,
    rest_advice,
    restriction,
    swap,
    weekly_summary,
)
from coach.nudges.model import NoLongerTrue, Proposal, Rule, Situation, Telling, WordForWord

__all__ = ["RULES", "NoLongerTrue", "Proposal", "Rule", "Situation", "Telling", "WordForWord"]

_MODULES: Final = (
    red_flag,
    after_sync,
    morning_check,
    planned_reminder,
    midweek,
    rest_advice,
    restriction,
    over_dose,
    missing_sync,
    milestone,
    next_step,
    centralising,
    swap,
    weekly_summary,
    lapse,
)

RULES: Final[Mapping[str, Rule]] = MappingProxyType({module.RULE.id: module.RULE for module in _MODULES})
"""By id, from R0 to R14."""
