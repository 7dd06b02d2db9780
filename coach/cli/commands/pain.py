"""How it is: pain, warning signs, flares, days off, and opening a plan that a warning sign has locked."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer

from coach.cli.options import LAST_ID, Json, Who, app, day, instant


class Phase(StrEnum):
    """`coach.safety.Phase` for the parser, without its imports."""

    PRE = "pre"
    PEAK = "peak"
    POST = "post"
    MORNING = "morning"


class Extent(StrEnum):
    """`coach.safety.Extent`, in words."""

    NONE = "none"
    BACK = "back"
    BUTTOCK = "buttock"
    THIGH = "thigh"
    BELOW_KNEE = "below-knee"
    FOOT = "foot"


class FlareStep(StrEnum):
    SHOW = "show"
    START = "start"
    END = "end"


class ExcusalKind(StrEnum):
    """`coach.safety.ExcusalKind` for the parser."""

    ILLNESS = "illness"
    HOLD = "hold"


def score(text: str) -> int:
    """The parser of a score; whether it lies in 0 to 10 is seen once a warning sign beside it is heard."""
    if not text.lstrip("-").isdecimal():
        raise typer.BadParameter(f"'{text}' is not a score. Give a whole number from 0 to 10.")
    return int(text)


At = Annotated[
    datetime | None,
    typer.Option(parser=instant, metavar="INSTANT", help="When it was: 2026-11-05T12:30 (your time); now by default."),
]


@app.command("pain")
def pain_(
    pain: Annotated[
        int | None, typer.Argument(parser=score, metavar="[PAIN]", help="0 to 10, the larger of back and leg.")
    ] = None,
    phase: Annotated[Phase | None, typer.Option(help="Of which moment; the clock tells by default.")] = None,
    extent: Annotated[Extent | None, typer.Option(help="How far down the symptoms reach.")] = None,
    numbness: Annotated[bool, typer.Option("--numbness", help="It is numb, newly or more than before.")] = False,
    weakness: Annotated[bool, typer.Option("--weakness", help="It is weak, newly or more than before.")] = False,
    shoulder: Annotated[
        int | None, typer.Option(parser=score, metavar="PAIN", help="After a swim with a bad shoulder.")
    ] = None,
    activity: Annotated[
        int | None, typer.Option(metavar="ID", min=1, max=LAST_ID, help="Of this session; the time tells by default.")
    ] = None,
    at: At = None,
    remove: Annotated[
        int | None, typer.Option(metavar="ID", min=1, max=LAST_ID, help="Take a check-in back: a slip of the finger.")
    ] = None,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Tell how it is, 0 (none) to 10 (the worst there is). Without anything told: list the last two weeks."""
    from coach.checking_in import Said
    from coach.cli import pain as command
    from coach.safety import model

    said = Said(
        pain=pain,
        phase=None if phase is None else model.Phase(phase),
        extent=None if extent is None else model.Extent[extent.name],
        numbness=numbness,
        weakness=weakness,
        shoulder=shoulder,
        activity_id=activity,
        at=at,
    )
    command.run(said, remove, person, as_json=as_json)


@app.command()
def signs(
    yes: Annotated[list[str] | None, typer.Option(metavar="CODE", help="This sign holds; may be repeated.")] = None,
    none: Annotated[bool, typer.Option("--none", help="None of them holds.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="List the questions with their codes.")] = False,
    heat: Annotated[bool, typer.Option("--heat", help="The questions before hot water, instead.")] = False,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Answer the warning-sign questions. Asks each of them on a terminal."""
    if heat:
        from coach.cli import heat_screen

        heat_screen.run(yes or [], person, none=none, listed=listed, as_json=as_json)
        return
    from coach.cli import warning_signs

    warning_signs.run(yes or [], person, none=none, listed=listed, as_json=as_json)


@app.command()
def clear(
    by: Annotated[str | None, typer.Option(metavar="NAME", help="The doctor or clinician who cleared it.")] = None,
    on: Annotated[date | None, typer.Option(parser=day, metavar="DATE", help="When they did.")] = None,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Open a plan again that a warning sign has locked, once somebody has cleared it."""
    from coach.cli import warning_signs

    warning_signs.clear(by, on, person, as_json=as_json)


@app.command()
def flare(
    step: Annotated[FlareStep, typer.Argument(help="Say that one begins, or ends, or look.")] = FlareStep.SHOW,
    at: At = None,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Say that you are having a flare: nothing is asked then, and the plan has a shorter form for it."""
    from coach.cli import flares

    flares.run(step, at, person, as_json=as_json)


@app.command()
def excuse(
    kind: Annotated[ExcusalKind | None, typer.Argument(help="Why nothing is asked.")] = None,
    first: Annotated[
        date | None, typer.Option("--from", parser=day, metavar="DATE", help="The first day; today by default.")
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=day, metavar="DATE", help="The last day; until further notice.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who said so.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List them.")] = False,
    remove: Annotated[int | None, typer.Option(metavar="ID", min=1, max=LAST_ID, help="Take one back.")] = None,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Days on which nothing is asked: an illness, or a pause by your clinician."""
    from coach.cli import excusals

    excusals.run(kind, first, last, by, remove, person, listed=listed, as_json=as_json)
