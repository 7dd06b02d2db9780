"""The service."""

from datetime import datetime
from typing import Annotated

import typer

from coach.cli.options import Json, app, instant


@app.command()
def tick(
    at: Annotated[
        datetime | None,
        typer.Option(
            parser=instant,
            metavar="INSTANT",
            help="As if it were 2026-11-05T12:30+01:00 (your time without an offset).",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Do one whole sweep for everybody: plan what is worth saying, deliver what is due, and tell what was done."""
    from coach.cli import nudging

    nudging.tick(at, as_json=as_json)


@app.command()
def run(
    no_pages: Annotated[
        bool, typer.Option("--no-pages", help="Without a port for the links of messages: `coach serve` has it.")
    ] = False,
) -> None:
    """Run the service in the foreground: plan, deliver and take what is dropped until stopped (SIGTERM or Ctrl-C)."""
    from coach.cli import serving

    serving.run(pages=not no_pages)


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(metavar="HOST", help="Where to listen: by default only this machine, 127.0.0.1.")
    ] = None,
    port: Annotated[int | None, typer.Option(metavar="PORT", min=1, max=65535, help="8631 by default.")] = None,
    no_scheduler: Annotated[
        bool, typer.Option("--no-scheduler", help="Only the pages: another `coach run` plans and delivers.")
    ] = False,
) -> None:
    """Run the service with its pages for the browser. The first start prints a link that makes the first account."""
    from coach.cli import serving

    serving.serve(host, port, sweeps=not no_scheduler)


@app.command()
def worker(
    queue: Annotated[
        list[str] | None,
        typer.Option(
            "--queue", metavar="NAME", help="Only what waits in this queue: plan, weeks or letters; may be repeated."
        ),
    ] = None,
    concurrency: Annotated[int, typer.Option(metavar="N", min=1, max=8, help="How much at a time.")] = 1,
    metrics_port: Annotated[
        int | None,
        typer.Option(
            "--metrics-port", metavar="PORT", min=1, max=65535, help="Tell there, on 127.0.0.1, how it fares."
        ),
    ] = None,
) -> None:
    """Help a service: do what it has to be done for each person, until stopped (SIGTERM or Ctrl-C)."""
    from coach.cli import serving

    serving.work(queue or [], concurrency, metrics_port)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Look whether all is there that the coach needs, from database to Bluetooth adapter, and say what to do."""
    from coach.cli import doctor as command

    command.run(as_json=as_json)
