"""How a week felt, in sentences: mornings, the worst of it, how sessions settled, and what settled well."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from coach.adherence import Session, WeekAdherence
from coach.effort.model import predicate_of
from coach.effort.spans import total_s
from coach.judgement import JudgedWeek
from coach.plan import facts
from coach.safety import Colour, Extent
from config.messages import Messages
from config.messages.calendar import weekday_short


def told(judged: JudgedWeek, words: Messages) -> Iterator[str]:
    """Nothing where nothing was told."""
    if judged.mornings:
        days = (f"{weekday_short(day, words)} {pain}" for day, pain in judged.mornings.items())
        yield words.text("pain.mornings", days=", ".join(days))
    if judged.extents:
        yield _extents(judged.extents, words)
    known = [each for each in judged.check_ins if each.pain is not None]
    if known:
        worst = max(known, key=lambda each: each.pain or 0)
        yield words.text("pain.worst", pain=worst.pain, when=words.text(f"phase.{worst.phase}"))
    if known and (counted := colours(judged.adherence)):
        sessions = ", ".join(f"{count} {words.text(f'colour.{colour}')}" for colour, count in counted.items())
        yield words.text("pain.sessions", sessions=sessions)
    if longest := ", ".join(tolerated(judged.adherence, words)):
        yield words.text("pain.longest", sessions=longest)


def colours(week: WeekAdherence) -> Mapping[Colour, int]:
    """How many sessions settled in which way, the worst first."""
    counted = Counter(each.verdict.colour for each in week.sessions if each.verdict is not None)
    return {each: counted[each] for each in Colour if counted[each]}


def tolerated(week: WeekAdherence, words: Messages) -> Iterator[str]:
    """The longest session of each kind, on foot, on a bike, in water, that settled well: `walk 22 min`."""
    longest: dict[str, tuple[int, Session]] = {}
    for session in week.sessions:
        if session.verdict is None or session.verdict.colour is not Colour.GREEN:
            continue
        family = facts(session.exercise).family
        minutes = int(total_s(session.predicates.get(predicate_of(session.exercise), ())) // 60)
        if minutes and (family not in longest or minutes > longest[family][0]):
            longest[family] = minutes, session
    for minutes, session in longest.values():
        yield words.text("pain.one", exercise=facts(session.exercise, words).one, minutes=minutes)


def _extents(extents: Mapping[date, Extent], words: Messages) -> str:
    reached = {day: words.text(f"extent.{extent.name.lower()}") for day, extent in extents.items()}
    if len(set(reached.values())) == 1:
        return words.text("pain.extent_same", extent=next(iter(reached.values())))
    days = ", ".join(f"{weekday_short(day, words)} {each}" for day, each in reached.items())
    return words.text("pain.extents", days=days)
