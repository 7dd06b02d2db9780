"""`coach devices`: which machines are there, and which are remembered."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from rich.text import Text

from coach import shapes
from coach.cli.choosing import SOME_MACHINE, chosen
from coach.cli.output import err, out, print_json, table
from coach.errors import NotFoundError
from coach.signs import visible
from config.settings import load_settings
from devices.ble import remembered
from devices.ble.connections import Connection, State
from devices.ble.identity import Identity
from devices.ble.radio import Radio, Sighting
from devices.ble.reasons import Reason
from devices.ble.services import SERVICES
from devices.ble.sources import Sources
from devices.errors import BluetoothError

_TESTED_S: Final = 5.0  # long enough for a sensor that sends each second to be heard some times

Result = TypeVar("Result")


@asynccontextmanager
async def reach() -> AsyncIterator[Radio]:
    """The system's Bluetooth."""
    radio = Radio()
    try:
        yield radio
    finally:
        await radio.close()


def on_loop(work: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(work)


def scan(*, as_json: bool) -> None:
    home = load_settings().home
    known = {each.address for each in remembered.load(home)}
    found = on_loop(_seen())
    if as_json:
        print_json(
            [shapes.machine(Identity.seen(each), rssi=each.rssi, remembered=each.address in known) for each in found]
        )
        return
    if not found:
        raise BluetoothError(Reason.NOT_FOUND, SOME_MACHINE)
    listed = table("name", "what it is", ">signal", "address", "")
    for each in found:
        kinds = ", ".join(service.name for service in each.services)
        mark = "remembered" if each.address in known else ""
        listed.add_row(Text(visible(each.name)), kinds, f"{each.rssi} dBm", each.address, mark)
    out.print(listed)


def listed(*, as_json: bool) -> None:
    known = remembered.load(load_settings().home)
    if as_json:
        print_json([shapes.machine(each, remembered=True) for each in known])
    elif known:
        out.print(_table(known))
    else:
        out.print("No machine is remembered. `coach devices` looks for some, `coach devices add NAME` remembers one.")


def add(name: str, *, as_json: bool) -> None:
    machine = on_loop(_introduced(name))
    remembered.add(load_settings().home, machine)
    if as_json:
        print_json(shapes.machine(machine, remembered=True))
    else:
        out.print(f"Remembered: {visible(machine.name)}.")


def forget(name: str, *, as_json: bool) -> None:
    gone = remembered.forget(load_settings().home, name)
    if not gone:
        raise NotFoundError(f"No machine called '{name}' is remembered. `coach devices list` lists them.")
    if as_json:
        print_json([shapes.machine(each, remembered=False) for each in gone])
    else:
        out.print(f"Forgotten: {visible(gone[0].name)}.")


def test(name: str, *, as_json: bool) -> None:
    machine, values, frames = on_loop(_tested(name))
    if as_json:
        print_json(shapes.machine(machine) | {"frames": frames, "values": values})
        return
    out.print(f"{visible(machine.name)} sent {frames} frames in {_TESTED_S:g} s.")
    for quantity, value in values.items():
        out.print(f"  {quantity} {value:g}")


async def _seen() -> list[Sighting]:
    async with reach() as radio:
        with err.status("Looking around ..."):
            return await radio.scan()


class _Ear:
    """Hears what a machine sends, for a look."""

    def __init__(self) -> None:
        self.sources = Sources()
        self.values: dict[str, float] = {}
        self.frames = 0
        self.is_live = asyncio.Event()
        self.reason: Reason | None = None

    def heard(self, connection: Connection, characteristic: str, data: bytes) -> None:
        self.frames += 1
        for source, _, value in self.sources.feed(0, characteristic, data, connection.heard_s):
            self.values[source.quantity] = value

    def changed(self, _: Connection, state: State, reason: Reason | None) -> None:
        self.reason = reason or self.reason
        if state is State.LIVE:
            self.is_live.set()


async def _tested(name: str, listen_s: float = _TESTED_S) -> tuple[Identity, dict[str, float], int]:
    home = load_settings().home
    async with reach() as radio:
        (wanted,) = await chosen(radio, home, [name])
        ear = _Ear()
        connection = Connection(radio, wanted, ear)
        task = asyncio.create_task(connection.run())
        try:
            async with asyncio.timeout(radio.timing.find_s):
                await ear.is_live.wait()
            await asyncio.sleep(listen_s)
        except TimeoutError:
            raise BluetoothError(ear.reason or Reason.NOT_FOUND, wanted.name) from None
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        return connection.identity, dict(sorted(ear.values.items())), ear.frames


async def _introduced(name: str) -> Identity:
    """Connected to once, so that its serial number is known."""
    machine, _, _ = await _tested(name, 0.0)
    return machine


def _table(known: Sequence[Identity]) -> object:
    made = table("name", "what it is", "maker", "serial number", "address")
    for each in known:
        kinds = ", ".join(SERVICES[uuid].name for uuid in each.services if uuid in SERVICES)
        cells = (each.name, kinds, each.manufacturer or "–", each.serial or "–", each.address)
        made.add_row(*(Text(visible(cell)) for cell in cells))
    return made
