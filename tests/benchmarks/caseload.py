"""What a clinician's list of people costs, in looks at one person's week.

    python tests/benchmarks/caseload.py --people 500 --rounds 9

A server in a process of its own (`served.py`), asked over HTTP by this one; its CPU time is that of all its threads.
One account has a plan of its own and looks after everybody: three weeks of sessions and answers each, of which every
fifth is in pain, every seventh not heard of, every tenth locked, every eighth in a flare, every ninth ill. Their closed
weeks are kept, as in service. The week is one's own after a change, when nothing of it is remembered; the list is asked
for in several ways, and all take turns.

With `--strict` the exit code is 1 where a look at the list costs more than five at the week, or a quarter above that:
a busy machine makes noise.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from asking import joined, looks_s, served_there
from corpus import show
from planning import ZONE, fill
from sqlalchemy import text
from sqlmodel import Session, select

from coach.accounts.role import Role
from coach.app import App, open_app
from coach.judged import keep_weeks
from coach.safety.model import Answers, CheckIn, Excusal, ExcusalKind, Phase
from coach.store import check_ins, excusals, flares, sign_answers
from coach.store.accounts import Account
from coach.store.care import Care
from coach.store.engine import writing
from coach.store.tables import Person, key
from coach.weeks import IsoWeek, day_of

_BOUND, _NOISE = 5.0, 1.25
_REQUESTS = 10
_NAMES = ("Ada", "Bo", "Cleo", "Dora", "Emil")
_WEEK = "one's own week, after each change"
_PAGES = {
    _WEEK: "/-/anew",
    "one's own week, unchanged": "/",
    "a week of somebody looked after": "/people/2",
    "the list": "/caseload",
    "the list, who is in most pain first": "/caseload?sort=pain",
    "the list, who is off plan": "/caseload?only=off_plan",
    "the list, a part of a name": "/caseload?q=9",
    "the list, its last page": "/caseload?page=99",
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a clinician's list of people.")
    parser.add_argument("--people", type=int, default=500, metavar="N", help="in the list (500)")
    parser.add_argument("--rounds", type=int, default=9, metavar="N", help="of which the median counts (9)")
    parser.add_argument("--strict", action="store_true", help="fail past the bound")
    given = parser.parse_args()
    if given.people < 2 or given.rounds < 1:
        parser.error("--people is 2 or more, --rounds 1 or more")
    sys.stdout.write(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n\n")
    with tempfile.TemporaryDirectory(prefix="coach-benchmark-") as folder:
        for name in [each for each in os.environ if each.startswith("COACH_")]:
            del os.environ[name]
        os.environ["COACH_HOME"] = folder
        app = open_app()
        person = lived(app, given.people)
        with served_there() as browser:
            joined(app, browser, person, "lind@example.org")
            looks_after_all(app)
            found = looks_s(browser, _PAGES, given.rounds, _REQUESTS)
    show(
        (f"a look, {given.people:,} people", "CPU ms", "ratio"),
        [(name, f"{1000 * seconds:.2f}", f"{ratio:.2f}") for name, (seconds, ratio) in found.items()],
    )
    most = max(ratio for name, (_, ratio) in found.items() if name.startswith("the list"))
    past = given.strict and most > _BOUND * _NOISE
    sys.exit(f"The list costs {most:.2f} looks at a week, past {_BOUND:g}." if past else 0)


def lived(app: App, count: int) -> Person:
    """Gives the first of them."""
    now = app.clock()
    monday = datetime.combine(IsoWeek.of(day_of(now, ZONE)).monday, datetime.min.time(), UTC) + timedelta(hours=6)
    fill(app.engine, count, monday)
    with writing(app.engine, None) as session:
        session.expire_on_commit = False
        persons = session.exec(select(Person).order_by(Person.id)).all()
        for number, each in enumerate(persons[1:], 1):
            each.name = f"{_NAMES[number % len(_NAMES)]} {number}"
            _happens(session, number, key(each), now)
    keep_weeks(app.engine, now)
    return persons[0]


def _happens(session: Session, number: int, person: int, now: datetime) -> None:
    check_ins.add(session, person, CheckIn(now, Phase.MORNING, 7 if number % 5 == 0 else 2), now)
    if number % 7 == 0:
        session.execute(text("DELETE FROM contact WHERE person_id = :person"), {"person": person})
    if number % 8 == 0:
        flares.start(session, person, now - timedelta(days=2))
    if number % 9 == 0:
        excusals.add(session, person, Excusal(ExcusalKind.ILLNESS, now.date()), None, now)
    if number % 10 == 0:
        sign_answers.add(session, person, Answers(now - timedelta(days=1), ("saddle_numbness",)))


def looks_after_all(app: App) -> None:
    with writing(app.engine, None) as session:
        account = session.exec(select(Account)).one()
        account.role = Role.CLINICIAN
        persons: Sequence[int | None] = session.exec(select(Person.id)).all()
        session.add(account)
        session.add_all(Care(person_id=each or 0, account_id=key(account), since=app.clock()) for each in persons)


if __name__ == "__main__":
    main()
