"""Machines, and live sessions on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.shapes.activities import ingested
from coach.shapes.figures import instant, rounded

if TYPE_CHECKING:
    from pathlib import Path

    from coach.ingest.files import Ingested
    from coach.shapes.figures import Shape
    from devices.ble.identity import Identity
    from devices.ble.journals import Log
    from devices.ble.recorder import Annotations


def machine(known: Identity, *, rssi: int | None = None, remembered: bool | None = None) -> Shape:
    """A trainer, a sensor or a strap; `rssi` and `remembered` where they are known."""
    shape: Shape = {
        "name": known.name,
        "address": known.address,
        "manufacturer": known.manufacturer,
        "model": known.model,
        "serial": known.serial,
        "services": list(known.services),
    }
    if rssi is not None:
        shape["rssi"] = rssi
    return shape if remembered is None else shape | {"remembered": remembered}


def journal(number: int, path: Path, log: Log) -> Shape:
    """What of a live session stands in its journal."""
    return {
        "number": number,
        "path": str(path),
        "state": path.suffix.lstrip("."),
        "start": instant(log.start),
        "sport": log.sport,
        "duration_s": rounded(log.duration_s),
        "frames": log.frames,
        "devices": [said["name"] for said in log.devices.values()],
        "damage": None if log.torn is None else str(log.torn),
    }


def live(kept: Ingested | None, said: Annotations) -> Shape:
    """A live session as it was kept, and what was said while it lasted."""
    return {
        "kept": None if kept is None else ingested(kept),
        "pains": [{"at": instant(tap.at), "pain": tap.score} for tap in said.pains],
        "notes": [{"at": instant(at), "sentence": sentence} for at, sentence in said.notes],
        "gaps": [[rounded(gap.start_s), rounded(gap.end_s)] for gap in said.gaps],
    }
