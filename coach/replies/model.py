"""What a link stands for, what its page asks, and what came of the answer: values, that all kinds share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.errors import UsageError
from coach.store.tables import Person
from config.messages import Messages


@dataclass(frozen=True, slots=True)
class Link:
    """One purpose, for one person, until it is too late.

    `subject` is the kind's own string: an activity, a morning, a week, rules.
    """

    person_id: int
    kind: str
    subject: str
    expires_at: datetime
    nudge_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several, or with `many` any number of them. Options are values and their words; `given` is marked."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    given: str | None = None
    many: bool = False
    required: bool = True
    is_scale: bool = False  # short options that stand in a row


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number from `least` to `most`."""

    name: str
    label: str
    least: int
    most: int
    given: int | None = None


Field = Choice | Number


@dataclass(frozen=True, slots=True)
class Form:
    """A page with one button."""

    title: str
    button: str
    lines: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Onward:
    """What could be said next: another kind and subject, as a link with a label; `at_once`: it is asked."""

    label: str
    kind: str
    subject: str
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What was kept, in words. `urgent` comes first and large; `onward` is offered below.

    With `raises_lock` what a warning sign asks for is planned at once.
    """

    lines: tuple[str, ...]
    urgent: tuple[str, ...] = ()
    onward: tuple[Onward, ...] = ()
    raises_lock: bool = False


class Given:
    """The fields of a form as they came."""

    def __init__(self, values: Mapping[str, Sequence[str]], words: Messages) -> None:
        self._values = values
        self._words = words

    def all(self, choice: Choice) -> tuple[str, ...]:
        """
        Raises:
            UsageError: nothing is chosen where something has to be, or what is none of the options.
        """
        chosen = tuple(each for each in self._values.get(choice.name, ()) if each)
        if (choice.required and not chosen) or not set(chosen) <= {value for value, _ in choice.options}:
            raise UsageError(self._words.text("reply.choose", label=choice.label))
        return chosen

    def one(self, choice: Choice) -> str | None:
        chosen = self.all(choice)
        return chosen[0] if chosen else None

    def number(self, asked: Number) -> int:
        """
        Raises:
            UsageError: it is no whole number within its bounds.
        """
        text = next(iter(self._values.get(asked.name, ())), "").strip()
        if not text.isascii() or not text.isdigit() or not asked.least <= int(text[:9]) <= asked.most:
            sentence = self._words.text("reply.number", label=asked.label, least=asked.least, most=asked.most)
            raise UsageError(sentence)
        return int(text)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a link asks about what, and when it was opened. `choice`: what was tapped in the message already."""

    session: Session
    person: Person
    subject: str
    now: datetime
    words: Messages
    choice: str | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.person.timezone)


@dataclass(frozen=True, slots=True)
class Reply:
    """A kind of answer.

    Attributes:
        ask: the form; raises a CoachError where there is nothing to answer any more, or not now.
        act: looks again, keeps the answer and says so; raises likewise, and then nothing has changed.
        once: a second answer to the same subject changes nothing.
    """

    kind: str
    ask: Callable[[Asked], Form]
    act: Callable[[Asked, Given], Done]
    once: bool = field(default=False, kw_only=True)
