"""What came of each session, by what the person told of pain; and the days of rest that follow from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from coach.adherence.excusals import Circumstances
from coach.adherence.model import Session
from coach.plan.model import Plan
from coach.safety.rest import rest_days
from coach.safety.verdicts import verdict


def with_verdicts(sessions: Sequence[Session], plan: Plan, around: Circumstances) -> tuple[Session, ...]:
    """The sessions, each with its verdict under the plan's pain limit."""
    return tuple(
        replace(
            each,
            verdict=verdict(
                each,
                sessions,
                around.check_ins,
                limit=plan.pain_limit_during,
                pain_free_only=plan.pain_free_only,
                now=around.now,
                zone=around.zone,
                locks=around.locks,
            ),
        )
        for each in sessions
    )


def resting(sessions: Sequence[Session], zone: ZoneInfo) -> dict[date, str]:
    """The days of rest after what was RED, with the reason."""
    return rest_days((each.verdict for each in sessions if each.verdict is not None), zone)
