"""What a person was told, chose and labelled, row by row, for an export of the whole."""

from sqlmodel import Session, col, select

from coach.exchange.dossier import Choice, Label, Nudged, Pause, PlanVersion, Told
from coach.plan.model import Plan
from coach.safety.model import Excusal, ExcusalKind
from coach.store.check_ins import kept
from coach.store.tables import Activity, ActivityLabel, Original
from coach.store.tables import PlanVersion as VersionRow
from coach.store.told import ExcusalRow, StepChoice
from scheduler.tables import Delivery, Nudge


def versions(session: Session, person_id: int) -> list[PlanVersion]:
    rows = session.exec(select(VersionRow).where(VersionRow.person_id == person_id).order_by(col(VersionRow.version)))
    return [PlanVersion(row.version, Plan.model_validate(row.document), row.created_at) for row in rows]


def check_ins(session: Session, person_id: int) -> list[Told]:
    return [Told(each.id, each.check_in) for each in kept(session, person_id)]


def pauses(session: Session, person_id: int) -> list[Pause]:
    rows = session.exec(
        select(ExcusalRow)
        .where(ExcusalRow.person_id == person_id)
        .order_by(col(ExcusalRow.first_day), col(ExcusalRow.id))
    )
    return [
        Pause(Excusal(ExcusalKind(row.kind), row.first_day, row.last_day), row.said_by, row.created_at) for row in rows
    ]


def choices(session: Session, person_id: int) -> list[Choice]:
    rows = session.exec(select(StepChoice).where(StepChoice.person_id == person_id).order_by(col(StepChoice.week)))
    return [Choice(row.week, row.offer, row.choice, row.version, row.at) for row in rows]


def labels(session: Session, person_id: int) -> dict[int, Label]:
    """By activity."""
    rows = session.exec(
        select(ActivityLabel)
        .join(Activity, col(Activity.id) == ActivityLabel.activity_id)
        .where(Activity.person_id == person_id)
    )
    return {row.activity_id: Label(row.said_at, row.exercise, row.water_c, row.borg) for row in rows}


def originals(session: Session, person_id: int) -> dict[int, tuple[str, str | None]]:
    """The hash of each file, and what could not be read of it; its content stays where it is."""
    rows = session.exec(select(Original.id, Original.sha256, Original.damage).where(Original.person_id == person_id))
    return {number: (sha256, damage) for number, sha256, damage in rows if number is not None}


def nudges(session: Session, person_id: int) -> list[Nudged]:
    """What was said or is due to be, by due time; the address it goes to is nobody's business."""
    rows = session.exec(
        select(Nudge, Delivery)
        .join(Delivery, col(Delivery.nudge_id) == Nudge.id)
        .where(Nudge.recipient_id == str(person_id))
        .order_by(col(Nudge.due_at), col(Nudge.rule), col(Nudge.period), col(Delivery.channel))
    )
    return [
        Nudged(
            rule=nudge.rule,
            period=nudge.period,
            state=delivery.state,
            reason=delivery.detail or nudge.reason,
            due_at=nudge.due_at,
            sent_at=delivery.sent_at,
            channel=delivery.channel,
            title=delivery.title,
            text=delivery.text,
        )
        for nudge, delivery in rows
    ]
