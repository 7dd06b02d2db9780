"""The shapes that scripts rely on: one function a thing, its keys an interface. Instants are ISO 8601, UTC."""

from coach.shapes.activities import activity, activity_in_full, ingested
from coach.shapes.explaining import explanation
from coach.shapes.figures import Shape, effort_minutes, instant
from coach.shapes.machines import journal, live, machine
from coach.shapes.messages import counters, held, nudge, rule, said, trial, way
from coach.shapes.operating import access, account, finding, kept, token
from coach.shapes.plans import difference, lock, plan, plan_in_full, plan_version
from coach.shapes.told import check_in, excusal, flare, noted, sign, verdict
from coach.shapes.weeks import decision, replayed, step, week

__all__ = [
    "Shape",
    "access",
    "account",
    "activity",
    "activity_in_full",
    "check_in",
    "counters",
    "decision",
    "difference",
    "effort_minutes",
    "excusal",
    "explanation",
    "finding",
    "flare",
    "held",
    "ingested",
    "instant",
    "journal",
    "kept",
    "live",
    "lock",
    "machine",
    "noted",
    "nudge",
    "plan",
    "plan_in_full",
    "plan_version",
    "replayed",
    "rule",
    "said",
    "sign",
    "step",
    "token",
    "trial",
    "verdict",
    "way",
    "week",
]
