"""What it costs to judge a person's week from stored efforts, in decodings of one of its files on the fast lane.

    python tests/benchmarks/judging.py --rounds 9

Weeks of seven sessions, one a day, with four check-ins each: of all real files with one session of a sport that a
plan asks for, walks, rides and swims in turn. `a week judged` is all that the program does, from the efforts as they
are kept to the decision, with the mornings of four weeks before and a flare that they ended; `and explained` adds the
ledger of every minute. A file is decoded as on import, every column looked at: the mean of those of the week. All
take turns in one process; a ratio is that of CPU time in one round, and the table has the median round.

A week is to cost less than one of its files. On a busy machine a median wanders by a tenth or two, so with
`--strict` the exit code is 1 where it is more than a quarter above that; without, the table is all there is.
"""

import argparse
import os
import platform
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import zip_longest
from statistics import median
from zoneinfo import ZoneInfo

from corpus import contents, show

from coach.adherence import Performed
from coach.adherence.ledger import ledger
from coach.effort import Body, efforts_of, kind_of
from coach.history import History, Version
from coach.judgement import judge_week
from coach.plan import Diagnosis, Exercise
from coach.plan.library import conditions, example_plan
from coach.safety.model import CheckIn, Flare, Phase
from coach.weeks import IsoWeek
from devices.errors import DeviceError
from devices.fit.read import read
from devices.recording import Recording

WEEK, ZONE = IsoWeek(2026, 45), ZoneInfo("Europe/Berlin")
PLAN = example_plan(
    conditions()["disc_herniation"],
    starts_on=WEEK.monday - timedelta(weeks=5),
    diagnosis=Diagnosis(made_by="Dr. Lee", made_on=date(2026, 10, 1)),
    step=3,
)
BODY = Body(birth_year=1966, resting_heart_rate_bpm=65)
Week = list[tuple[bytes, Performed]]
_SESSIONS = 7
_BOUND = 1.25
"""The figure is 1; a quarter is for noise."""
_TIMES = {"one file decoded": 2, "a week judged": 10, "and explained": 10}  # in a round: the quick ones more often


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure judging a week.")
    parser.add_argument("--rounds", type=int, default=9, metavar="N", help="of which the median counts (9)")
    parser.add_argument("--strict", action="store_true", help="fail past the bound")
    given = parser.parse_args()
    rounds = given.rounds
    if rounds < 1:
        parser.error("--rounds is 1 or more")
    files, kind = contents()
    weeks = _weeks(files)
    lanes = _lanes(weeks)
    for lane, _ in lanes.values():
        lane()
    measured = [[_cpu_s(lane, _TIMES[name]) / each for name, (lane, each) in lanes.items()] for _ in range(rounds)]
    rows = [
        (name, f"{1000 * median(times):.2f}", f"{median(each[index] / each[0] for each in measured):.2f}")
        for index, (name, times) in enumerate(zip(lanes, zip(*measured, strict=True), strict=True))
    ]
    say = sys.stdout.write
    say(f"{kind} files, CPU time; Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n\n")
    show(("", "ms", "ratio"), rows)
    found = median(judged / decoded for decoded, judged, _ in measured)
    sys.exit(
        f"A week judged costs {found:.2f} of a file decoded, more than {_BOUND}."
        if given.strict and found > _BOUND
        else 0
    )


def _lanes(weeks: Sequence[Week]) -> Mapping[str, tuple[Callable[[], None], int]]:
    """By name: what is done in one go, and to how many."""
    lived = [_history([each for _, each in week]) for week in weeks]
    now = WEEK.ends_at(ZONE) + timedelta(days=1)
    sessions = [data for week in weeks for data, _ in week]

    def decoded() -> None:
        for data in sessions:
            for recording in read(data).recordings:
                for name in recording.columns:
                    recording.columns[name]

    def judged() -> None:
        for history in lived:
            judge_week(history, WEEK, now)

    def explained() -> None:
        for history in lived:
            ledger(judge_week(history, WEEK, now).adherence)

    return {
        "one file decoded": (decoded, len(sessions)),
        "a week judged": (judged, len(lived)),
        "and explained": (explained, len(lived)),
    }


def _weeks(files: Sequence[bytes]) -> list[Week]:
    """Files of one session each, of what a plan can ask for in turn; those left over when weeks are full stay out."""
    kinds: defaultdict[Exercise, list[tuple[bytes, Recording]]] = defaultdict(list)
    for data in files:
        recordings = _recordings(data)
        if len(recordings) == 1 and (exercise := kind_of(recordings[0]).exercise) is not None:
            kinds[exercise].append((data, recordings[0]))
    in_turn = [each for rank in zip_longest(*kinds.values()) for each in rank if each is not None]
    full = range(0, len(in_turn) - _SESSIONS + 1, _SESSIONS)
    return [
        [(data, _performed(recording, day)) for day, (data, recording) in enumerate(in_turn[at : at + _SESSIONS])]
        for at in full
    ]


def _recordings(data: bytes) -> Sequence[Recording]:
    try:
        return read(data).recordings
    except DeviceError:
        return ()


def _performed(recording: Recording, day: int) -> Performed:
    """The session as if it had been of that day of the week."""
    exercise = kind_of(recording).exercise
    efforts = {each.predicate: each for each in efforts_of(recording, exercise, BODY)}
    started_at = WEEK.starts_at(ZONE) + timedelta(days=day, hours=9)
    seconds = recording.totals.elapsed_s or 3600.0
    return Performed(day + 1, exercise, started_at, started_at + timedelta(seconds=seconds), efforts)


def _history(performed: Sequence[Performed]) -> History:
    """With the mornings of four weeks before, as they are loaded with a week, and a flare that they ended."""
    told = [
        CheckIn(at, phase, 2)
        for each in performed
        for phase, at in (
            (Phase.PRE, each.started_at - timedelta(minutes=5)),
            (Phase.PEAK, each.ended_at + timedelta(minutes=5)),
            (Phase.POST, each.ended_at + timedelta(minutes=15)),
            (Phase.MORNING, _morning_after(each.started_at)),
        )
    ]
    began = WEEK.starts_at(ZONE) - timedelta(weeks=4)
    mornings = [CheckIn(_morning_after(began + timedelta(days=day)), Phase.MORNING, 2) for day in range(27)]
    return History(
        zone=ZONE,
        versions=[Version(1, PLAN)],
        performed=performed,
        check_ins=[*mornings, *told],
        flares=[Flare(began + timedelta(days=14), began + timedelta(days=20))],
        last_contact=WEEK.ends_at(ZONE),
    )


def _morning_after(at: datetime) -> datetime:
    return at.replace(hour=8, minute=0) + timedelta(days=1)


def _cpu_s(work: Callable[[], None], times: int) -> float:
    begun = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - begun) / times


if __name__ == "__main__":
    main()
