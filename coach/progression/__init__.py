"""The week's decision, and the plan's next step: offered, never applied unconfirmed (clinical rules, sections 5 and 6).

decide(week, mornings, mornings_before, flagged=...)            -> Decision: what the week says, with its reasons
offer(plan, decision, easy_due=..., days_off=..., after_flare=...) -> Offer | None: the plan it would make
offer.versions(today)                                           -> the plan versions that accepting adds
"""

from coach.progression.decision import Decision, DecisionKind, Reason, ReasonCode, decide
from coach.progression.offers import Change, Offer, OfferKind, changes, offer
from coach.progression.pace import days_off, easy_due
from coach.progression.steps import easy_week, flare, restart, step_back, step_up, waiting

__all__ = [
    "Change",
    "Decision",
    "DecisionKind",
    "Offer",
    "OfferKind",
    "Reason",
    "ReasonCode",
    "changes",
    "days_off",
    "decide",
    "easy_due",
    "easy_week",
    "flare",
    "offer",
    "restart",
    "step_back",
    "step_up",
    "waiting",
]
