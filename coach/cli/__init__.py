"""The command line. `main` turns every failure that a person can cause into a sentence and an exit code."""

import atexit
import gc
import os
import sys
from io import TextIOWrapper

EXIT_FAILED = 1
EXIT_BUG = 70  # EX_SOFTWARE
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells count

# Modules are some 150,000 objects that stay. To look through them for rubbish two hundred times while they load, and
# once more at the end, as Python would, is a quarter of what a short command takes.
_OBJECTS_BEFORE_RUBBISH = 100_000

_INTERRUPTED = "\nInterrupted. What was finished is kept.\n"


def main() -> None:
    """Entry point of `coach`."""
    gc.set_threshold(_OBJECTS_BEFORE_RUBBISH)
    atexit.register(gc.freeze)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file's name may hold what no encoding has
    try:
        from coach.cli.commands import app

        app()
    except SystemExit as left:
        if left.code == EXIT_INTERRUPTED:  # typer takes a Ctrl-C for itself, and says nothing
            sys.stderr.write(_INTERRUPTED)
        else:
            _tell_what_was_refused()
        raise
    except KeyboardInterrupt:
        sys.stderr.write(_INTERRUPTED)
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read has enough
        sys.exit(EXIT_FAILED)
    except Exception as error:  # noqa: BLE001 (nothing leaks a traceback)
        sys.exit(_told(error))
    finally:
        if "coach.app" in sys.modules:
            from coach.app import close

            close()


def _tell_what_was_refused() -> None:
    """Behind what was asked for: an address that nothing reaches any more, and what to do about it."""
    if "coach.app" in sys.modules:
        from coach.cli.notices import tell

        tell()


def _told(error: Exception) -> int:
    """Say what went wrong, and give the exit code for it."""
    from coach.errors import CoachError
    from config.errors import ConfigError
    from devices.errors import DeviceError
    from scheduler.errors import SchedulerError, whereabouts

    if isinstance(error, CoachError | ConfigError | DeviceError | SchedulerError):
        _say(f"{error}")
        return error.exit_code if isinstance(error, CoachError) else EXIT_FAILED
    if isinstance(error, OSError) and error.strerror:
        place = f" ({error.filename})" if error.filename else ""
        _say(f"{error.strerror}{place}.")
        return EXIT_FAILED
    if os.environ.get("COACH_DEBUG"):
        raise error
    if (cause := _database_refused(error)) is not None:
        _say(f"The database did not take part: {cause}. What was finished is kept; try again.")
        return EXIT_FAILED
    _say(
        f"This should not have happened: {whereabouts(error)}. Nothing was half-written. "
        "Please report it; COACH_DEBUG=1 shows more."
    )
    return EXIT_BUG


def _say(sentences: str) -> None:
    """On stderr, line by line; what they quote may hold what steers a terminal."""
    from coach.signs import visible

    sys.stderr.write("".join(f"{visible(line)}\n" for line in sentences.split("\n")))


def _database_refused(error: Exception) -> str | None:
    """What the database said when it was full, locked for too long, read-only or gone."""
    from sqlalchemy.exc import OperationalError

    return str(error.orig) if isinstance(error, OperationalError) else None
