"""The machines that a person has chosen, remembered in their home as `machines.json`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from devices.ble.identity import Identity
from devices.errors import SourceError

FILE: Final = "machines.json"


def load(home: Path) -> tuple[Identity, ...]:
    """Those that were chosen, in the order in which they were.

    Raises:
        SourceError: the file cannot be read as what it should be.
    """
    path = home / FILE
    if not path.exists():
        return ()
    try:
        return tuple(map(Identity.of, json.loads(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise SourceError(f"{path} cannot be read. Delete it, and choose your machines anew.") from error


def save(home: Path, machines: Sequence[Identity]) -> None:
    """Whole or not at all."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = home / f"{FILE}.new"
    new.write_text(json.dumps([dict(each.told) for each in machines], indent=2, ensure_ascii=False), encoding="utf-8")
    new.replace(home / FILE)


def add(home: Path, machine: Identity) -> None:
    """Remember it; what was known of the same machine gives way."""
    save(home, [*(each for each in load(home) if each.address != machine.address), machine])


def forget(home: Path, name: str) -> list[Identity]:
    """Forget all of that name or address; gives them."""
    known = load(home)
    gone = [each for each in known if name in (each.name, each.address)]
    if gone:
        save(home, [each for each in known if each not in gone])
    return gone
