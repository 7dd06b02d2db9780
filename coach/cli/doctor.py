"""`coach doctor`: each line is all right, or says what to do."""

import typer
from rich.text import Text

from coach import shapes
from coach.app import open_app
from coach.checkup import findings
from coach.cli import EXIT_FAILED
from coach.cli.output import out, print_json, table


def run(*, as_json: bool) -> None:
    """Exit code 1 where something that is needed is not all right."""
    found = list(findings(open_app()))
    if as_json:
        print_json([shapes.finding(each) for each in found])
    else:
        listed = table("", "", "")
        for each in found:
            mark = "ok" if each.ok else "!" if each.needed else "-"
            listed.add_row(mark, each.about, Text(each.told))
        out.print(listed)
    if any(each.needed and not each.ok for each in found):
        raise typer.Exit(EXIT_FAILED)
