"""`coach backup` and `coach restore`."""

from pathlib import Path

from rich.text import Text

from coach import backups
from coach.cli.output import out, print_json
from config.secrets import FILE
from config.settings import Settings, load_settings
from scheduler.clock import utc_now


def backup(file: Path | None, *, as_json: bool) -> None:
    settings = load_settings()
    taken = backups.take(settings, file, utc_now())
    if as_json:
        print_json(
            {
                "file": str(taken.file),
                "kind": taken.kind,
                "version": taken.held.version,
                "bytes": taken.bytes,
                "rows": taken.held.rows,
            }
        )
        return
    rows = sum(taken.held.rows.values())
    out.print(Text(f"{taken.file}: {taken.bytes:,} bytes, {rows:,} rows, read again to the end."), soft_wrap=True)
    out.print(Text(_of_the_key(settings)), soft_wrap=True)


def restore(file: Path, *, as_json: bool) -> None:
    settings = load_settings()
    back = backups.bring_back(settings, file, utc_now())
    aside = str(back.set_aside) if back.set_aside is not None else None
    if as_json:
        print_json(
            {"file": str(file), "kind": back.kind, "version": back.held.version, "set_aside": aside, "rows": back.rows}
        )
        return
    was = f" What was there before is {aside}." if aside else ""
    rows = sum(back.rows.values())
    out.print(Text(f"Brought back: {rows:,} rows, counted against the backup.{was}"), soft_wrap=True)
    out.print(Text(_of_the_key(settings)), soft_wrap=True)


def _of_the_key(settings: Settings) -> str:
    where = "COACH_SECRET_KEY" if settings.secret_key is not None else str(settings.home / FILE)
    return (
        f"The secret key ({where}) is not in a backup, nor are settings and plans of the home: keep a copy of it "
        "elsewhere. Without it links are void, and channels are to be added again."
    )
