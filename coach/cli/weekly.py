"""`coach week` and `coach summary`."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from rich.text import Text

from coach import shapes
from coach.adherence import Credit, ItemAdherence, Status
from coach.app import open_app
from coach.cli.output import err, out, print_json, table
from coach.cli.writing import write_whole
from coach.judged import judged_week
from coach.judgement import JudgedWeek
from coach.nudges.wording import share_of_plan
from coach.plan import facts, thresholds
from coach.progression import words
from coach.store import people
from coach.store.engine import reading
from coach.summaries import report_of, summary_of
from coach.summary import lines
from coach.summary.clinician import page
from coach.summary.clinician.report import Report
from coach.summary.content import Letter
from coach.summary.letter import as_html, as_text
from coach.weeks import IsoWeek, day_of
from config.messages import catalogue

T = TypeVar("T", Letter, Report)


def week(text: str | None, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    now = app.clock()
    with reading(app.engine) as session:
        person = people.find_person(session, who)
        asked = IsoWeek.parse(text) if text else IsoWeek.of(day_of(now, ZoneInfo(person.timezone)))
        judged = judged_week(session, person, asked, now)
    if as_json:
        print_json(shapes.week(judged))
    else:
        show_week(judged)


def show_week(judged: JudgedWeek) -> None:
    """A judged week on the terminal: every item, every session, and where its minutes went."""
    result = judged.adherence
    score = share_of_plan(result)
    band = f", {result.band.replace('_', ' ')}" if result.band else ""
    out.print(
        Text(
            f"{result.week} ({result.status}): " + (f"{score} of the plan{band}" if score else "no score"),
            "bold",
        )
    )
    if result.status is Status.NO_PLAN:
        out.print("There was no plan in that week. `coach setup --start DATE` sets the first day.")
        return
    listed = table("item", ">sessions", ">minutes", ">score", "")
    for item in result.items:
        listed.add_row(*_row(item))
        for credit in item.credits:
            listed.add_row(*(Text(cell, "dim") for cell in _session(credit)))
    out.print(listed)
    for sentence in (*lines.unplanned(result, catalogue()), *lines.restrictions(result, judged.plan, catalogue())):
        out.print(Text(sentence))
    for day, reason in result.excused.items():
        out.print(Text(f"{day:%A}: {catalogue().text(f'excused.{reason}')}", "dim"))
    if judged.decision.kind is not None:
        out.print(Text(words.decision(judged.decision, catalogue())), soft_wrap=True)


def _row(item: ItemAdherence) -> tuple[str, str, str, str, str]:
    done = sum(credit.credited_minutes for credit in item.credits)
    enough = sum(credit.credited_minutes > 0 for credit in item.credits)
    remark = "; ".join(filter(None, ("" if item.weight else "optional", item.prescription.agreed)))
    if item.over_dose is not None and item.over_dose > thresholds().adherence.over_dose_amber:
        remark = "; ".join(filter(None, (remark, f"{item.over_dose:.1f} times what was asked")))
    return (
        facts(item.prescription.exercise).one,
        f"{enough} of {item.asked}",
        f"{done:.0f} of {item.asked_minutes}",
        "–" if item.score is None else f"{item.score:.0f}",
        remark,
    )


def _session(credit: Credit) -> tuple[str, str, str, str, str]:
    minutes: dict[str, float] = {}
    for each in credit.excluded:
        minutes[each.reason] = minutes.get(each.reason, 0.0) + each.span.duration_s / 60
    why = "; ".join(
        f"{amount:.0f} min {lines.reason(code, catalogue())}"
        for code, amount in minutes.items()
        if amount >= lines.WORTH_A_WORD_MIN
    )
    numbers = "+".join(map(str, credit.session.activity_ids))
    name = f"  {credit.session.day:%a} #{numbers}" + (
        f" {facts(credit.session.exercise).one}" if credit.stands_in else ""
    )
    return name, "", f"{credit.credited_minutes:.0f} of {credit.eligible_minutes:.0f}", "", why


def summary(text: str | None, who: str | None, form: str, target: Path | None, audience: str) -> None:
    app = open_app()
    now = app.clock()
    with reading(app.engine) as session:
        person = people.find_person(session, who)
        today = day_of(now, ZoneInfo(person.timezone))
        asked = IsoWeek.parse(text) if text else IsoWeek.of(today).previous
        if audience == "clinician":
            written = _written(report_of(session, person, asked, now), form, page.as_text, page.as_html)
        else:
            written = _written(summary_of(session, person, asked, now), form, as_text, as_html)
    if target is None:
        sys.stdout.write(written)
    else:
        write_whole(target, written)
        err.print(f"Written to {target}.")


def _written(made: T, form: str, as_text: Callable[[T], str], as_html: Callable[[T], str]) -> str:
    """A letter or a report in the form that was asked for."""
    if form == "json":
        import json

        return json.dumps(asdict(made), ensure_ascii=False, indent=2) + "\n"
    return as_html(made) if form == "html" else as_text(made)
