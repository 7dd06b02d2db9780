"""From judged weeks to due nudges, and from due nudges to messages: the rules meet the outbox here."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session

from coach import ahead
from coach.alone import alone
from coach.exchange.dossier import pseudonym
from coach.judgement import stand
from coach.nudges import RULES, NoLongerTrue, Rule, Situation, Telling, WordForWord, policy
from coach.nudges.variety import chosen
from coach.replies import offers
from coach.replies.links import Links
from coach.rounds import Rounds
from coach.store import channels, engagement, histories, news, people, preferences, said
from coach.store.asking import Asked
from coach.store.engine import asking_often, kept_open, reading, reading_often, writing
from coach.store.tables import Person, key
from coach.summaries import letter_of
from coach.summary.agenda import attachments, planned
from coach.summary.letter import as_html, as_text, pictures_of
from coach.weeks import IsoWeek, day_of
from config.messages import Messages, Variant
from config.settings import Settings
from scheduler import outbox
from scheduler.clock import Clock
from scheduler.errors import whereabouts
from scheduler.messages import Attachment, Cancelled, Due, Kind, Message, Prepare, Suppressed
from scheduler.outbox import Address, Draft

log = logging.getLogger(__name__)

_SUMMARY: Final = "R13"
"""The rule whose message is a page."""


def plan_nudges(engine: Engine, settings: Settings, now: datetime, rounds: Rounds | None = None) -> int:
    """Put in the outbox what is worth saying to anybody now. Returns how many nudges are new.

    Each person is looked at on their own, and what is there already stays: it may be called at any time. With `rounds`,
    those who were looked at a moment ago are passed over, and it may be that only some are looked at (`goes_on`).
    """
    rounds = rounds or Rounds()
    with kept_open(engine):
        with reading(engine) as session:
            look = rounds.next(session, now)
        new = plan_each(engine, settings, look.persons, now)
    rounds.finished(look)
    return new


def plan_each(
    engine: Engine,
    settings: Settings,
    persons: Iterable[int],
    now: datetime,
    looked_at: Callable[[int], object] = lambda _: None,
) -> int:
    """The same for these; what is wrong with one of them stops no other. `looked_at` learns who was."""
    new = 0
    with reading_often(engine) as look:
        for person_id in persons:
            with alone(log, "person=%d nothing planned", person_id):
                new += plan_for(engine, settings, person_id, now, look)
                looked_at(person_id)
    return new


def plan_beside(engine: Engine, settings: Settings, persons: Iterable[int], clock: Clock, rounds: Rounds) -> int:
    """The same, of which the next of these rounds knows. What comes in from now on it looks at."""
    with reading(engine) as session:
        marks = news.marks(session)
    done: list[int] = []
    new = plan_each(engine, settings, persons, clock(), done.append)
    rounds.looked_at(done, marks)
    return new


def plan_for(
    engine: Engine, settings: Settings, person_id: int, now: datetime, look: Callable[[], Session] | None = None
) -> int:
    """The same for one person. Nobody else's write waits while they are looked at: each nudge is looked at again
    before it is sent. `look` opens a session where many are looked at.
    """
    with look() if look else reading(engine) as session:
        person = session.get(Person, person_id)
        drafts = [] if person is None else _drafts(session, person, settings, now)
    if not drafts:
        return 0
    with writing(engine, person_id) as session:
        is_there = session.get(Person, person_id) is not None  # who was erased meanwhile leaves nothing behind
        return len(outbox.post(session, drafts, now)) if is_there else 0


def plan_at_once(engine: Engine, settings: Settings, person_id: int, now: datetime) -> None:
    """What a warning sign asks for is due at once, not only when the service looks next.

    Whatever keeps it from being planned here: the answer is kept, and the service plans it.
    """
    try:
        plan_for(engine, settings, person_id, now)
    except Exception as error:  # noqa: BLE001 (the person has been told, and that counts)
        log.warning("person=%d not planned at once: %s", person_id, whereabouts(error))


@contextmanager
def preparing(engine: Engine, links: Links | None = None) -> Iterator[Mapping[str, Prepare]]:
    """For each rule, what looks again just before sending and words the message; with links it can be answered.

    What was worded ahead and still holds is taken as it is.
    """
    with asking_often(engine) as once:

        def prepare(due: Due, now: datetime) -> Message | Cancelled | Suppressed:
            with once() as asked:
                return ahead.kept(asked, due, now, links) or _message(asked, due, now, links)

        yield dict.fromkeys(RULES, prepare)


def word_each(engine: Engine, links: Links | None, persons: Sequence[int], clock: Clock) -> int:
    """Word what is due to these in some hours (`coach.ahead`). Gives how many letters were kept."""
    with preparing(engine, links) as prepare:
        return ahead.word_each(engine, prepare, links, persons, clock)


def addresses(session: Session, person: Person, settings: Settings) -> tuple[Address, ...]:
    """Where a person is reached: every channel that is set up, and the console where none is."""
    reached = []
    if settings.smtp_url is not None and person.email:
        reached.append(Address("email", person.email))
    if settings.message_folder is not None:
        reached.append(Address("file", person.email or f"person-{key(person)}@localhost"))  # a letter's To
    reached += map(channels.address, channels.of_person(session, key(person)))
    return tuple(reached) or (Address("console", person.name),)


def situation(
    asked: Asked, person: people.Someone, now: datetime, rules: Collection[Rule] = RULES.values()
) -> Situation:
    """A person at a moment, also one who has no plan yet, as far back as these rules look."""
    today = day_of(now, ZoneInfo(person.timezone))
    running = IsoWeek.of(today)
    looks_back = max(each.looks_back(today) for each in rules)
    history = histories.load(asked, person, running.and_before(1 + looks_back)[0], running)
    return Situation(
        now=now,
        history=history,
        standing=stand(history, now),
        known_since=person.created_at,
        engaged_at=engagement.last(asked, key(person), now) if any(each.after_silence for each in rules) else None,
        wishes=preferences.wishes(asked, key(person)),
        emergency_number=person.emergency_number,
        language=person.language,
    )


def _drafts(session: Session, person: Person, settings: Settings, now: datetime) -> list[Draft]:
    """What is worth saying and is not in the outbox yet."""
    seen = situation(session, person, now)
    drafts = [
        Draft(
            recipient_id=str(key(person)),
            rule=rule.id,
            period=proposal.period,
            reason=proposal.reason,
            timezone=person.timezone,
            due_at=proposal.due_at,
            expires_at=proposal.expires_at,
            policy=rule.policy,
            kind=rule.kind,
            rank=rule.rank,
            urgent=rule.urgent,
            to=addresses(session, person, settings),
        )
        for rule in RULES.values()
        if rule.silent_because(seen) is None and not _is_resting(session, person, rule, now)
        for proposal in rule.propose(seen)
    ]
    return said.unposted(session, str(key(person)), drafts)


def _is_resting(session: Session, person: Person, rule: Rule, now: datetime) -> bool:
    last = None if rule.rest is None else said.last_due(session, str(key(person)), rule.id)
    return last is not None and rule.rest is not None and now < last + rule.rest


def _message(asked: Asked, due: Due, now: datetime, links: Links | None) -> Message | Cancelled | Suppressed:
    person = people.known(asked, int(due.recipient_id))
    if person is None:
        return Cancelled("the person is no longer here")
    rule = RULES[due.rule]
    seen = situation(asked, person, now, [rule])
    if (silent := rule.silent_because(seen)) is not None:
        return Suppressed(silent)
    told = rule.tell(seen, due.period)
    if isinstance(told, NoLongerTrue):
        return Cancelled(told.reason)
    if rule.kind is Kind.MOTIVATION and (thinned := _thinned(asked, seen, due, links)) is not None:
        return Suppressed(thinned)
    if isinstance(told, WordForWord):
        texts = (seen.words.text(each, **told.fields) for each in told.keys)
        return Message(seen.words.text(told.title), "\n\n".join(texts), language=seen.words.language)
    return _answerable(_worded(asked, person, due, told, seen, links), due, links, seen.words)


def _worded(
    asked: Asked, person: people.Someone, due: Due, told: Telling, seen: Situation, links: Links | None
) -> Message:
    wording = _wording(asked, seen, told, due)
    if due.rule != _SUMMARY:
        text = " ".join(filter(None, (wording.text, told.more)))
        return Message(wording.title, text, language=seen.words.language)
    week = IsoWeek.parse(due.period)
    page = letter_of(asked, person, week, seen.history, seen.standing, seen.now)
    choices = offers.steps(due, links, seen.words) if links is not None and page.choice else ()
    unsubscribe_url = None if links is None else offers.unsubscribe_url(due, links)
    return Message(
        title=wording.title,
        text=f"{wording.text}\n\n{as_text(page, choices)}",
        html=as_html(page, choices=choices, unsubscribe_url=unsubscribe_url, pictures=True),
        actions=choices,
        pictures=pictures_of(page),
        attachments=_agenda(person, week.next, seen),
        unsubscribe_url=unsubscribe_url,
        language=seen.words.language,
    )


def _agenda(person: people.Someone, week: IsoWeek, seen: Situation) -> tuple[Attachment, ...]:
    """What is planned for the rest of a week; nothing that is not asked."""
    days = [day for day in week.days if day >= seen.today and not (seen.locked or seen.is_excused(day))]
    sessions = tuple(planned((day, seen.history.version_on(day)) for day in days))
    if not sessions:
        return ()
    return attachments(sessions, pseudonym(key(person), person.created_at), seen.zone, seen.now, seen.words)


def _answerable(message: Message, due: Due, links: Links | None, words: Messages) -> Message:
    """With its links; where there are none, or none for what it asks, it says where to answer."""
    is_asked = due.rule in words.names("how")
    if links is None or (is_asked and not offers.asks(due.rule)):
        message = replace(message, text=f"{message.text} {words.text(f'how.{due.rule}')}") if is_asked else message
    if links is None:
        return message
    actions = (*message.actions, *offers.actions(due, links, words))
    return replace(message, actions=actions, unsubscribe_url=offers.unsubscribe_url(due, links))


def _thinned(asked: Asked, seen: Situation, due: Due, links: Links | None) -> str | None:
    can_reply = policy.CAN_REPLY if links is not None else ()
    return policy.thinned(
        said.ordinal(asked, due),
        ignored=said.ignored(asked, due, can_reply, policy.IGNORED_TIMES),
        week=policy.week_of_plan(seen.began.astimezone(seen.zone).date(), seen.today),
    )


def _wording(asked: Asked, seen: Situation, told: Telling, due: Due) -> Variant:
    """That which was said longest ago; the same again if a message is sent again."""
    before = said.texts(asked, due)
    variants = seen.words.variants(told.texts or due.rule)
    ahead = 0 if before.is_worded else said.waiting_before(asked, due)
    return chosen(variants, before.texts, own=before.is_worded, ahead=ahead).filled(**told.fields)
