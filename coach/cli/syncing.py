"""`coach sync`: find the watch, then import from it."""

from coach.app import open_app
from coach.cli import importing
from coach.cli.output import err
from coach.errors import NotFoundError
from coach.signs import visible
from devices import watches
from devices.fit.sources import within


def run(who: str | None, *, as_json: bool) -> int:
    """The exit code: 1 where a file was refused.

    Raises:
        NotFoundError: no watch is plugged in.
    """
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
