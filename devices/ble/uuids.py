"""The 16-bit numbers that the Bluetooth SIG assigns, as the UUIDs that a radio tells."""


def assigned(number: int) -> str:
    """`0x2AD2` as `00002ad2-0000-1000-8000-00805f9b34fb` (Core Specification, Vol. 3, Part B, 2.5.1)."""
    return f"{number:08x}-0000-1000-8000-00805f9b34fb"
