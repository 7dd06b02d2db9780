"""When there is something worth saying, and why. One module a rule, one entry here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from coach.nudges import after_sync, midweek, missing_sync, weekly_summary
from coach.nudges.model import NoLongerTrue, Proposal, Rule, Situation, Telling

__all__ = ["RULES", "NoLongerTrue", "Proposal", "Rule", "Situation", "Telling"]

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {module.RULE.id: module.RULE for module in (after_sync, midweek, missing_sync, weekly_summary)}
)
