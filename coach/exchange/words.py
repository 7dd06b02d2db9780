"""A judged week in a few plain sentences, for whoever reads the document and not the page."""

from typing import TYPE_CHECKING

from coach.nudges.wording import share_of_plan
from coach.summary import lines
from config.messages import Messages, catalogue

if TYPE_CHECKING:
    from coach.judgement import JudgedWeek


def conclusion(judged: "JudgedWeek", words: Messages | None = None) -> str:
    """How far the plan was followed, item by item, and what went against what it leaves out."""
    words = words or catalogue()
    week = judged.adherence
    score = share_of_plan(week)
    told = [
        f"{week.week}, plan version {judged.version}.",
        words.text(f"band.{lines.tone(week)}", score=score) if week.band and score else "",
        lines.status(week, judged.plan, score or words.text("share.open"), words),
        *(f"{each.line}." for each in lines.bars(week, words)),
        *lines.restrictions(week, judged.plan, words),
    ]
    return " ".join(filter(None, told))
