"""`Measurement`: what one notification of a sensor or a machine says, whatever it is."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple


class Quantity(StrEnum):
    """What is measured, with its unit. Averages are the machine's own and stand apart."""

    SPEED_MPS = "speed_mps"
    AVERAGE_SPEED_MPS = "average_speed_mps"
    CADENCE_RPM = "cadence_rpm"  # crank turns
    AVERAGE_CADENCE_RPM = "average_cadence_rpm"
    STEPS_PER_MIN = "steps_per_min"  # as sent: some sensors count one foot only, see `devices.ble.feet`
    AVERAGE_STEPS_PER_MIN = "average_steps_per_min"
    POWER_W = "power_w"
    AVERAGE_POWER_W = "average_power_w"
    HEART_RATE_BPM = "heart_rate_bpm"
    DISTANCE_M = "distance_m"  # since the machine's or the sensor's own start
    INCLINE_PERCENT = "incline_percent"
    RAMP_ANGLE_DEG = "ramp_angle_deg"
    ASCENT_M = "ascent_m"
    DESCENT_M = "descent_m"
    PACE_S_PER_500_M = "pace_s_per_500_m"
    AVERAGE_PACE_S_PER_500_M = "average_pace_s_per_500_m"
    RESISTANCE = "resistance"  # the machine's own steps, no unit
    ENERGY_KCAL = "energy_kcal"
    ENERGY_KCAL_PER_H = "energy_kcal_per_h"
    ENERGY_KCAL_PER_MIN = "energy_kcal_per_min"
    ENERGY_KJ = "energy_kj"
    METABOLIC_EQUIVALENT = "metabolic_equivalent"
    ELAPSED_S = "elapsed_s"
    REMAINING_S = "remaining_s"
    STEPS = "steps"
    STRIDES = "strides"
    STRIDE_LENGTH_M = "stride_length_m"
    BELT_FORCE_N = "belt_force_n"
    PEDAL_BALANCE_PERCENT = "pedal_balance_percent"
    TORQUE_NM = "torque_nm"  # accumulated since the sensor's start, modulo 2048 Nm
    GREATEST_FORCE_N = "greatest_force_n"
    LEAST_FORCE_N = "least_force_n"
    GREATEST_TORQUE_NM = "greatest_torque_nm"
    LEAST_TORQUE_NM = "least_torque_nm"
    TOP_DEAD_SPOT_DEG = "top_dead_spot_deg"
    BOTTOM_DEAD_SPOT_DEG = "bottom_dead_spot_deg"
    WHEEL_REVOLUTIONS = "wheel_revolutions"
    WHEEL_EVENT_S = "wheel_event_s"  # when the last of them ended, on a clock that wraps: see `Counter`
    CRANK_REVOLUTIONS = "crank_revolutions"
    CRANK_EVENT_S = "crank_event_s"
    BATTERY_PERCENT = "battery_percent"


class Flaw(StrEnum):
    """Why a frame is not quite to be believed. What is sure of it is in its measurement all the same."""

    SHORT = "short"  # than its flags say: what is missing, and what may be shifted, is not in the values
    TRAILING = "trailing"  # bytes after all that its flags say
    ONE_BYTE_RESISTANCE = "one-byte resistance"
    ONE_BYTE_PACE = "one-byte pace"  # stepped over: it has no unit that a person moves in
    ZERO_HEART_RATE = "zero heart rate"  # nobody has one: no skin contact
    ZERO_POWER = "zero power while pedalling"
    ZERO_CADENCE = "zero cadence under power"
    UNKNOWN = "unknown characteristic"


class Counter(NamedTuple):
    """A count of turns and the clock of its last one: where they stand in `values`, and where both begin again.

    Attributes:
        source: whose it is: a device may count the same turns in two services, from different starts.
        modulo: of the turns; wrap_s: of the clock.
    """

    source: str
    revolutions: Quantity
    event: Quantity
    modulo: int
    wrap_s: float


class Measurement(NamedTuple):
    """What one frame says. Absent is not zero: what was not sent is not in `values`.

    A machine may split what it has to say over several frames (FTMS' *More Data*): each is a measurement of its own,
    and an update of the quantities in it and of no other. A value holds until the next of its quantity, and for
    `EXPIRY_S` at most: past that nobody knows.

    Attributes:
        values: by quantity, in its unit. False zeros are in it, as sent.
        flaws: what is wrong with the frame, or doubtful.
        counters: which turning counters are in `values`, for `devices.ble.rates`.
        contact: whether a strap touches skin; None where it does not say.
        running: whether a foot pod takes it for a run rather than a walk; None where nobody asked.
        rr_s: times between heart beats, the oldest first.
    """

    values: Mapping[Quantity, float]
    flaws: tuple[Flaw, ...] = ()
    counters: tuple[Counter, ...] = ()
    contact: bool | None = None
    running: bool | None = None
    rr_s: tuple[float, ...] = ()


EXPIRY_S: Final = 3.0
"""A value that is older is none. Sensors send each second or faster, a crank at 30 rpm turns every two: three seconds
outlast both, and a frozen power is gone before anybody rides by it."""

CUT: Final = Measurement({}, (Flaw.SHORT,))
"""A frame that ends before it says what is in it."""
