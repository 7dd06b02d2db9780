"""The clinician's page as plain text, and as HTML that stands alone."""

from collections.abc import Sequence

from coach.charts.svg import as_svg
from coach.summary.clinician.report import Report
from coach.summary.clinician.tables import Table
from coach.summary.rendering import render
from coach.summary.trend import chart
from config.messages import catalogue


def as_text(report: Report) -> str:
    return render("clinician.txt.j2", report=report, say=catalogue(report.language).text, aligned=_aligned)


def as_html(report: Report) -> str:
    words = catalogue(report.language)
    drawn = as_svg(chart(report.trend, report.trend_in_words, words)) if report.trend_in_words else None
    return render(
        "clinician.html.j2",
        report=report,
        language=report.language,
        title=report.title,
        say=words.text,
        trend=drawn,
    )


def _aligned(table: Table) -> list[str]:
    """Lines of columns, each as wide as its widest cell."""
    rows: Sequence[tuple[str, ...]] = (table.head, *table.rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
