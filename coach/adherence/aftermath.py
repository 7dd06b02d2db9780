"""What came of each session, by what the person told of pain; and the days of rest that follow from it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter
from zoneinfo import ZoneInfo

from coach.adherence.excusals import Circumstances
from coach.adherence.model import Session
from coach.plan.model import Plan
from coach.safety.model import CheckIn
from coach.safety.rest import rest_days
from coach.safety.told import NEAR_AFTER, NEAR_BEFORE
from coach.safety.verdicts import verdict


def with_verdicts(sessions: Sequence[Session], plan: Plan, around: Circumstances) -> tuple[Session, ...]:
    """The sessions, each with its verdict under the plan's pain limit; in order of time: what is told of one depends
    on those that begin after it.
    """
    told = _Told(around.check_ins)
    return tuple(
        [
            each.with_verdict(
                verdict(
                    each,
                    sessions[index:],
                    told.near(each),
                    limit=plan.pain_limit_during,
                    pain_free_only=plan.pain_free_only,
                    now=around.now,
                    zone=around.zone,
                    locks=around.locks,
                )
            )
            for index, each in enumerate(sessions)
        ]
    )


class _Told:
    """Check-ins in order of time: a session's are found without a look at all that was ever told."""

    def __init__(self, check_ins: Iterable[CheckIn]) -> None:
        self._ordered = sorted(check_ins, key=attrgetter("at"))
        self._times = [each.at for each in self._ordered]
        self._named = [each for each in self._ordered if each.activity_id is not None]

    def near(self, session: Session) -> list[CheckIn]:
        """All that may be of the session: by its time, or by its name."""
        since, until = session.started_at - NEAR_BEFORE, session.ended_at + NEAR_AFTER
        close = self._ordered[bisect_left(self._times, since) : bisect_right(self._times, until)]
        return close + [
            each for each in self._named if each.activity_id in session.activity_ids and not since <= each.at <= until
        ]


def resting(sessions: Sequence[Session], zone: ZoneInfo) -> dict[date, str]:
    """The days of rest after what was RED, with the reason."""
    return rest_days((each.verdict for each in sessions if each.verdict is not None), zone)
