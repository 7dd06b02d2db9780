"""Names of FIT's numbers, where fitparse's profile (2019) is too old to have them.

fit_tool's profile is current, but costs 0.15 s to import; so it is asked only about what is not known yet.
"""

from functools import cache
from typing import Final, Literal

from devices.fit.messages import Row, text
from devices.recording import Device

Kind = Literal["Sport", "SubSport", "SwimStroke", "Manufacturer", "GarminProduct"]

_NO_SERIAL: Final = (0, 0x7FFFFFFF)  # written by phones and computers that have none


def name(kind: Kind, value: str | None) -> str | None:
    """The name of a value that may still be a number; the number where nobody knows a name."""
    return _newer(kind, int(value)) if value is not None and value.isdecimal() else value


@cache
def _newer(kind: Kind, value: int) -> str:
    from fit_tool.profile import profile_type

    try:
        return str(getattr(profile_type, kind)(value).name).lower()
    except ValueError:
        return str(value)


def number(kind: Kind, name: str | None) -> int | None:
    """The number of a name, and None where FIT has no such name; the way back of `name`."""
    from fit_tool.profile import profile_type

    if name is None:
        return None
    if name.isdecimal():
        return int(name)
    member = getattr(profile_type, kind).__members__.get(name.upper())
    return None if member is None else int(member.value)


def device(file_id: Row) -> Device:
    """Who wrote the file; a product has a name from Garmin, or one it sends itself, or just a number."""
    serial = file_id.get("serial_number")
    return Device(
        manufacturer=name("Manufacturer", text(file_id, "manufacturer")),
        product=name("GarminProduct", text(file_id, "garmin_product")) or text(file_id, "product_name", "product"),
        serial_number=serial if isinstance(serial, int) and serial not in _NO_SERIAL else None,
    )
