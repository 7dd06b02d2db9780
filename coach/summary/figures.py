"""Figures of a week that a clinician reads and a person's letter leaves out. Minutes, unless said otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from coach.adherence import ItemAdherence, Session, Status, WeekAdherence
from coach.adherence.week import undone
from coach.effort.model import Predicate, predicate_of
from coach.effort.spans import intersect, total_s


@dataclass(frozen=True, slots=True)
class Intensity:
    """How hard the moving minutes were (clinical rules, section 3); `unknown` where nothing could tell."""

    light: float = 0.0
    moderate: float = 0.0
    vigorous: float = 0.0
    beyond: float = 0.0
    unknown: float = 0.0


def intensity(sessions: Sequence[Session]) -> Intensity:
    found = [_intensity(each) for each in sessions]
    return Intensity(
        light=sum(each.light for each in found),
        moderate=sum(each.moderate for each in found),
        vigorous=sum(each.vigorous for each in found),
        beyond=sum(each.beyond for each in found),
        unknown=sum(each.unknown for each in found),
    )


def _intensity(session: Session) -> Intensity:
    own = session.predicates.get(predicate_of(session.exercise), ())
    whole = total_s(own) / 60
    if not _is_known(session):
        return Intensity(unknown=whole)
    moderate, vigorous, beyond = (
        total_s(intersect(own, session.predicates.get(level, ()))) / 60
        for level in (Predicate.MODERATE, Predicate.VIGOROUS, Predicate.BEYOND)
    )
    return Intensity(whole - moderate, moderate - vigorous, vigorous - beyond, beyond)


def _is_known(session: Session) -> bool:
    """Whether any recording could tell: what could not says so in its note."""
    told = [each.efforts.get(Predicate.MODERATE) for each in session.recordings]
    return any(
        effort is not None and (effort.spans or not (effort.note or "").partition(":")[0].endswith("unavailable"))
        for effort in told
    )


def minutes_of(predicate: Predicate, sessions: Sequence[Session]) -> float:
    return sum(total_s(each.predicates.get(predicate, ())) / 60 for each in sessions)


def missed_in_a_row(item: ItemAdherence, week: WeekAdherence) -> int:
    """The longest run of sessions of an item that were planned and not done, in a week that is over and known.

    Where days are planned, of those, the excused left out. Where they are not, what is undone at the week's end was the
    last of it, and so in a row.
    """
    if week.status is not Status.COMPLETE or not item.weight:
        return 0
    if not item.prescription.planned:
        return undone(item)
    done = {credit.session.day for credit in item.credits if credit.credited_minutes > 0}
    days = [week.week.days[slot.day] for slot in sorted(item.prescription.planned, key=lambda slot: slot.day)]
    asked = [day not in done for day in days if day not in week.excused]
    return max((len(list(run)) for missed, run in groupby(asked) if missed), default=0)
