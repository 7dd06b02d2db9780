"""A session that is being recorded, as its page shows it and as it is told while it lasts."""

import asyncio
import json
import os
import re
from datetime import timedelta

import pytest

from coach.web import live
from coach.web.visit import Visit
from coach.web.words import words_in
from devices.ble import entries, journals
from devices.ble.entries import Entry, Kind

BIKE = 0x2AD2
STRAP = 0x2A37


def beat(at_s, bpm):
    return entries.frame(at_s, 1, STRAP, bytes([0, bpm]))


def turn(at_s, watts, metres):
    """Indoor Bike Data with 18 km/h, 60 rpm, a distance and a power."""
    flags = (1 << 2 | 1 << 4 | 1 << 6).to_bytes(2, "little")
    values = (1800).to_bytes(2, "little") + (120).to_bytes(2, "little") + metres.to_bytes(3, "little")
    return entries.frame(at_s, 0, BIKE, flags + values + watts.to_bytes(2, "little"))


class Ride:
    """A journal as the recorder writes it, at the world's clock."""

    def __init__(self, world, person, sport="cycling"):
        self.world = world
        self.journal = journals.begin(
            world.app.settings.home,
            world.now - timedelta(minutes=10),
            sport,
            "indoor_cycling",
            utc_offset=timedelta(hours=2),
            owner=str(person.id),
        )
        for number, name in enumerate(("Bike", "Strap")):
            self.append(entries.said(Kind.DEVICE, {"name": name}, 1.0, number))
            self.append(Entry(Kind.LINK, 1.0, number, b"live"))

    def append(self, *written):
        for each in written:
            self.journal.append(each)
        os.utime(self.journal.path, (self.world.now.timestamp(),) * 2)

    def rides(self):
        self.append(turn(500.0, 30, 2000), beat(500.0, 97), turn(599.8, 35, 3234), beat(599.9, 101))


@pytest.fixture
def ride(world, ada):
    ride = Ride(world, ada.person)
    yield ride
    ride.journal.close()


def figures(page):
    """What stands at each name that the page's script fills in."""
    return dict(re.findall(r'data-live="(\w+)">([^<]*)<', page.text))


def test_nothing_is_running(ada, words):
    assert "Nothing is running" in words(ada.open("/live"))
    assert "/live" not in ada.open("/").text
    assert ada.open("/live/events", 204).text == ""


def test_what_is_there_to_see(ride, ada):
    ride.rides()
    ride.append(Entry(Kind.TARGET, 599.95, body=b"35 W"), Entry(Kind.PAIN, 599.95, body=bytes([2])))
    told = figures(ada.open("/live"))
    assert told["elapsed"] == "9:58"
    assert (told["power"], told["target"], told["cadence"]) == ("35 W", "35 W", "60 rpm")
    assert (told["heart"], told["speed"], told["distance"]) == ("101 bpm", "18.0 km/h", "1.23 km")
    assert told["pain"] == "Pain, as you said last: 2 of 10."
    assert told["state"] == "It is being recorded."
    assert 'href="/live"' in ada.open("/").text


def test_a_pause_and_a_lost_link(ride, ada):
    ride.rides()
    ride.append(Entry(Kind.PAUSE, 600.0))
    assert figures(ada.open("/live"))["state"] == "Paused."
    ride.append(Entry(Kind.RESUME, 601.0), Entry(Kind.LINK, 601.0, 0, b"LINK_LOST"))
    assert "No connection at the moment: Bike." in figures(ada.open("/live"))["state"]
    ride.append(Entry(Kind.LINK, 602.0, 0, b"live"))
    assert figures(ada.open("/live"))["state"] == "It is being recorded."


def test_what_was_not_heard_for_long_is_not_shown(world, ride, ada):
    ride.rides()
    world.now += timedelta(seconds=10)
    told = figures(ada.open("/live"))
    assert (told["power"], told["heart"], told["elapsed"]) == ("–", "–", "10:08")


def test_it_is_of_the_person_alone(ride, ada, bo, words):
    ride.rides()
    assert "Nothing is running" in words(bo.open("/live"))
    assert bo.open("/live/events", 204).text == ""


def test_one_that_was_left_by_a_killed_program_is_not_running(ride, ada, words):
    ride.rides()
    ride.journal.close()
    assert "Nothing is running" in words(ada.open("/live"))


def test_a_walk_in_miles_and_german(world, words):
    hiker = world.browser(world.person("Cleo", units="imperial", language="de"))
    ride = Ride(world, hiker.person, "walking")
    ride.rides()
    told = figures(hiker.open("/live"))
    assert (told["speed"], told["distance"], told["state"]) == ("11,2 mph", "0,77 mi", "Es wird aufgezeichnet.")
    assert "power" not in told
    ride.journal.close()


def test_a_name_from_the_air_is_text(ride, ada):
    ride.append(entries.said(Kind.DEVICE, {"name": "<script>alert(1)</script>"}, 2.0, 0))
    ride.append(Entry(Kind.LINK, 601.0, 0, b"LINK_LOST"))
    assert "<script>alert" not in ada.open("/live").text


# While it lasts.


def visit(world, person, account=1):
    class Mine(Visit):
        account_id = account

    return Mine(world.web.state.site, None, world.now, words_in("en"), object(), person)


def told(world, person, ride, *happens):
    """What a stream says; before each of its looks but the first, one of these happens."""

    async def listen():
        said, does = [], list(happens)
        async for event in live.told(visit(world, person), ride.journal.path):
            said.append(event)
            if event.startswith(("data", ":")):
                does.pop(0)() if does else world.web.state.site.stopping.set()
        return said

    return asyncio.run(listen())


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(live, "_EVERY_S", 0.01)


def data(event):
    return json.loads(event.removeprefix("data: "))


def test_it_is_told_until_it_is_over(world, ride, ada):
    ride.rides()
    said = told(
        world,
        ada.person,
        ride,
        lambda: ride.append(beat(600.5, 120)),
        lambda: None,
        lambda: ride.append(Entry(Kind.END, 601.0)),
    )
    assert said[0].startswith("retry: ")
    assert [data(each)["heart"] for each in said if each.startswith("data")] == ["101 bpm", "120 bpm"]
    assert said[3] == ": still here\n\n"
    assert said[-1].startswith("event: over\n")
    assert world.web.state.site.streams[1] == 0


def test_what_is_half_written_waits_for_its_rest(world, ride, ada):
    whole = entries.encode(beat(600.5, 120))
    with ride.journal.path.open("ab") as file:
        said = told(
            world,
            ada.person,
            ride,
            lambda: (ride.rides(), file.write(whole[:9]), file.flush()),
            lambda: (file.write(whole[9:]), file.flush()),
        )
    assert [data(each)["heart"] for each in said if each.startswith("data")] == ["–", "101 bpm", "120 bpm"]


def test_it_is_over_when_it_is_kept(world, ride, ada):
    ride.rides()
    said = told(world, ada.person, ride, lambda: journals.keep(ride.journal.path))
    assert said[-1].startswith("event: over\n")


def test_it_is_over_when_its_program_was_killed(world, ride, ada):
    ride.rides()
    assert told(world, ada.person, ride, ride.journal.close)[-1].startswith("event: over\n")


def test_the_programs_end_ends_it_at_once(world, ride, ada):
    said = told(world, ada.person, ride)
    assert len(said) == 2


def test_nobody_looks_on_from_ever_so_many_places(world, ride, ada):
    streams = world.web.state.site.streams
    streams[1] = live._AT_ONCE
    ada.open("/live/events", 429)
    ride.append(Entry(Kind.END, 600.0))
    streams[1] -= 1
    assert "event: over" in ada.open("/live/events").text
    assert streams[1] == live._AT_ONCE - 1


def test_who_looks_on_asks_again_now_and_then(world, ride, ada, monkeypatch):
    monkeypatch.setattr(live, "_LASTS_S", 0.0)
    assert told(world, ada.person, ride) == ["retry: 2000\n\n"]
