"""`coach journal`: what live sessions have left on the disk."""

from pathlib import Path

from rich.text import Text

from coach import shapes
from coach.app import open_app
from coach.cli.importing import described
from coach.cli.output import clock, err, out, print_json, table
from coach.errors import NotFoundError
from coach.riding import keeping
from coach.signs import visible
from config.settings import load_settings
from devices.ble import journals
from devices.ble.assembly import assemble
from devices.ble.entries import Kind
from devices.ble.journals import Log, State
from devices.errors import JournalError


def listed(*, as_json: bool) -> None:
    found = [(number, path, _read(path)) for number, path in enumerate(journals.found(load_settings().home), 1)]
    if as_json:
        print_json([shapes.journal(number, path, log) for number, path, log in found if log is not None])
        return
    if not found:
        out.print("There is no journal. `coach ride` writes one for each session.")
        return
    made = table(">n", "began", "sport", ">lasted", ">frames", "machines", "state")
    for number, path, log in found:
        if log is None:
            made.add_row(str(number), "–", "–", "–", "–", Text(visible(path.name)), "not readable")
        else:
            made.add_row(str(number), *_row(path, log))
    out.print(made)


def replay(number: int, *, as_json: bool) -> None:
    path = _nth(number)
    log = journals.read(path)
    found = assemble(log)
    seen = {"frames": log.frames, "records": 0 if found is None else found.recording.records}
    notes = [] if found is None else list(found.recording.notes)
    if as_json:
        print_json(shapes.journal(number, path, log) | seen | {"notes": notes, "events": _events(log)})
        return
    out.print(Text("  ".join(_row(path, log))))
    for event in _events(log):
        out.print(
            Text(f"{clock(event['at_s'])}  {event['kind']}  {visible(str(event['said']))}".rstrip()), soft_wrap=True
        )
    out.print(f"{seen['frames']} frames make {seen['records']} records.")
    for note in [*notes, *([str(log.torn)] if log.torn else [])]:
        out.print(Text(note), soft_wrap=True)


def recover(*, as_json: bool) -> int:
    """The exit code: 1 where something is still left that nobody is writing."""
    app = open_app()
    kept = list(keeping.recover(app, lambda sentence: err.print(Text(sentence), soft_wrap=True)))
    if as_json:
        print_json([shapes.ingested(each) for each in kept])
    elif not kept:
        out.print("Nothing was left that could be kept.")
    for each in kept if not as_json else ():
        out.print(described(each), soft_wrap=True)
    return 1 if any(_is_left(path) for path in journals.found(app.settings.home, State.OPEN)) else 0


def _is_left(path: Path) -> bool:
    with journals.left(path) as is_left:
        return is_left


def _read(path: Path) -> Log | None:
    try:
        return journals.read(path)
    except JournalError:
        return None


def _nth(number: int) -> Path:
    found = journals.found(load_settings().home)
    if number > len(found):
        raise NotFoundError(f"There is no journal {number}. `coach journal` lists them.")
    return found[number - 1]


def _row(path: Path, log: Log) -> tuple[str, ...]:
    names = ", ".join(visible(said["name"]) for said in log.devices.values())
    began = f"{log.start.astimezone():%Y-%m-%d %H:%M}"
    return began, log.sport, clock(log.duration_s), str(log.frames), names, path.suffix.lstrip(".")


def _events(log: Log) -> list[shapes.Shape]:
    """All entries but frames, in words."""
    named = {number: said["name"] for number, said in log.devices.items()}
    told = {Kind.PAIN: lambda body: str(body[0]), Kind.NOTE: bytes.decode, Kind.LINK: bytes.decode}
    return [
        {
            "at_s": round(each.at_s, 3),
            "kind": each.kind.name.lower(),
            "said": " ".join(filter(None, (named.get(each.device), told.get(each.kind, lambda _: "")(each.body)))),
        }
        for each in log.entries
        if each.kind is not Kind.FRAME
    ]
