"""`coach nudges preview`: the coming days, played."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from rich.padding import Padding
from rich.progress import Progress
from rich.text import Text

from coach import shapes
from coach.app import open_app
from coach.cli.output import err, out, print_json, shares_terminal
from coach.errors import UsageError
from coach.nudges.wording import without_page
from coach.preview import Assume, Held, Said, preview
from coach.store import people
from coach.store.engine import reading
from coach.weeks import day_of

_DAYS: Final = 14
_LONGEST_DAYS: Final = 92


def run(first: date | None, last: date | None, assume: str, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    now = app.clock()
    with reading(app.engine) as session:
        person = people.find_person(session, who)
        session.expunge_all()
    zone = ZoneInfo(person.timezone)
    today = day_of(now, zone)
    begins = first or today
    ends = last or begins + timedelta(days=_DAYS - 1)
    _check(begins, ends, today)
    with _bar((ends - today).days + 1) as turn:
        said, held = preview(app.engine, person, now, ends, Assume(assume), turn)
    said = [each for each in said if each.at.astimezone(zone).date() >= begins]
    held = [each for each in held if each.at.astimezone(zone).date() >= begins]
    if as_json:
        print_json({"said": [shapes.said(each) for each in said], "held": [shapes.held(each) for each in held]})
    else:
        _show(said, held, zone)


def _check(begins: date, ends: date, today: date) -> None:
    if begins < today:
        raise UsageError(f"{begins} is over: `coach nudges` lists what was said. A preview begins today or later.")
    if ends < begins:
        raise UsageError(f"It would end on {ends}, before it begins on {begins}.")
    if (ends - today).days >= _LONGEST_DAYS:
        raise UsageError(f"Nobody knows what is that far ahead: at most {_LONGEST_DAYS} days from today.")


@contextmanager
def _bar(days: int) -> Iterator[Callable[[date], None]]:
    with Progress(console=err, transient=True, disable=not (err.is_terminal and shares_terminal())) as progress:
        task = progress.add_task("Playing the days", total=days)
        yield lambda _: progress.advance(task)


def _show(said: list[Said], held: list[Held], zone: ZoneInfo) -> None:
    if not said:
        out.print("Nothing would be said.")
    for day, messages in groupby(said, key=lambda each: each.at.astimezone(zone).date()):
        out.print(Text(f"{day:%A, %Y-%m-%d}", "bold"))
        for each in messages:
            rules = ", ".join(f"{rule}: {why}" for rule, why in each.because.items())
            out.print(Padding(Text(f"{each.at.astimezone(zone):%H:%M}  {each.title}", "bold"), (0, 0, 0, 2)))
            out.print(Padding(Text(shortened(each.text)), (0, 0, 0, 9)))
            out.print(Padding(Text(rules, "dim"), (0, 0, 1, 9)))
    if held:
        out.print(Text("Held back", "bold"))
        for one in held:
            when = f"{one.at.astimezone(zone):%a %Y-%m-%d %H:%M}"
            out.print(Padding(Text(f"{when}  {one.rule}  {one.state}: {one.why}", "dim"), (0, 0, 0, 2)))


def shortened(text: str) -> str:
    """Without the page that a summary brings; `coach summary` shows it."""
    told, has_page = without_page(text)
    return f"{told}\n[and the week on a page]" if has_page else told
