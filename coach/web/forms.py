"""Forms: they come from our own pages, are kept once however often they are sent, and lead to what they did."""

import hmac
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import Depends, Request
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session
from starlette.datastructures import UploadFile

from coach.errors import CoachError
from coach.store import accounts
from coach.store.accounts import FormSent
from coach.store.engine import reading, writing
from coach.store.tables import Person, key
from coach.web.visit import SAID, Someones, Visit

CSRF: Final = "csrf"
ONCE: Final = "once"
_MOST_FILES: Final = 1_000
_MOST_FIELDS: Final = 500  # a plan of every exercise there is, with what may stand in for each
_LONGEST_ONCE: Final = 64
_NOT_TYPED: Final = frozenset({CSRF, ONCE})
_SECRET: Final = frozenset({"password", "repeated", "present", "code"})
"""What is typed where nobody should see it: it is asked for again, and stands on no page."""


class ForgedError(CoachError):
    """It does not come from a page of ours."""


class SentBeforeError(CoachError):
    """It was kept already; `leads_to` is what its answer was."""

    def __init__(self, leads_to: str) -> None:
        super().__init__(leads_to)
        self.leads_to = leads_to


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form holds. A field that is not there reads as an empty one."""

    values: Mapping[str, Sequence[str]]
    files: Sequence[UploadFile] = ()

    def text(self, name: str) -> str:
        """The field's text without blanks around it."""
        return next(iter(self.values.get(name, ())), "").strip()

    def all(self, name: str) -> Sequence[str]:
        return self.values.get(name, ())

    @property
    def once(self) -> str:
        return self.text(ONCE)[:_LONGEST_ONCE]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Every field that a person has filled in, but for secrets."""
        kept = self.values.keys() - _NOT_TYPED - _SECRET
        return [(name, each) for name, values in self.values.items() if name in kept for each in values]


async def read(request: Request) -> Sent:
    form = await request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS)
    values = {name: [each for each in form.getlist(name) if isinstance(each, str)] for name in form}
    files = [each for _, each in form.multi_items() if isinstance(each, UploadFile) and each.filename]
    return Sent({name: texts for name, texts in values.items() if texts}, files)


async def sent(request: Request, visit: Someones) -> Sent:
    """The form of somebody who is signed in.

    Raises:
        ForgedError: it was not on a page that we showed to this browser.
        TooOftenError: nobody sends that many.
    """
    form = await read(request)
    _check(form, visit)
    visit.site.limits.count("form", str(visit.account_id))
    return form


Form = Annotated[Sent, Depends(sent)]


async def with_files(request: Request, visit: Someones) -> AsyncIterator[Sent]:
    """What somebody who is signed in sends, from whatever form: its files are there until it is answered.

    Raises:
        TooOftenError: nobody sends that many files; they are counted, for a page may send each on its own.
    """
    try:
        form = await read(request)
        visit.site.limits.count("upload", str(visit.account_id), max(len(form.files), 1))
        yield form
    finally:
        await request.close()


Shared = Annotated[Sent, Depends(with_files)]
"""Not from a form of ours. That no other site sends it the guard has seen to."""


async def ours_with_files(visit: Someones, form: Shared) -> Sent:
    """
    Raises:
        ForgedError: as `sent`.
    """
    _check(form, visit)
    return form


Files = Annotated[Sent, Depends(ours_with_files)]


def _check(form: Sent, visit: Visit) -> None:
    assert visit.who is not None  # noqa: S101  (Someones)
    if not hmac.compare_digest(form.text(CSRF).encode(), visit.who.csrf.encode()) or not form.once:
        raise ForgedError


@dataclass
class Keeping:
    """A form that is being kept: what is done in `session` is kept with it, or not at all.

    Attributes:
        leads_to: the page that shows what was done.
        lines, urgent: what to say there; `urgent` stands first and large.
    """

    session: Session
    once: str
    leads_to: str
    lines: list[str] = field(default_factory=list)
    urgent: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        if not (self.lines or self.urgent):
            return self.leads_to
        mark = "&" if "?" in self.leads_to else "?"
        return f"{self.leads_to}{mark}{SAID}={self.once}"

    def me(self, visit: Visit) -> Person:
        """The person that this is about, in this session."""
        return self.session.get_one(Person, visit.me.id)


@contextmanager
def keeping(visit: Visit, form: Sent, leads_to: str, whose: int | None = None) -> Iterator[Keeping]:
    """One transaction for what a form does, and for having done it.

    Args:
        visit: who sends it.
        form: what they send.
        leads_to: the page that shows what was done.
        whose: the person of whom something is changed, where that is not the visitor.

    Raises:
        SentBeforeError: it was sent before, and is kept.
    """
    before = _before(visit, form)
    if before is not None:
        raise SentBeforeError(before)
    own = None if visit.person is None else key(visit.person)
    try:
        with writing(visit.app.engine, whose or own, visit.actor) as session:
            kept = Keeping(session, form.once, leads_to)
            row = FormSent(
                account_id=visit.account_id, once=form.once, at=visit.now, leads_to=leads_to, lines=[], urgent=[]
            )
            session.add(row)
            session.flush()  # here the second of two clicks waits for the first, and then finds it
            yield kept
            row.leads_to, row.lines, row.urgent = kept.address, kept.lines, kept.urgent
            session.add(row)
    except IntegrityError:
        if (before := _before(visit, form)) is None:
            raise
        raise SentBeforeError(before) from None


def _before(visit: Visit, form: Sent) -> str | None:
    with reading(visit.app.engine) as session:
        row = accounts.sent(session, visit.account_id, form.once)
        return None if row is None else row.leads_to
