"""A fault of the fast lane loses no session, and fitparse can hold nobody up."""

import logging
import time
from datetime import UTC, datetime
from importlib import import_module

import pytest

from coach.demo import sessions
from devices.errors import DamagedFitError, NotFitError
from devices.fit import fallback, fast, read
from devices.fit.write import write

WALK = write(sessions.walk(datetime(2026, 3, 2, 12, tzinfo=UTC), 3))


@pytest.fixture
def stumbling(monkeypatch, caplog):
    def stumble(_data):
        raise ZeroDivisionError

    monkeypatch.setattr(fast, "decode", stumble)
    caplog.set_level(logging.CRITICAL)


@pytest.mark.usefixtures("stumbling")
def test_fitparse_reads_what_the_fast_lane_stumbles_over():
    (recording,) = read(WALK).recordings
    assert recording.sport == "walking"
    assert recording.records == 181


def test_a_fault_that_both_lanes_bring_up_is_a_sentence(monkeypatch, caplog):
    def stumble(_messages):
        raise ZeroDivisionError

    monkeypatch.setattr(import_module("devices.fit.read"), "assemble", stumble)
    caplog.set_level(logging.CRITICAL)
    with pytest.raises(DamagedFitError, match="cannot be read yet"):
        read(WALK)


@pytest.mark.usefixtures("stumbling")
def test_what_is_no_fit_file_is_none_in_any_lane():
    with pytest.raises(NotFitError):
        read(b"PK\x03\x04")


@pytest.mark.usefixtures("stumbling")
def test_a_large_file_is_not_tried(monkeypatch):
    monkeypatch.setattr(fallback, "MOST_BYTES", 100)
    with pytest.raises(DamagedFitError, match="cannot be read yet"):
        read(WALK)


@pytest.mark.usefixtures("stumbling")
def test_one_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(fallback, "PATIENCE_S", 0.01)
    begun = time.monotonic()
    with pytest.raises(DamagedFitError, match="in time"):
        read(WALK)
    assert time.monotonic() - begun < 10
