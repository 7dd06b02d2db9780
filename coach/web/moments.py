"""Days and moments as a person reads them, in their zone and language."""

from datetime import datetime

from coach.web.visit import Visit
from config.messages.calendar import weekday_short, whole


def day_in_words(visit: Visit, at: datetime) -> str:
    """`9 November 2026`."""
    return whole(at.astimezone(visit.zone).date(), visit.words.messages)


def moment_in_words(visit: Visit, at: datetime) -> str:
    """`Mon 9 November 2026, 17:30`."""
    local, words = at.astimezone(visit.zone), visit.words.messages
    return f"{weekday_short(local.date(), words)} {whole(local.date(), words)}, {local:%H:%M}"
