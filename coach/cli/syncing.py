"""`coach sync`: find the watch, then import from it."""

from pathlib import Path

from coach.app import open_app
from coach.cli import importing, pushing
from coach.cli.output import err
from coach.errors import NotFoundError, UsageError
from coach.signs import visible
from devices import watches
from devices.fit.sources import within


def run(who: str | None, to: str | None, folder: Path | None, *, as_json: bool) -> int:
    """The exit code: 1 where a file was refused. With a server or a folder, files go there, and are not imported here.

    Raises:
        NotFoundError: no watch is plugged in.
        UsageError: it is not this coach's business whose files they are: the token says so.
    """
    if to is not None or folder is not None:
        if who is not None:
            raise UsageError("Whose files they are, the token says. Leave --person out.")
        return pushing.run(to, folder, _none(), as_json=as_json)
    app = open_app()
    person = importing.whose(app, who)
    found = watches.find()
    if not found:
        raise NotFoundError(_none())
    for watch in found:
        err.print(visible(f"{watch.name}: {watch.folder}"), soft_wrap=True)
    return importing.take(
        app, person, lambda: [source for watch in found for source in within(watch.folder)], as_json=as_json
    )


def _none() -> str:
    makers = ", ".join(maker.name for maker in watches.MAKERS)
    roots = "".join(f"\n  {root}" for root in watches.ROOTS)
    return (
        f"No watch is there ({makers}). Plug it in, unlock it and open it once in the file manager, so that it is "
        "mounted; then try again. If it is there and not found, name its folder: `coach import FOLDER`. "
        f"This is where I looked:{roots}"
    )
