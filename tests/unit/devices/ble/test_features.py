"""What is read once of a device: what it can do, what it is, and which services make it one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.ble import features, training_status
from devices.ble.device_information import DeviceInformation, information, text
from devices.ble.features import Features, Kind, Machine, Range, Target
from devices.ble.services import DECODERS, SERVICES
from devices.ble.training_status import Phase, TrainingStatus
from devices.ble.uuids import assigned


def test_features_of_a_trainer():
    assert features.features(bytes.fromhex("824000000ca00000")) == Features(  # a Tacx Flux
        frozenset({Machine.CADENCE, Machine.RESISTANCE, Machine.POWER}),
        frozenset({Target.RESISTANCE, Target.POWER, Target.SIMULATION, Target.SPIN_DOWN}),
    )


def test_features_of_a_treadmill():
    assert features.features(bytes.fromhex("5c16000003000000")) == Features(
        frozenset(
            {
                Machine.DISTANCE,
                Machine.INCLINATION,
                Machine.ELEVATION,
                Machine.STEPS,
                Machine.ENERGY,
                Machine.HEART_RATE,
                Machine.ELAPSED,
            }
        ),
        frozenset({Target.SPEED, Target.INCLINATION}),
    )


def test_features_that_are_cut_off_are_not_there():
    assert features.features(b"\x02") == Features(frozenset({Machine.CADENCE}))
    assert features.features(b"") == Features()


@pytest.mark.parametrize(
    ("service_data", "kinds"),
    [
        ("012000", {Kind.INDOOR_BIKE}),
        ("010100", {Kind.TREADMILL}),
        ("0121", {Kind.TREADMILL, Kind.INDOOR_BIKE}),
        ("", set()),
    ],
)
def test_what_a_machine_advertises_to_be(service_data, kinds):
    assert features.kinds(bytes.fromhex(service_data)) == kinds


def test_ranges():
    assert features.power_range(bytes.fromhex("0000d0070100")) == Range(0, 2000, 1)
    assert features.resistance_range(bytes.fromhex("0000e8030a00")) == Range(0, 100, 1)
    assert features.resistance_range(bytes.fromhex("000a01")) == Range(0, 100, 10)
    assert features.power_range(bytes.fromhex("0000d00701")) is None
    assert features.power_range(bytes(6)) is None


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ("000d", TrainingStatus(Phase.MANUAL)),
        ("010d", TrainingStatus(Phase.MANUAL)),
        ("010257c3a4726d00", TrainingStatus(Phase.WARMING_UP, "Wärm")),
        ("0002576172", TrainingStatus(Phase.WARMING_UP)),
        ("0042", TrainingStatus(Phase.OTHER)),
        ("00", None),
        ("", None),
    ],
)
def test_training_status(frame, expected):
    assert training_status.training_status(bytes.fromhex(frame)) == expected


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (b"KICKR", "KICKR"),
        (b" Wahoo Fitness \0", "Wahoo Fitness"),
        (b"1.2\0\xff\xff", "1.2"),
        (b"Caf\xc3", "Caf"),
        (b"a\x1b[31mb\n", "a[31mb"),
        (b"\0\0\0", None),
        (b"  ", None),
        (b"", None),
    ],
)
def test_strings(frame, expected):
    assert text(frame) == expected


def test_device_information():
    read = {
        assigned(0x2A29).upper(): b"Tacx",
        assigned(0x2A25): b"12345\0",
        assigned(0x2A23): b"\1",
        assigned(0x2A24): b"",
    }
    assert information(read) == DeviceInformation(manufacturer="Tacx", serial_number="12345")


@settings(deadline=None)
@given(frame=st.binary(max_size=20))
def test_any_bytes_are_read(frame):
    features.features(frame)
    features.kinds(frame)
    features.power_range(frame)
    features.resistance_range(frame)
    training_status.training_status(frame)
    assert text(frame) != ""


def test_services_are_ranked_and_what_they_send_is_read():
    names = [service.name for service in sorted(SERVICES.values(), key=lambda service: service.rank)]
    assert names == ["fitness machine", "power meter", "speed and cadence sensor", "foot pod", "heart rate strap"]
    assert {uuid for service in SERVICES.values() for uuid in service.characteristics} <= DECODERS.keys()
    assert all(uuid == uuid.lower() for uuid in (*SERVICES, *DECODERS))
