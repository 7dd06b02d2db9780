"""The plan: `coach plan` and what can be done with it."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from coach.cli.commands.enrolling import (
    BetaBlocker,
    ConditionCode,
    DiagnosedBy,
    DiagnosedOn,
    FlexionTolerated,
    LoadIntolerant,
    PainFreeOnly,
    Posture,
    ShoulderInjury,
    Swimmer,
)
from coach.cli.options import Json, Who, app, day

plan_app = typer.Typer(no_args_is_help=False)
app.add_typer(plan_app, name="plan")

Start = Annotated[
    date | None,
    typer.Option(parser=day, metavar="DATE", help="Its first day; today, or that of a version that waits."),
]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="The clinician who set it.")]
Number = Annotated[int | None, typer.Argument(metavar="[VERSION]", min=1, help="Its number; the latest by default.")]


@plan_app.callback(invoke_without_command=True)
def plan(context: typer.Context, person: Who = None, as_json: Json = False) -> None:
    """Show the plan, change it, send it, take one in; alone it shows."""
    if context.invoked_subcommand is None:
        from coach.cli import planning

        planning.show(None, person, as_json=as_json)
    elif person is not None or as_json:
        raise typer.BadParameter(f"Write options behind it: coach plan {context.invoked_subcommand} ...")


@plan_app.command()
def show(version: Number = None, person: Who = None, as_json: Json = False) -> None:
    """Show what is asked, what is left out, and where each number is from."""
    from coach.cli import planning

    planning.show(version, person, as_json=as_json)


@plan_app.command()
def history(person: Who = None, as_json: Json = False) -> None:
    """List the versions: from when, who set them, and what changed."""
    from coach.cli import planning

    planning.history(person, as_json=as_json)


@plan_app.command()
def new(
    condition: ConditionCode = None,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="A plan's file instead of an example.")
    ] = None,
    diagnosed_by: DiagnosedBy = None,
    diagnosed_on: DiagnosedOn = None,
    relief: Posture = None,
    flexion_tolerated: FlexionTolerated = None,
    load_intolerant: LoadIntolerant = None,
    shoulder_injury: ShoulderInjury = None,
    swimmer: Swimmer = None,
    beta_blocker: BetaBlocker = None,
    pain_free_only: PainFreeOnly = None,
    start: Start = None,
    by: By = None,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Begin anew: the example plan of a condition at its first step, or the plan in a file."""
    from coach.cli import plan_changes
    from coach.enrolment.details import Details

    details = Details(
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
    )
    if source is None:
        plan_changes.new(replace(details, start=start), by, person, as_json=as_json)
    elif details.of_plan:
        raise typer.BadParameter("The file says all of the plan; with --from give --start, --by and --person only.")
    else:
        plan_changes.take_in(source, start, by, person, as_json=as_json)


@plan_app.command()
def edit(start: Start = None, by: By = None, person: Who = None) -> None:
    """Open the latest plan in your editor; what you save becomes a new version."""
    from coach.cli import plan_editing

    plan_editing.edit(start, by, person)


@plan_app.command()
def export(
    target: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where to; the terminal by default.")] = None,
    version: Annotated[
        int | None, typer.Option(metavar="NUMBER", min=1, help="Which version; the latest by default.")
    ] = None,
    person: Who = None,
) -> None:
    """Write the plan as a TOML file that a clinician can read, change and send."""
    from coach.cli import planning

    planning.export(target, version, person)


@plan_app.command(name="import")
def import_plan(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A plan as `coach plan export` writes it.")],
    start: Start = None,
    by: By = None,
    person: Who = None,
    as_json: Json = False,
) -> None:
    """Take in a plan from a file, as a new version."""
    from coach.cli import plan_changes

    plan_changes.take_in(source, start, by, person, as_json=as_json)
