"""The shared frames with the values that they mean, where they are there; and a shorter way to say a characteristic."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from devices.ble.measurement import Measurement
from devices.ble.services import decode
from devices.ble.uuids import assigned

PROJECT = Path(__file__).parents[4]
VECTORS = Path(os.environ.get("COACH_SHARED", PROJECT.parent / "shared")) / "ble" / "vectors.json"
NO_VECTORS = f"no frames of real devices at {VECTORS}; set COACH_SHARED to the folder that has them"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`vector`: one of the shared frames."""
    if "vector" in metafunc.fixturenames:
        vectors = json.loads(VECTORS.read_text(encoding="utf-8")) if VECTORS.is_file() else []
        skipped = pytest.param(None, id="no vectors", marks=pytest.mark.skip(reason=NO_VECTORS))
        named = [pytest.param(each, id=f"{each['characteristic']} {each['hex']}") for each in vectors]
        metafunc.parametrize("vector", named or [skipped])


@pytest.fixture
def read() -> Callable[[int, str], Measurement]:
    """What a frame in hexadecimal says, of a characteristic by its number."""
    return lambda number, frame: decode(assigned(number), bytes.fromhex(frame))
