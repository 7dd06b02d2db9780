"""Days that were not asked for, and flares, in sentences."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from coach.judgement import JudgedWeek
from coach.safety.flares import FLARE, Concern
from config.messages import Messages
from config.messages.calendar import weekday


def excused(judged: JudgedWeek, words: Messages, concerns: Iterable[Concern] = ()) -> Iterator[str]:
    """Days in a row with the same reason as one line, then what of a flare is for the clinician."""
    week = judged.adherence
    lasts = any(each.ended_at is None for each in judged.flares)
    for days, why in _in_a_row(week.excused.items()):
        goes_on = lasts and why == FLARE and days[-1] == week.week.sunday
        reason = words.text("flare.goes_on" if goes_on else f"excused.{why}")
        yield f"{_days(days, words)}: {reason}"
    for concern in concerns:
        yield words.text(f"flare.{concern}")


def _in_a_row(excused: Iterable[tuple[date, str]]) -> Iterator[tuple[Sequence[date], str]]:
    """Runs of days that follow one another and share a reason."""
    ordered = enumerate(sorted(excused))
    for (_, why), run in groupby(ordered, key=lambda each: (each[1][0].toordinal() - each[0], each[1][1])):
        yield [day for _, (day, _) in run], why


def _days(days: Sequence[date], words: Messages) -> str:
    """`Monday`, `Monday and Tuesday`, `Monday to Wednesday`."""
    first, last = weekday(days[0], words), weekday(days[-1], words)
    if first == last:
        return first
    return words.text("days.two" if (days[-1] - days[0]).days == 1 else "days.more", first=first, last=last)
