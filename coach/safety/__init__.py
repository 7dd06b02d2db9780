"""Pain, warning signs, locks, flares: what is safe to ask of a person today. Pure functions of what they told."""

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
