"""Who it is for: `coach setup`."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from coach.cli.options import Json, app, day


class Relief(StrEnum):
    """The postures that can ease symptoms; `coach.plan.Relief` for the parser, without its imports."""

    EXTENSION = "extension"
    FLEXION = "flexion"
    NEUTRAL = "neutral"
    NONE = "none"
    UNKNOWN = "unknown"


ConditionCode = Annotated[str | None, typer.Option("--condition", help="A condition of the plan library.")]
DiagnosedBy = Annotated[str | None, typer.Option(help="Who made the diagnosis. Without one the plan is locked.")]
DiagnosedOn = Annotated[date | None, typer.Option(parser=day, metavar="DATE", help="When it was made.")]
Posture = Annotated[Relief | None, typer.Option("--relief", help="The posture that eases the symptoms.")]
FlexionTolerated = Annotated[
    bool | None,
    typer.Option("--flexion-tolerated/--no-flexion-tolerated", help="Is bending forward comfortable?"),
]
LoadIntolerant = Annotated[
    bool | None, typer.Option("--load-intolerant/--no-load-intolerant", help="Is load to be kept off the spine?")
]
ShoulderInjury = Annotated[
    bool | None, typer.Option("--shoulder-injury/--no-shoulder-injury", help="Is a shoulder injured?")
]
Swimmer = Annotated[bool | None, typer.Option("--swimmer/--no-swimmer", help="Can the person swim?")]
BetaBlocker = Annotated[
    bool | None, typer.Option("--beta-blocker/--no-beta-blocker", help="Does the person take a beta blocker?")
]
PainFreeOnly = Annotated[
    bool | None,
    typer.Option("--pain-free-only/--no-pain-free-only", help="No more pain in a session than before it?"),
]


@app.command()
def setup(
    name: Annotated[str | None, typer.Option(help="What the coach calls the person.")] = None,
    email: Annotated[str | None, typer.Option(help="Where nudges and the weekly summary go.")] = None,
    timezone: Annotated[str | None, typer.Option(help="An IANA zone, such as Europe/Berlin.")] = None,
    condition: ConditionCode = None,
    diagnosed_by: DiagnosedBy = None,
    diagnosed_on: DiagnosedOn = None,
    relief: Posture = None,
    flexion_tolerated: FlexionTolerated = None,
    load_intolerant: LoadIntolerant = None,
    shoulder_injury: ShoulderInjury = None,
    swimmer: Swimmer = None,
    beta_blocker: BetaBlocker = None,
    pain_free_only: PainFreeOnly = None,
    birth_year: Annotated[int | None, typer.Option(help="For heart-rate ranges.")] = None,
    resting_hr: Annotated[int | None, typer.Option(help="Resting heart rate, beats a minute.")] = None,
    max_hr: Annotated[int | None, typer.Option(help="Highest heart rate as measured, beats a minute.")] = None,
    emergency_number: Annotated[str | None, typer.Option(help="112 by default.")] = None,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Of messages and letters: en (the default) or de.")
    ] = None,
    start: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help="The plan's first day; today by default.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Set up a person and their plan, or change what is given. Asks for what is missing."""
    from coach.cli import setup as command
    from coach.enrolment.details import Details

    command.run(
        Details(
            name=name,
            email=email,
            timezone=timezone,
            condition=condition,
            diagnosed_by=diagnosed_by,
            diagnosed_on=diagnosed_on,
            relief=relief,
            flexion_tolerated=flexion_tolerated,
            load_intolerant=load_intolerant,
            shoulder_injury=shoulder_injury,
            swimmer=swimmer,
            beta_blocker=beta_blocker,
            pain_free_only=pain_free_only,
            birth_year=birth_year,
            resting_hr=resting_hr,
            max_hr=max_hr,
            emergency_number=emergency_number,
            language=language,
            start=start,
        ),
        as_json=as_json,
    )
