"""Which machines a session is to be with."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from coach.errors import UsageError
from coach.signs import visible
from devices.ble import remembered
from devices.ble.identity import Identity
from devices.ble.radio import Radio, Sighting
from devices.ble.reasons import Reason
from devices.errors import BluetoothError

SOME_MACHINE: Final = "A trainer, treadmill, sensor or strap"


async def chosen(radio: Radio, home: Path, names: Sequence[str]) -> list[Identity]:
    """The machines of a session: those that are named, else those that are remembered, else what is there.

    Raises:
        UsageError: several of a kind are there and none was named.
        BluetoothError: none is there.
    """
    known = remembered.load(home)
    if not names and known:
        return list(known)
    by_name = [next((each for each in known if name in (each.name, each.address)), None) for name in names]
    if names and None not in by_name:
        return [each for each in by_name if each is not None]
    found = await radio.scan()
    if names:
        return [each or _named(found, name) for each, name in zip(by_name, names, strict=True)]
    if not found:
        raise BluetoothError(Reason.NOT_FOUND, SOME_MACHINE)
    _refuse_several(found)
    return [Identity.seen(each) for each in found]


def _refuse_several(found: Sequence[Sighting]) -> None:
    kinds = Counter(each.services[0].name for each in found)
    for each in found:
        if kinds[each.services[0].name] > 1:
            names = ", ".join(visible(other.name) for other in found if other.services[0] == each.services[0])
            raise UsageError(f"Several of a kind are there ({names}). Say which one is yours: --device NAME.")


def _named(found: Sequence[Sighting], name: str) -> Identity:
    fitting = [each for each in found if name in (each.name, each.address)]
    if not fitting:
        raise BluetoothError(Reason.NOT_FOUND, name)
    if len(fitting) > 1:
        addresses = ", ".join(each.address for each in fitting)
        raise UsageError(f"Several are called '{name}'. Name yours by its address: {addresses}.")
    return Identity.seen(fitting[0])
