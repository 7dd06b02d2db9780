"""Is everything there that the program needs? A function a line of `coach doctor`, each with its entry in `CHECKS`."""

import asyncio
import importlib.metadata
import os
import platform
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from coach.app import App
from coach.plan.library import conditions
from coach.reaching import ways
from coach.service import Service
from coach.store.engine import HEAD, backend_of, reading, schema_version
from coach.store.tables import Person
from config.errors import ConfigError
from config.secrets import FILE as KEY_FILE
from devices.ble.radio import Radio
from devices.errors import BluetoothError
from scheduler.channels.email import EmailChannel

# Versions before it may damage a database in WAL mode when two connections checkpoint and restart it at one moment.
_SOUND_WAL: Final = (3, 51, 3)
# An adapter that is there answers within a second; machines are not looked for.
_SCAN_S: Final = 1.0
_TOOL_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, and what was found. Where it is not `ok` it says what to do; what is `needed` has to be."""

    about: str
    ok: bool
    told: str
    needed: bool = True


Check = Callable[[App], Iterator[Finding]]


def findings(app: App) -> Iterator[Finding]:
    """All of them, one after the other, as they are found."""
    for about, check in CHECKS.items():
        try:
            yield from check(app)
        except Exception as error:  # noqa: BLE001 (whoever looks for what is wrong must not fail at it)
            yield Finding(about, ok=False, told=f"could not be looked at: {type(error).__name__}")


def _versions(_: App) -> Iterator[Finding]:
    python, own = platform.python_version(), importlib.metadata.version("sciatica-coach")
    yield Finding("program", ok=True, told=f"sciatica-coach {own} on Python {python}")


def _home(app: App) -> Iterator[Finding]:
    home = app.settings.home
    writable = os.access(home if home.exists() else home.parent, os.W_OK)
    free_mb = shutil.disk_usage(home if home.exists() else home.parent).free // 1_000_000
    told = f"{home}, {free_mb:,} MB free" if writable else f"{home} cannot be written to: give yourself the right to."
    yield Finding("home", ok=writable, told=told)
    key = home / KEY_FILE
    if key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield Finding("key", ok=False, told=f"others can read {key}: `chmod 600 {key}`")


def _database(app: App) -> Iterator[Finding]:
    kind = app.engine.dialect.name
    with reading(app.engine) as session:
        sound = backend_of(app.engine).is_sound(session.connection())
    version = schema_version(app.engine)
    if not sound:
        told = "is damaged: stop the service, and bring the file back from a copy."
    elif version == HEAD:
        told = f"{kind}, version {version}"
    else:
        told = f"is at version {version}, and this program at {HEAD}."
    yield Finding("database", ok=sound and version == HEAD, told=told)


def _sqlite(app: App) -> Iterator[Finding]:
    if app.engine.dialect.name != "sqlite":
        return
    old = sqlite3.sqlite_version_info < _SOUND_WAL
    wanted = ".".join(map(str, _SOUND_WAL))
    advice = f": {wanted} mends a rare fault of its log. Run one `coach run` at a time, and keep copies." if old else ""
    yield Finding("SQLite", ok=not old, told=f"{sqlite3.sqlite_version}{advice}", needed=False)


def _plans(app: App) -> Iterator[Finding]:
    try:
        yield Finding("plans", ok=True, told=", ".join(conditions(app.settings.plans)))
    except ConfigError as error:
        yield Finding("plans", ok=False, told=str(error))


def _zones(app: App) -> Iterator[Finding]:
    with reading(app.engine) as session:
        names = set(session.exec(select(Person.timezone)))
    unknown = sorted(each for each in names if not _is_known(each))
    data = importlib.metadata.version("tzdata")
    told = f"data of {data}" if not unknown else f"{', '.join(unknown)} is not known: pip install --upgrade tzdata"
    yield Finding("time zones", ok=not unknown, told=told)


def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _channels(app: App) -> Iterator[Finding]:
    with reading(app.engine) as session:
        for person in session.exec(select(Person).order_by(col(Person.id))).all():
            for way in ways(session, person, app.settings):
                ok = way.suspended is None
                told = f"{person.name}: {way.label}" + (
                    "" if ok else f" is suspended: {way.suspended}. `coach channels`"
                )
                yield Finding(way.address.channel, ok=ok, told=told)


def _mail(app: App) -> Iterator[Finding]:
    if app.settings.smtp_url is None:
        return
    channel = Service(app.settings, app.engine, app.clock).channels(sys.stderr)["email"]
    if isinstance(channel, EmailChannel):
        shut = asyncio.run(channel.knock())
        told = "the mail server lets us in" if shut is None else f"{shut.reason}: look at COACH_SMTP_URL"
        yield Finding("mail", ok=shut is None, told=told)


def _pages(app: App) -> Iterator[Finding]:
    url = app.settings.public_url
    if url is None:
        yield Finding("pages", ok=True, told="messages have no links: no public address is set", needed=False)
    else:
        safe = url.startswith("https://")
        told = f"{url}, served on {app.settings.listen}"
        yield Finding("pages", ok=safe, told=told if safe else f"{told}: others can read along. Put TLS before it.")


def _bluetooth(_: App) -> Iterator[Finding]:
    try:
        asyncio.run(_heard())
        yield Finding("Bluetooth", ok=True, told="the adapter takes part", needed=False)
    except BluetoothError as error:
        yield Finding("Bluetooth", ok=False, told=str(error), needed=False)
    if tool := shutil.which("bluetoothctl"):
        said = subprocess.run([tool, "--version"], capture_output=True, text=True, timeout=_TOOL_S, check=False)
        yield Finding("BlueZ", ok=True, told=said.stdout.strip().removeprefix("bluetoothctl: "), needed=False)


async def _heard() -> None:
    radio = Radio()
    try:
        await radio.scan(_SCAN_S)
    finally:
        await radio.close()


CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "program": _versions,
        "home": _home,
        "database": _database,
        "SQLite": _sqlite,
        "plans": _plans,
        "time zones": _zones,
        "channels": _channels,
        "mail": _mail,
        "pages": _pages,
        "Bluetooth": _bluetooth,
    }
)
