"""Days and moments as a person reads them, in their language, and their zone unless another is named."""

from datetime import datetime
from zoneinfo import ZoneInfo

from coach.web.visit import Visit
from config.messages.calendar import weekday_short, whole


def day_in_words(visit: Visit, at: datetime, zone: ZoneInfo | None = None) -> str:
    """`9 November 2026`."""
    return whole(at.astimezone(zone or visit.zone).date(), visit.words.messages)


def moment_in_words(visit: Visit, at: datetime, zone: ZoneInfo | None = None) -> str:
    """`Mon 9 November 2026, 17:30`."""
    local, words = at.astimezone(zone or visit.zone), visit.words.messages
    return f"{weekday_short(local.date(), words)} {whole(local.date(), words)}, {local:%H:%M}"
