"""What people answered to the steps that were offered, once a week."""

from datetime import datetime

from sqlmodel import Session

from coach.errors import ConflictError
from coach.progression import OfferKind
from coach.store.told import StepChoice
from coach.weeks import IsoWeek
from config.messages import Messages, catalogue

ACCEPT, STAY, ASK = "accept", "stay", "ask"


def answered(session: Session, person_id: int, week: IsoWeek) -> StepChoice | None:
    """The answer to the offer that followed a week."""
    return session.get(StepChoice, (person_id, str(week)))


def answer(
    session: Session,
    person_id: int,
    week: IsoWeek,
    *,
    offer: OfferKind,
    choice: str,
    version: int | None,
    at: datetime,
    words: Messages | None = None,
) -> None:
    """Keep an answer; after one that was to ask first another can be given.

    Raises:
        ConflictError: there is another already.
    """
    standing = answered(session, person_id, week)
    if standing is not None and standing.choice != ASK:
        raise ConflictError(already(standing, words or catalogue()))
    row = standing or StepChoice(person_id=person_id, week=str(week), offer=offer, choice=choice, at=at)
    row.offer, row.choice, row.version, row.at = offer, choice, version, at
    session.add(row)


def already(standing: StepChoice, words: Messages) -> str:
    """The sentence for a second answer."""
    return words.text("choice.already", week=standing.week, choice=words.text(f"choice.{standing.choice}_said"))
