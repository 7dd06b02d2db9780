"""`coach ride`, `coach devices` and `coach journal`, with virtual machines in place of real ones."""

import asyncio
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from coach.cli import machines, riding_live
from coach.service import open_service
from devices.ble import journals
from devices.ble.gym import models
from devices.ble.gym.clock import CompressedLoop
from devices.ble.gym.machine import Machine
from devices.ble.gym.model import Model
from devices.ble.gym.rider import Rider
from devices.ble.gym.world import Gym
from devices.ble.radio import Radio

BERLIN = ZoneInfo("Europe/Berlin")
COACH = Path(sys.executable).with_name("coach")
FIVE_MINUTES = ("--minutes", 5)
HALF_AN_HOUR = timedelta(minutes=30)


@dataclass
class Room:
    """Which machines are there while a command runs, what is wrong with them, and what the person does meanwhile."""

    models: list[tuple[Model, Rider]] = field(default_factory=lambda: [(models.BIKE, Rider(power_w=30))])
    faults: dict[str, bool] = field(default_factory=dict)
    presses: dict[float, str] = field(default_factory=dict)
    happens: dict[float, Callable[[], object]] = field(default_factory=dict)
    machines: list[Machine] = field(default_factory=list)


@pytest.fixture
def coach(coach):
    """With any exit code, which each test looks at."""
    return lambda *words: coach(*words, code=None)


@pytest.fixture
def room(monkeypatch, clock) -> Room:
    room = Room()

    @asynccontextmanager
    async def reach():
        async with Gym() as gym:
            room.machines[:] = [await gym.add(model, rider) for model, rider in room.models]
            for machine in room.machines:
                for fault, is_so in room.faults.items():
                    setattr(machine.faults, fault, is_so)
            radio = Radio(scanner=gym.scanner, client=gym.client)
            try:
                yield radio
            finally:
                await radio.close()

    def on_loop(work):
        with asyncio.Runner(loop_factory=CompressedLoop) as runner:
            return runner.run(work)

    conduct = riding_live.conduct

    async def conduct_and_press(ride, said, **_):
        async def beside(ride):
            does = {at: (lambda key=key: riding_live.press(ride, key)) for at, key in room.presses.items()}
            for at_s, do in sorted((does | room.happens).items()):
                await asyncio.sleep(at_s - ride.elapsed_s)
                do()

        await conduct(ride, said, beside=beside)

    monkeypatch.setattr(machines, "reach", reach)
    monkeypatch.setattr(machines, "on_loop", on_loop)
    monkeypatch.setattr(riding_live, "conduct", conduct_and_press)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    return room


@pytest.fixture
def clock(monkeypatch):
    """Rides began half an hour ago, so that they end before now."""
    began = datetime.now(UTC) - HALF_AN_HOUR
    from coach.cli import riding

    begin = riding.begin
    monkeypatch.setattr(
        riding, "begin", lambda app, person, exercise: begin(replace(app, clock=lambda: began), person, exercise)
    )


@pytest.fixture
def person(coach, setup):
    """On a plan with a bike, from long ago."""
    assert coach(*setup(condition="spinal_stenosis", relief="flexion")).code == 0


def test_a_ride_is_in_the_week_at_its_end(coach, person, room):
    said = coach("ride", *FIVE_MINUTES, "--watts", 35)
    assert said.code == 0, said.err
    assert "Your plan says 10 minutes" in said.err
    assert "Gym Bike is connected." in said.err
    assert re.search(r"stored +recorded live  cycling \d{4}-\d\d-\d\d, 0:05:00", said.out)
    (kept,) = coach("activities", "--json").json
    assert (kept["exercise"], kept["sub_sport"]) == ("exercise_bike", "indoor_cycling")
    day = datetime.fromisoformat(kept["started_at"]).astimezone(BERLIN).date()
    items = coach("week", day, "--json").json["items"]
    (item,) = (each for each in items if each["activity"] == "exercise_bike")
    assert [each["activity_ids"] for each in item["sessions"]] == [[kept["id"]]]
    assert item["sessions"][0]["eligible_minutes"] == pytest.approx(5, abs=0.1)
    watts = [int.from_bytes(each[1:], "little") for each in room.machines[0].commands if each[0] == 5]
    assert watts == [20, 25, 30, 35]
    assert room.machines[0].commands[-1] == b"\x01", "released"


@pytest.mark.thorough
def test_rides_reach_a_server_that_goes_away_and_comes_back(coach, person, room, tmp_path, monkeypatch):
    theirs = {name: value for name, value in os.environ.items() if not name.startswith("COACH_")}
    theirs["COACH_HOME"] = str(tmp_path / "server")
    asked = ["setup", "--name", "Ada", "--timezone", "Europe/Berlin", "--condition", "spinal_stenosis"]
    subprocess.run([COACH, *asked], env=theirs, check=True, capture_output=True)
    asked = ["tokens", "add", "the bike", "--scope", "upload"]
    token = subprocess.run([COACH, *asked], env=theirs, check=True, capture_output=True, text=True).stdout.strip()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("COACH_SERVER_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("COACH_SERVER_TOKEN", token)

    def ridden(minutes: int) -> tuple[int, int]:
        """How many sessions wait here after one more, and how many are there."""
        assert coach("ride", "--minutes", minutes).code == 0
        with closing(sqlite3.connect(tmp_path / "server" / "coach.db")) as database:
            (there,) = database.execute("SELECT count(*) FROM activity").fetchone()
        return len(list((tmp_path / "home" / "outgoing").glob("*/*.fit"))), there

    assert ridden(1) == (1, 0)
    with served(theirs, port):
        assert ridden(2) == (0, 2)
    assert ridden(3) == (1, 2)
    with served(theirs, port):
        assert ridden(4) == (0, 4)
    assert len(coach("activities", "--json").json) == 4


@contextmanager
def served(environment: dict[str, str], port: int) -> Iterator[None]:
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([COACH, "serve", "--port", str(port)], env=environment, **pipes) as server:
        try:
            until = time.monotonic() + 60
            while time.monotonic() < until:
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.1)
            yield
        finally:
            server.kill()


def test_a_target_stays_within_the_limit(coach, person, room):
    said = coach("ride", *FIVE_MINUTES, "--watts", 120)
    assert "120 W is above the limit: 40 W it is." in said.err
    assert room.machines[0].target_w is None
    assert max(int.from_bytes(each[1:], "little") for each in room.machines[0].commands if each[0] == 5) == 40


def test_pain_at_the_limit_releases_the_target_and_is_kept(coach, person, room):
    room.presses = {60: "2", 120: "4"}
    said = coach("ride", *FIVE_MINUTES, "--watts", 30, "--json")
    assert said.code == 0, said.err
    assert [each["pain"] for each in said.json["pains"]] == [2, 4]
    notes = [each["sentence"] for each in said.json["notes"]]
    assert notes == ["The target is released: pain 4, and the plan's limit is 4."]
    (activity,) = said.json["kept"]["activities"]
    told = coach("pain", "--json").json
    assert sorted((each["pain"], each["phase"], each["activity_id"]) for each in told) == [
        (2, "peak", activity["id"]),
        (4, "peak", activity["id"]),
    ]
    assert room.machines[0].target_w is None


def test_a_warning_sign_releases_and_ends_at_once(coach, person, room):
    room.presses = {60: "w"}
    said = coach("ride", *FIVE_MINUTES, "--watts", 30)
    assert said.code == 0
    assert "The target is released: a warning sign." in said.err
    assert "Answer them with `coach signs`." in said.err
    assert re.search(r"0:01:0\d", said.out)


def test_a_lock_releases_within_seconds(coach, person, room, monkeypatch):
    room.happens = {60: lambda: coach("signs", "--yes", "new_weakness")}
    said = coach("ride", *FIVE_MINUTES, "--watts", 30)
    assert "The target is released: a warning sign has locked the plan." in said.err


def test_a_locked_plan_rides_without_targets(coach, setup, room):
    words = list(setup(condition="spinal_stenosis", relief="flexion"))
    for option in ("--diagnosed-by", "--diagnosed-on"):
        at = words.index(option)
        del words[at : at + 2]
    assert coach(*words).code == 0
    said = coach("ride", *FIVE_MINUTES, "--watts", 30)
    assert said.code == 0
    assert "The session is recorded without a target: the plan is locked until a diagnosis is recorded." in said.err
    assert room.machines[0].commands == []


def test_a_strap_that_comes_first_is_not_the_trainer(coach, person, room):
    room.models = [(replace(models.STRAP, name="A strap"), Rider()), (models.BIKE, Rider())]
    said = coach("ride", *FIVE_MINUTES, "--watts", 30)
    assert said.err.index("A strap is connected.") < said.err.index("Gym Bike is connected.")
    assert b"\x05\x1e\x00" in room.machines[1].commands


def test_control_that_is_refused(coach, person, room):
    room.faults = {"refuses": True}
    said = coach("ride", *FIVE_MINUTES, "--watts", 30)
    assert said.code == 0
    assert "Gym Bike is not controlled: it does not allow control. The ride is recorded without targets." in said.err


def test_a_pause_does_not_count(coach, person, room):
    room.presses = {60: "p", 180: "p", 181: "z"}
    assert coach("ride", *FIVE_MINUTES).code == 0
    (kept,) = coach("activities", "--json").json
    assert kept["timer_s"] == pytest.approx(180, abs=3)
    assert kept["duration_s"] == pytest.approx(300, abs=3)


def test_a_walk_on_a_treadmill(coach, person, room):
    room.models = [(models.TREADMILL, Rider(speed_mps=1.2))]
    assert coach("ride", "--walk", *FIVE_MINUTES).code == 0
    (kept,) = coach("activities", "--json").json
    assert (kept["exercise"], kept["sport"]) == ("level_walk", "walking")
    assert kept["distance_m"] == pytest.approx(1.2 * 300, rel=0.05)
    assert room.machines[0].commands == []


def test_a_signal_ends_it_well(coach, person, room):
    room.happens = {100: lambda: os.kill(os.getpid(), signal.SIGTERM)}
    said = coach("ride")
    assert said.code == 0, said.err
    assert re.search(r"stored .* 0:01:4\d", said.out)


def test_a_machine_is_remembered_and_found_again(coach, person, room):
    assert coach("ride", "--minutes", 1).code == 0
    assert [each["serial"] for each in coach("devices", "list", "--json").json] == ["G-0001"]
    room.models.append((replace(models.BIKE, name="Neighbour's"), Rider()))
    assert coach("ride", "--minutes", 1).code == 0, "the other does not matter any more"
    assert "Forgotten: Gym Bike." in coach("devices", "forget", "Gym Bike").out
    assert coach("devices", "forget", "Gym Bike").code == 1
    assert coach("devices", "list").out.startswith("No machine is remembered.")


def test_on_a_terminal(monkeypatch):
    """The virtual ride, with somebody at the keys."""
    pty = pytest.importorskip("pty")
    for name, value in {"TERM": "xterm", "COLUMNS": "100", "LINES": "30"}.items():
        monkeypatch.setenv(name, value)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from coach.cli import main; main()", "demo", "--live"]
    shown, waits = "", [("of the plan's 10 min left", b"4"), ("pain 4", b"pq"), ("recorded live", b"")]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True) as demo:
        os.close(theirs)
        while True:
            try:
                shown += os.read(ours, 65536).decode(errors="replace")
            except OSError:  # it has ended
                break
            if waits and waits[0][0] in shown:
                os.write(ours, waits.pop(0)[1])
    os.close(ours)
    assert demo.returncode == 0, shown
    assert waits == []
    assert "Traceback" not in shown


def test_without_the_extra(coach, monkeypatch):
    monkeypatch.setitem(sys.modules, "devices.ble.gym.world", None)
    said = coach("demo", "--live")
    assert (said.code, said.err) == (1, "The virtual trainer needs bumble: `pip install 'sciatica-coach[gym]'`.\n")


def test_what_was_left_is_taken_when_the_service_starts(coach, person, room):
    assert coach("ride", "--minutes", 1).code == 0
    (kept,) = journals.found(coach_home())
    left = kept.rename(kept.with_suffix(".open"))
    left.write_bytes(left.read_bytes()[:-40])

    async def serve() -> None:
        stop = asyncio.Event()
        stop.set()
        await open_service().serve(stop, lambda: None)

    asyncio.run(serve())
    assert len(coach("activities", "--json").json) == 2, "what was cut off is another file"
    assert [path.suffix for path in journals.found(coach_home())] == [".kept"]


# What can be wrong.


def test_nothing_is_there(coach, person, room):
    room.models = []
    for words in (("ride", *FIVE_MINUTES), ("devices",)):
        said = coach(*words)
        assert said.code == 1
        assert "A trainer, treadmill, sensor or strap was not found. Wake it" in said.err
    assert journals.found(coach_home()) == []


def coach_home():
    from pathlib import Path

    return Path(os.environ["COACH_HOME"])


def test_two_of_a_kind_have_to_be_told_apart(coach, person, room):
    room.models = [(models.BIKE, Rider()), (replace(models.BIKE, name="Other Bike"), Rider())]
    said = coach("ride", *FIVE_MINUTES)
    assert said.code == 2
    assert "Several of a kind are there (Gym Bike, Other Bike). Say which one is yours: --device NAME." in said.err
    assert coach("ride", *FIVE_MINUTES, "--device", "Other Bike").code == 0
    assert [each["name"] for each in coach("devices", "list", "--json").json] == ["Other Bike"]


def test_two_of_one_name(coach, person, room):
    room.models = [(models.BIKE, Rider()), (models.BIKE, Rider())]
    said = coach("ride", "--device", "Gym Bike")
    assert said.code == 2
    assert "Name yours by its address: F0:00:00:00:01:00, F0:00:00:00:01:01." in said.err


def test_an_unknown_machine(coach, person, room):
    said = coach("ride", "--device", "Nessie")
    assert said.code == 1
    assert said.err.endswith("close other apps that have it.\n")
    assert "Nessie was not found." in said.err


def test_one_that_another_app_holds(coach, person, room):
    room.faults = {"taken": True}
    said = coach("ride", *FIVE_MINUTES)
    assert said.code == 1
    assert "Gym Bike refuses the connection. Close the other app that holds it" in said.err
    assert journals.found(coach_home()) == [], "nothing was begun, nothing is left"


def test_one_without_a_fitness_service(coach, person, room):
    room.models = [(replace(models.SCALES, services={0x1826: {0x2ACC: bytes(8)}}), Rider())]
    said = coach("ride", *FIVE_MINUTES)
    assert said.code == 1
    assert "Gym Scales has none of the services" in said.err


def test_no_radio_here(coach, person):
    """Unless this machine has one that is switched on."""
    said = coach("devices")
    if said.code == 0 or "was not found" in said.err:
        pytest.skip("there is Bluetooth here")
    assert said.code == 1
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "words", [("--watts", 30, "--level", 2), ("--walk", "--watts", 30), ("--watts", -1), ("--minutes", 0)]
)
def test_words_that_do_not_fit(coach, person, words):
    assert coach("ride", *words).code == 2


def test_nobody_is_set_up(coach, room):
    said = coach("ride")
    assert (said.code, said.err) == (1, "Nobody is set up yet. Run `coach setup` first.\n")


# Machines and journals.


def test_devices_tells_what_each_can_do(coach, room):
    room.models = [(models.BIKE, Rider()), (models.STRAP, Rider())]
    found = coach("devices", "--json").json
    assert {(each["name"], each["remembered"], each["rssi"]) for each in found} == {
        ("Gym Bike", False, -50),
        ("Gym Strap", False, -50),
    }
    told = coach("devices").out
    assert "fitness machine" in told
    assert "heart rate strap" in told


def test_a_machine_is_tried_and_remembered(coach, room):
    tried = coach("devices", "test", "Gym Bike", "--json").json
    assert tried["frames"] >= 16
    assert tried["values"]["power_w"] > 0
    assert "power_w" in coach("devices", "test", "Gym Bike").out
    assert coach("devices", "add", "Gym Bike").out == "Remembered: Gym Bike.\n"
    assert "G-0001" in coach("devices", "list").out
    assert coach("devices", "test", "Nessie").code == 1


def test_a_journal_is_listed_and_gone_through_again(coach, person, room):
    assert coach("journal").out.startswith("There is no journal.")
    room.presses = {30: "1", 60: "p", 70: "p"}
    assert coach("ride", "--minutes", 2).code == 0
    (listed,) = coach("journal", "--json").json
    assert (listed["state"], listed["sport"], listed["devices"]) == ("kept", "cycling", ["Gym Bike"])
    assert listed["frames"] == len(room.machines[0].sent)
    replayed = coach("journal", "replay", 1, "--json").json
    assert {"link", "pain", "pause", "resume", "end"} <= {each["kind"] for each in replayed["events"]}
    assert replayed["records"] == pytest.approx(110, abs=3)
    assert "pain  1" in coach("journal", "replay", 1).out
    assert "kept" in coach("journal").out
    assert coach("journal", "replay", 2).code == 1


def test_recovering(coach, person, room):
    assert coach("journal", "recover").out == "Nothing was left that could be kept.\n"
    assert coach("ride", "--minutes", 1).code == 0
    (kept,) = journals.found(coach_home())
    left = kept.rename(kept.with_suffix(".open"))
    left.write_bytes(left.read_bytes()[:-40])
    said = coach("journal", "recover", "--json")
    assert said.code == 0
    assert [each["outcome"] for each in said.json] == ["stored"], "without its last frames it is another file"
    (left.parent / "0.open").write_bytes(b"nothing")
    said = coach("journal", "recover")
    assert said.code == 1
    assert "0.open was left, and not taken." in said.err


def test_what_was_left_is_taken_at_the_next_ride(coach, person, room):
    assert coach("ride", "--minutes", 1).code == 0
    (kept,) = journals.found(coach_home())
    kept.rename(kept.with_suffix(".open"))
    said = coach("ride", "--minutes", 1)
    assert "A session that was cut off: duplicate" in said.err
