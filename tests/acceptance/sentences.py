"""What is told at a warning sign, word by word; and how a text is read that a terminal has broken into lines."""

EMERGENCY = (
    "Stop exercising. These symptoms can be an emergency. Go to your nearest emergency department now or call 112. "
    "Do not wait to see if they pass. Your plan is paused."
)
CHEST = "Stop now and call 112."
SAME_DAY = "Please speak to a doctor today, before your next session. Your plan is paused."
ROUTINE = "Contact your clinician to review the plan."


def flat(text: str) -> str:
    return " ".join(text.split())
