"""`coach demo`: the whole product once, told as it happens."""

import tempfile
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime
from io import StringIO
from pathlib import Path

from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from coach.cli.importing import described
from coach.cli.nudging import entries_of, show
from coach.cli.output import err, out, shares_terminal, when
from coach.cli.previewing import shortened
from coach.cli.weekly import show_week
from coach.cli.writing import write_whole
from coach.demo.story import NAME, ZONE, Moment, first_monday, moments
from coach.ingest.taking import ingest
from coach.judged import judged_week
from coach.nudges import RULES
from coach.plan import Diagnosis, Relief
from coach.plan.library import condition, example_plan
from coach.service import Service
from coach.store import people
from coach.store.engine import open_database, reading, writing
from coach.store.tables import Person, key
from coach.summaries import summary_of
from coach.summary.letter import as_html, as_text
from coach.weeks import IsoWeek
from config.settings import Settings
from devices.fit.sources import find
from devices.fit.write import write
from scheduler import outbox
from scheduler.clock import local_instant, utc_now
from scheduler.outbox import Entry
from scheduler.tables import State


def run() -> None:
    home = Path(tempfile.mkdtemp(prefix="coach-demo-"))
    monday = first_monday(utc_now().astimezone(ZONE).date())
    settings = Settings(home=home, database_url=f"sqlite:///{home / 'coach.db'}", smtp_url=None, message_folder=None)
    app = Service(settings, open_database(settings.database), utc_now)
    person = _set_up(app, monday)
    story = list(moments(monday))
    with err.status("Two weeks go by ...") if shares_terminal() else nullcontext():
        for moment in story:
            _live(replace(app, clock=lambda moment=moment: moment.at), person, moment)  # type: ignore[misc]
    _close(replace(app, clock=lambda: story[-1].at), person, IsoWeek.of(monday))


def _set_up(app: Service, monday: date) -> Person:
    plan = example_plan(
        condition("disc_herniation"),
        starts_on=monday,
        diagnosis=Diagnosis(made_by="the demo's clinician", made_on=monday),
        relief=Relief.EXTENSION,
        flexion_tolerated=False,
    )
    began = local_instant(monday, datetime.min.time(), ZONE)
    with writing(app.engine, None) as session:
        session.expire_on_commit = False
        person = Person(name=NAME, timezone=ZONE.key, created_at=began)
        session.add(person)
        session.flush()
        people.add_plan(session, key(person), plan, began)
    out.rule(Text("sciatica-coach: a fortnight in half a minute", "bold"))
    out.print(
        f"{NAME} has a disc herniation and does not tolerate bending forward. The example plan asks for 5 walks of "
        "10 min and 2 swims of 15 min a week, and leaves out uphill walking. All sessions are invented, written as "
        "FIT files, and read back like any watch's.\n"
    )
    return person


def _live(app: Service, person: Person, moment: Moment) -> None:
    """One moment: files come in, the coach sweeps, and what it says is shown."""
    if moment.synced:
        folder = app.settings.home / "watch" / f"{moment.at:%Y-%m-%dT%H%M}"
        folder.mkdir(parents=True)
        for name, recording in moment.recordings:
            (folder / name).write_bytes(write(recording))
        sources = find([folder]) if moment.recordings else []
        out.print(Text(f"{when(moment.at, ZONE)}  {NAME} syncs" + ("" if sources else ": nothing new"), "bold"))
        for result in ingest(app.engine, person, sources, app.clock):
            out.print(Padding(described(replace(result, path=Path(result.path).name)), (0, 0, 0, 2)))
    together: dict[str, list[Entry]] = {}  # what went out as one message
    for _, entry in entries_of(app, app.tick(StringIO())):
        if entry.state is State.SENT and entry.message_id is not None:
            together.setdefault(entry.message_id, []).append(entry)
    for entries in together.values():
        rules = ", ".join(sorted((each.rule for each in entries), key=lambda rule: RULES[rule].rank))
        head = f"{when(moment.at, ZONE)}  {rules}  {entries[0].title}"
        shown = Text(shortened(entries[0].text or ""))
        out.print(Padding(Panel(shown, title=Text(head), title_align="left", width=88), (0, 0, 0, 2)))


def _close(app: Service, person: Person, first: IsoWeek) -> None:
    with reading(app.engine) as session:
        for week in (first, first.next):
            out.print()
            show_week(judged_week(session, person, week, app.clock()))
        letter = summary_of(session, person, first.next, app.clock())
        entries = outbox.history(session, str(key(person)))
    out.print()
    out.rule(Text("Every nudge, and why", "bold"))
    out.print(show(entries, ZONE))
    out.print()
    out.rule(Text("The weekly summary, as text", "bold"))
    out.print(Text(as_text(letter)))
    page = app.settings.home / "summary.html"
    write_whole(page, as_html(letter))
    out.print("The same as a page:", Text(str(page), "bold"), soft_wrap=True)
