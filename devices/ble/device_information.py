"""Device Information, 0x180A (DIS 1.1): who made it and which one it is, as strings that nobody checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from devices.ble.fields import Frame
from devices.ble.uuids import assigned

SERVICE: Final = assigned(0x180A)


@dataclass(frozen=True, slots=True)
class DeviceInformation:
    manufacturer: str | None = None
    model: str | None = None
    serial_number: str | None = None
    firmware: str | None = None
    hardware: str | None = None
    software: str | None = None


CHARACTERISTICS: Final[Mapping[str, str]] = MappingProxyType(
    {
        assigned(0x2A29): "manufacturer",
        assigned(0x2A24): "model",
        assigned(0x2A25): "serial_number",
        assigned(0x2A26): "firmware",
        assigned(0x2A27): "hardware",
        assigned(0x2A28): "software",
    }
)
"""By UUID, which of `DeviceInformation` it is."""


def information(read: Mapping[str, Frame]) -> DeviceInformation:
    """From what could be read of a device, by UUID; others than its own are passed over."""
    return DeviceInformation(
        **{
            CHARACTERISTICS[uuid.lower()]: text(frame)
            for uuid, frame in read.items()
            if uuid.lower() in CHARACTERISTICS
        }
    )


def text(frame: Frame) -> str | None:
    """Up to the first NUL, without what cannot be shown or is no UTF-8, trimmed; None where nothing is left."""
    head, _, _ = bytes(frame).partition(b"\0")
    shown = "".join(letter for letter in head.decode("utf-8", "ignore") if letter.isprintable())
    return shown.strip() or None
