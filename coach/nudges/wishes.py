"""What a person wants to hear of, and when: rules turned off, on, or put to sleep for a while."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time


@dataclass(frozen=True, slots=True)
class Wish:
    """What was said of one rule.

    Attributes:
        off: not wanted; False is an explicit yes, which rules that wait for one need.
        snoozed_until: silent before it.
        at: the local time at which it suits; None: the rule's own.
    """

    off: bool = False
    snoozed_until: datetime | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """By rule."""

    by_rule: Mapping[str, Wish] = field(default_factory=dict)

    def against(self, rule: str, now: datetime, *, opt_in: bool = False) -> str | None:
        """Why the person does not want to hear of a rule now; None where they do."""
        wish = self.by_rule.get(rule)
        if wish is None:
            return "nobody asked for it" if opt_in else None
        if wish.off:
            return "turned off"
        if wish.snoozed_until is not None and now < wish.snoozed_until:
            return "snoozed"
        return None

    def at(self, rule: str, otherwise: time) -> time:
        wish = self.by_rule.get(rule)
        return wish.at if wish is not None and wish.at is not None else otherwise
