"""`coach retention`."""

from typing import Final

from rich.text import Text

from coach import retention, shapes
from coach.app import open_app
from coach.cli.output import out, print_json, table
from coach.retention import Kept, Unit
from coach.store.acting import COMMAND_LINE
from config.settings import PREFIX

_IN_WORDS: Final = {Unit.DAYS: ("day", "days"), Unit.MONTHS: ("month", "months")}


def run(*, now: bool, as_json: bool) -> None:
    app = open_app()
    found = retention.let_go(app, app.clock(), COMMAND_LINE) if now else retention.look(app, app.clock())
    if as_json:
        print_json([shapes.kept(each) for each in found])
        return
    made = table("what", "kept for", "set by", ">let go" if now else ">would go")
    for each in found:
        made.add_row(each.in_words, _how_long(each), Text(_set_by(each)), f"{each.rows:,}")
    out.print(made)
    if not now and any(each.rows for each in found):
        out.print("Nothing has gone yet. A service lets go of it within a day; --now does so at once.")


def _how_long(kept: Kept) -> str:
    if not kept.amount:
        return "for ever"
    one, many = _IN_WORDS[kept.unit]
    return f"{kept.amount} {one if kept.amount == 1 else many}"


def _set_by(kept: Kept) -> str:
    return "–" if kept.setting is None else f"{PREFIX}{kept.setting}".upper()
