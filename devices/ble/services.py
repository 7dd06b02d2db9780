"""Which GATT services a session can be recorded from, and which decoder reads what they send."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from devices.ble import battery, cross_trainer, csc, cycling_power, heart_rate, indoor_bike, rsc, treadmill
from devices.ble.decoding import Decode
from devices.ble.fields import Frame
from devices.ble.measurement import Flaw, Measurement
from devices.ble.uuids import assigned

DECODERS: Final[Mapping[str, Decode]] = MappingProxyType(
    {
        each.UUID: each.decode
        for each in (indoor_bike, treadmill, cross_trainer, cycling_power, csc, rsc, heart_rate, battery)
    }
)
"""By the characteristic's UUID, in lower case."""

_UNKNOWN: Final = Measurement({}, (Flaw.UNKNOWN,))


def decode(characteristic_uuid: str, frame: Frame) -> Measurement:
    """What a notification of a characteristic says. Never raises: what cannot be read is a flaw."""
    read = DECODERS.get(characteristic_uuid.lower())
    return _UNKNOWN if read is None else read(frame)


@dataclass(frozen=True, slots=True)
class Service:
    """A service that makes a device one to record from.

    Attributes:
        name: for people: what has it.
        rank: of two devices that tell the same, the lower one is believed; field by field, so that the other fills in
            what it does not tell. A heart rate is the exception: a strap's is believed before a machine's grips.
        characteristics: those that send measurements; a machine of FTMS has one of its three.
    """

    uuid: str
    name: str
    rank: int
    characteristics: tuple[str, ...]


SERVICES: Final[Mapping[str, Service]] = MappingProxyType(
    {
        service.uuid: service
        for service in (
            Service(
                assigned(0x1826),
                "fitness machine",
                0,
                (indoor_bike.UUID, treadmill.UUID, cross_trainer.UUID),
            ),
            Service(assigned(0x1818), "power meter", 1, (cycling_power.UUID,)),
            Service(assigned(0x1816), "speed and cadence sensor", 2, (csc.UUID,)),
            Service(assigned(0x1814), "foot pod", 3, (rsc.UUID,)),
            Service(assigned(0x180D), "heart rate strap", 4, (heart_rate.UUID,)),
        )
    }
)
"""By UUID, in lower case. Battery and Device Information are beside many of them, and make nobody a device."""
