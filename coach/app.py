"""The composition root: settings and database, opened once for every face of the program."""

from dataclasses import dataclass

from sqlalchemy import Engine

from coach.store.engine import open_database
from config.settings import Settings, load_settings
from scheduler.clock import Clock, utc_now


@dataclass(frozen=True)
class App:
    """Everything that a command works with."""

    settings: Settings
    engine: Engine
    clock: Clock


_opened: list[App] = []


def opened() -> App | None:
    """The one that this process has opened last; None while it has opened none."""
    return _opened[-1] if _opened else None


def open_app(clock: Clock = utc_now, *, lasting: bool = False) -> App:
    """The application as the settings say, its database up to date; `lasting` as in `open_database`.

    Raises:
        SettingsError, DatabaseError: with a sentence that says what to mend.
    """
    settings = load_settings()
    app = App(settings, open_database(settings.database, lasting=lasting), clock)
    _opened[:] = [app]
    return app


def close() -> None:
    """Let go of the database that was opened last."""
    while _opened:
        _opened.pop().engine.dispose()
