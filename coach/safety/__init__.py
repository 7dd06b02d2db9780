"""Pain, warning signs, locks, flares: what is safe to ask of a person today. Pure functions of what they told.

verdicts.verdict(bout, bouts, check_ins, ...)   -> Verdict: what came of a session
rest.rest_days(verdicts, zone)                  -> the days that rest advice excuses
sore.sore(now, verdicts, check_ins, zone)       -> why nothing urges today
flares.episodes(flares, check_ins, now, zone)   -> Episode: flares, and what became of them
mornings.mornings(check_ins, zone)              -> the morning score of each day
signs.signs()                                   -> the warning signs
"""

from coach.safety.model import (
    Answers,
    CheckIn,
    Colour,
    Excusal,
    ExcusalKind,
    Extent,
    Flare,
    Lock,
    Phase,
    SignLevel,
    Verdict,
)

__all__ = [
    "Answers",
    "CheckIn",
    "Colour",
    "Excusal",
    "ExcusalKind",
    "Extent",
    "Flare",
    "Lock",
    "Phase",
    "SignLevel",
    "Verdict",
]
