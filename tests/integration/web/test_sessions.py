"""What a person did: the list, a session minute by minute, what they say of it, deleting it, the file."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from sqlmodel import update

from coach.demo import sessions
from coach.ingest.files import Outcome
from coach.ingest.taking import ingest
from coach.manual import Told, enter
from coach.plan import Exercise
from coach.store import activities
from coach.store.engine import reading, writing
from coach.store.tables import Original, Person, key
from coach.units import Units
from devices.fit.sources import Source, find
from devices.fit.write import write
from devices.recording import Device, Lap, Span

SCRIPT = "<script>alert('x')</script>"
LONGEST_PAGE_BYTES = 100_000
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def bring(world):
    """Import a recording; gives the number of its first activity."""

    def bring(person, recording) -> int:
        (kept,) = ingest(world.app.engine, person, [Source("file", lambda: write(recording))], lambda: world.now)
        return key(kept.activities[0].activity)

    return bring


@pytest.fixture
def tell(world):
    """Enter a session by hand."""

    def tell(person, **told) -> int:
        told = Told(**{"exercise": Exercise.LEVEL_WALK, "minutes": 20} | told)
        with writing(world.app.engine, None) as session:
            return key(enter(session, session.get_one(Person, person.id), told, world.now).activity)

    return tell


def drawing(page) -> ET.Element:
    return ET.fromstring(re.search(r"<svg xmlns.*?</svg>", page.text, re.DOTALL)[0])  # noqa: S314 (ours)


class TestTheList:
    def test_it_tells_of_each_the_newest_first(self, world, ada, words, tell):
        world.walk(ada.person, 12)
        tell(ada.person, started_at=world.now - timedelta(hours=3), distance_m=1500)
        told = words(ada.open("/sessions"))
        assert "Walk Thursday, 4 June 2026, 16:48 12 min · 0.93 km · Development demo watch" in told
        assert "Walk Thursday, 4 June 2026, 14:00 20 min · 1.50 km · entered by hand" in told
        assert told.index("16:48") < told.index("14:00")

    def test_in_miles_and_in_german(self, world, words, tell):
        browser = world.browser(world.person("Cleo", language="de", units=Units.IMPERIAL))
        tell(browser.person, distance_m=1609.344)
        assert "Spaziergang Donnerstag, 4. Juni 2026, 16:40 20 min · 1,00 mi" in words(browser.open("/sessions"))

    def test_fifty_at_a_time_each_once(self, world, ada, tell):
        numbers = [tell(ada.person, minutes=1, started_at=world.now - timedelta(minutes=2 * n)) for n in range(1, 121)]
        seen, page = [], ada.open("/sessions")
        while True:
            found = [int(each) for each in re.findall(r'href="/sessions/(\d+)"', page.text)]
            assert len(found) <= 50
            seen += found
            older = re.search(r'href="(/sessions\?before=\d+)"', page.text)
            if older is None:
                break
            page = ada.open(older[1])
        assert seen == numbers

    def test_of_two_that_began_at_once_neither_is_lost_between_pages(self, world, ada, bring):
        began = world.now - timedelta(hours=1)
        numbers = [
            bring(ada.person, replace(sessions.walk(began, 1), device=Device("development", f"watch {each}")))
            for each in range(3)
        ]
        with reading(world.app.engine) as session:
            row = activities.one(session, key(ada.person), numbers[2]).activity
            after = activities.of_person(session, key(ada.person), before=row)
        assert [each.activity.id for each in after] == [numbers[1], numbers[0]]

    def test_a_week_s(self, world, ada, words, tell):
        tell(ada.person, started_at=datetime(2026, 5, 31, 21, 30, tzinfo=UTC))  # Sunday, by half an hour
        tell(ada.person, started_at=datetime(2026, 6, 1, 8, tzinfo=UTC))
        assert "1 June" in words(page := ada.open("/sessions?week=2026-W23"))
        assert "31 May" not in words(page).partition("Sessions, 1-7 June 2026")[2]
        assert "There are no sessions here" in words(ada.open("/sessions?week=2026-W10"))

    @pytest.mark.parametrize(
        "asked", ["week=x", "week=0001-W01", "before=0", "before=x", "before=99999999999999999999"]
    )
    def test_what_is_no_page_is_not_there(self, ada, asked):
        ada.open(f"/sessions?{asked}", 404)

    def test_an_empty_one_says_how_to_begin(self, ada, words):
        assert "Nothing is here yet" in words(ada.open("/sessions"))


class TestASession:
    def test_minute_by_minute_with_what_was_left_out_and_why(self, ada, bring, world, words):
        began = world.now - timedelta(minutes=20)
        number = bring(ada.person, sessions.walk(began, 12, hill_minutes=4))
        page = ada.open(f"/sessions/{number}")
        told = words(page)
        assert "It counts as a walk, as it was recorded." in told
        assert "How it settled: still open" in told
        assert re.search(r"16:40:00 – 16:4\d:\d\d [\d.]+ counted for your walk", told)
        assert re.search(r"– 16:4\d:\d\d [\d.]+ 5\.\d % uphill, which your plan leaves out for now", told)
        assert "Uphill: " in told
        drawn = drawing(page)
        assert drawn.findtext(f"{SVG}title") == "Minute by minute"
        description = drawn.findtext(f"{SVG}desc")
        assert "Heart rate, beats a minute: from 9" in description
        assert re.search(r"[78] of 12 minutes counted\. 4 minutes led uphill\.", description)
        assert len(drawn.findall(f"{SVG}polyline")) >= 3
        assert drawn.findall(f"{SVG}rect[@fill='var(--third)']")
        assert all(name in told for name in ("Heart rate, beats a minute", "Steps a minute", "Altitude, m"))
        assert len(re.findall(r"<td>16:\d\d</td>", page.text)) == 12  # the table behind it

    def test_what_the_device_says_and_what_we_say_stand_side_by_side(self, ada, world, words):
        told = words(ada.open(f"/sessions/{world.walk(ada.person, 12)}"))
        assert "Figure Device Coach" in told
        assert "Distance 0.93 km 0.93 km" in told
        assert "Ascent 0 m –" in told

    def test_what_came_of_it_and_the_rule_that_fired(self, ada, world, words):
        told = words(ada.open(f"/sessions/{world.walk(ada.person, 40)}"))
        assert "Longer or farther than your plan has in mind: 40 min: more than" in told

    def test_two_watches_count_once(self, ada, bring, world, words):
        began = world.now - timedelta(minutes=20)
        one = bring(ada.person, sessions.walk(began, 12))
        other = bring(ada.person, replace(sessions.walk(began, 12), device=Device("development", "another")))
        page = ada.open(f"/sessions/{one}")
        assert "more than one recording of this time, and it counts once: #" in words(page)
        assert f'href="/sessions/{other}"' in page.text

    def test_what_was_joined_leads_to_one_another(self, ada, world, words):
        one = world.walk(ada.person, 8, world.now - timedelta(minutes=10))
        other = world.walk(ada.person, 8)
        assert f"Counted together with: #{other}" in words(ada.open(f"/sessions/{one}"))

    def test_one_that_was_entered_by_hand(self, ada, tell, words):
        told = words(ada.open(f"/sessions/{tell(ada.person, note=f'in the rain {SCRIPT}')}"))
        assert "as you entered it" in told
        assert "Figure You From start to end 0:20:00" in told
        assert "Download" not in told

    def test_nothing_in_a_file_or_a_note_is_ever_run(self, ada, bring, tell, world):
        recording = sessions.walk(world.now - timedelta(minutes=20), 12)
        half = Lap(Span(0, 300), 300.0)
        crafted = replace(recording, device=Device("development", SCRIPT), laps=(half, half))
        for number in (bring(ada.person, crafted), tell(ada.person, note=SCRIPT)):
            for path in (f"/sessions/{number}", f"/sessions/{number}/delete", "/sessions"):
                page = ada.open(path).text
                assert "<script" not in page
                assert " style=" not in page
            assert "&lt;script&gt;" in ada.open(f"/sessions/{number}").text

    def test_six_hours_second_by_second_are_a_small_page(self, ada, bring, world):
        recording = sessions.walk(world.now - timedelta(hours=7), 360, hill_minutes=30)
        seconds = recording.column("time_s")
        rng = np.random.default_rng(1)
        stops = seconds % 90 < 20  # at every crossing
        columns = {
            **recording.columns,
            "power_w": rng.uniform(0, 400, seconds.size),
            "cadence_rpm": np.where(stops, 0.0, recording.column("cadence_rpm")),
            "distance_m": np.cumsum(np.where(stops, 0.0, 1.3)),
            "speed_mps": np.where(stops, 0.0, 1.3),
        }
        number = bring(ada.person, replace(recording, columns=MappingProxyType(columns)))
        page = ada.open(f"/sessions/{number}")
        assert len(page.content) < LONGEST_PAGE_BYTES
        points = [each.get("points").split() for each in drawing(page).findall(f"{SVG}polyline")]
        assert max(map(len, points)) > 300
        assert max(map(len, points)) <= 400
        assert "shorter ones together" in page.text

    @pytest.mark.corpus
    @pytest.mark.parametrize(
        ("file", "sentences"),
        [
            ("swim/activity_217470507.fit", ["Swim", "A pool of 25 m", "front crawl", "Show 12 laps"]),
            ("ride/tacx_flux.fit", ["Bike session", "Turns a minute", "Power, W", "Show 37 laps"]),
            ("ride/nick.fit", ["Ride", "Altitude, m"]),
            ("walk/2020-08-20-09-34-33.fit", ["Walk", "Steps a minute", "Show 22 laps"]),
            ("multisport/track_cs_1451.fit", ["Swim", "Ride", "Run", "Transition", "counts for nothing in a plan"]),
            ("other/failed.fit", ["Training", "counts for nothing"]),
        ],
    )
    def test_real_files(self, ada, world, corpus, words, file, sentences):
        for each in ingest(world.app.engine, ada.person, find([corpus / file]), lambda: world.now):
            assert each.outcome is not Outcome.REFUSED
        pages = [ada.open(f"/sessions/{each.id}") for each in world.activities(ada.person)]
        told = " ".join(map(words, pages))
        for sentence in sentences:
            assert sentence in told
        assert all(len(page.content) < LONGEST_PAGE_BYTES for page in pages)
        assert not any("nan" in page.text for page in pages)

    @pytest.mark.corpus
    def test_a_file_that_was_cut_off(self, ada, world, corpus, words):
        data = (corpus / "walk/2020-08-28-11-57-10.fit").read_bytes()[:60_000]
        (kept,) = ingest(world.app.engine, ada.person, [Source("cut", lambda: data)], lambda: world.now)
        assert kept.outcome is Outcome.PARTIAL
        assert "Altitude, m" in words(ada.open(f"/sessions/{kept.activities[0].activity.id}"))


class TestSaying:
    @pytest.fixture
    def swim(self, ada, bring, world) -> int:
        return bring(ada.person, sessions.swim(world.now - timedelta(minutes=40), 20))

    def test_what_it_was_how_hard_and_how_warm(self, ada, swim, words):
        fields = {"exercise": "pool_walk", "borg": "12", "water": "29,5"}
        page = ada.send(f"/sessions/{swim}/label", at=f"/sessions/{swim}", **fields)
        assert page.url.path == f"/sessions/{swim}"
        told = words(page)
        assert told.startswith("It counts as a pool walk, as you said.")
        assert "Pool walk, Thursday" in told
        assert "You said 12." in told
        assert "You said 30 °C." in told

    def test_what_is_left_open_stays(self, ada, swim, words):
        ada.send(f"/sessions/{swim}/label", at=f"/sessions/{swim}", borg="12")
        told = words(ada.send(f"/sessions/{swim}/label", at=f"/sessions/{swim}", water="28"))
        assert "You said 12." in told
        assert "You said 28 °C." in told

    def test_in_fahrenheit(self, world, bring, words):
        browser = world.browser(world.person("Cleo", units=Units.IMPERIAL))
        number = bring(browser.person, sessions.swim(world.now - timedelta(minutes=40), 20))
        page = browser.send(f"/sessions/{number}/label", at=f"/sessions/{number}", water="82")
        assert "You said 82 °F." in words(page)

    def test_hot_water_is_cautioned_of_in_the_person_s_language(self, world, bring, words):
        browser = world.browser(world.person("Cleo", language="de"))
        number = bring(browser.person, sessions.swim(world.now - timedelta(minutes=40), 20))
        page = browser.send(f"/sessions/{number}/label", at=f"/sessions/{number}", water="36")
        assert "in Ihrer Praxis" in words(page) or "Ihre Praxis" in words(page).partition("Schwimmeinheit,")[0]

    def test_it_can_be_taken_back(self, ada, swim, words):
        ada.send(f"/sessions/{swim}/label", at=f"/sessions/{swim}", exercise="pool_walk", borg="12")
        page = ada.send(f"/sessions/{swim}/forget", at=f"/sessions/{swim}")
        assert words(page).startswith("It counts as a swim, as it was recorded.")
        assert "You said" not in words(page)

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({}, "Please choose or fill in"),
            ({"exercise": "outdoor_ride", "borg": "11"}, "cannot have been that"),
            ({"exercise": SCRIPT, "borg": "11"}, "cannot have been that"),
            ({"borg": "5"}, "a whole number from 6 to 20"),
            ({"borg": "9" * 5000, "water": "28"}, "a whole number from 6 to 20"),
            ({"borg": "²", "water": "28"}, "a whole number from 6 to 20"),
            ({"water": "warm", "borg": "11"}, "Water temperature: a number, in °C."),
            ({"water": "60", "borg": "11"}, "lies between 5 °C and 45 °C"),
            ({"water": "nan", "borg": "11"}, "Water temperature: a number, in °C."),
        ],
    )
    def test_what_cannot_be_meant_is_said_and_nothing_typed_is_lost(self, ada, swim, words, fields, sentence):
        page = ada.send(f"/sessions/{swim}/label", at=f"/sessions/{swim}", status=422, **fields)
        assert sentence in words(page)
        assert "<script" not in page.text
        if fields.get("borg") == "11":
            assert '<option value="11" selected>' in page.text
        if fields.get("water"):
            assert f'value="{fields["water"]}"' in page.text
        assert "You said" not in words(ada.open(f"/sessions/{swim}"))

    def test_only_water_has_a_temperature(self, ada, world, words):
        number = world.walk(ada.person)
        page = ada.send(f"/sessions/{number}/label", at=f"/sessions/{number}", status=422, water="28")
        assert "Only a session in the water" in words(page)

    def test_sent_twice_it_is_kept_once(self, ada, swim):
        form = ada.open(f"/sessions/{swim}")
        once = re.search(r'name="once" value="([^"]+)"', form.text.partition("/label")[2])[1]
        csrf = re.search(r'name="csrf" value="([^"]+)"', form.text)[1]
        first, second = (ada.post(f"/sessions/{swim}/label", csrf=csrf, once=once, borg=borg) for borg in ("12", "19"))
        assert "You said 12." in second.text
        assert first.url == second.url


class TestDeleting:
    def test_it_is_asked_first_and_then_it_is_gone(self, ada, world, words):
        number = world.walk(ada.person, 12)
        asked = ada.open(f"/sessions/{number}/delete")
        assert "Walk, Thursday, 4 June 2026, 16:48" in words(asked)
        assert "stays away" in words(asked)
        page = ada.send(f"/sessions/{number}/delete")
        assert page.url.path == "/sessions"
        assert words(page).startswith("Deleted: Walk, Thursday, 4 June 2026, 16:48.")
        assert world.activities(ada.person) == []
        ada.open(f"/sessions/{number}", 404)

    def test_it_counts_for_nothing_any_more(self, ada, world, words):
        number = world.walk(ada.person, 12)
        counted = words(ada.open("/"))
        ada.send(f"/sessions/{number}/delete")
        assert words(ada.open("/")) != counted

    def test_a_watch_that_is_synced_again_does_not_bring_it_back(self, ada, world):
        number = world.walk(ada.person, 12)
        ada.send(f"/sessions/{number}/delete")
        recording = sessions.walk(world.now - timedelta(minutes=12), 12)
        (again,) = ingest(world.app.engine, ada.person, [Source("w", lambda: write(recording))], lambda: world.now)
        assert again.outcome is Outcome.DUPLICATE
        assert "You deleted this recording" in again.reason
        assert world.activities(ada.person) == []

    def test_sent_twice_it_says_the_same(self, ada, world, words):
        number = world.walk(ada.person, 12)
        form = ada.open(f"/sessions/{number}/delete").text.partition("<main")[2]
        fields = dict(re.findall(r'name="(csrf|once)" value="([^"]+)"', form))
        pages = [ada.post(f"/sessions/{number}/delete", **fields) for _ in range(2)]
        assert all(words(page).startswith("Deleted: ") for page in pages)

    def test_one_that_was_entered_by_hand(self, ada, tell, world):
        ada.send(f"/sessions/{tell(ada.person)}/delete")
        assert world.activities(ada.person) == []


class TestTheOriginal:
    def test_it_is_the_file_as_it_came(self, ada, world):
        number = world.walk(ada.person, 12)
        answer = ada.open(f"/sessions/{number}/original")
        assert answer.content == write(sessions.walk(world.now - timedelta(minutes=12), 12))
        assert answer.headers["content-disposition"] == 'attachment; filename="2026-06-04-walk.fit"'
        assert answer.headers["x-content-type-options"] == "nosniff"

    def test_what_was_entered_by_hand_has_none(self, ada, tell):
        ada.open(f"/sessions/{tell(ada.person)}/original", 404)

    def test_a_file_that_was_let_go_is_said_to_be(self, ada, world, words, bring):
        number = bring(ada.person, sessions.swim(world.now - timedelta(hours=2), 20))
        with writing(world.app.engine, ada.person.id) as session:
            session.exec(update(Original).values(content=b""))
        page = words(ada.open(f"/sessions/{number}"))
        assert "The file itself is no longer kept" in page
        assert "Download the original file" not in page
        assert "Download the original file" not in words(ada.open(f"/sessions/{number}/delete"))
        ada.open(f"/sessions/{number}/original", status=404)

    @pytest.mark.corpus
    def test_a_sport_that_names_the_file_is_made_harmless(self, ada, world, corpus):
        files = find([corpus / "multisport/track_cs_1451.fit"])
        (kept,) = ingest(world.app.engine, ada.person, files, lambda: world.now)
        for each in kept.activities:
            name = ada.open(f"/sessions/{each.activity.id}/original").headers["content-disposition"]
            assert re.fullmatch(r'attachment; filename="\d{4}-\d\d-\d\d-[a-z-]+\.fit"', name)


class TestSomebodyElses:
    @pytest.mark.parametrize("path", ["", "/delete", "/original"])
    def test_pages_are_not_there(self, ada, bo, world, path):
        bo.open(f"/sessions/{world.walk(ada.person)}{path}", 404)

    @pytest.mark.parametrize("path", ["/label", "/forget", "/delete"])
    def test_forms_do_nothing(self, ada, bo, world, path):
        theirs, own = world.walk(ada.person), world.walk(bo.person)
        fields = dict(re.findall(r'name="(csrf|once)" value="([^"]+)"', bo.open(f"/sessions/{own}/delete").text))
        page = bo.post(f"/sessions/{theirs}{path}", status=404, borg="12", **fields)
        assert "Walk" not in page.text
        assert len(world.activities(ada.person)) == 1
        assert "You said" not in ada.open(f"/sessions/{theirs}").text

    def test_lists_show_none_and_begin_at_none(self, ada, bo, world, words):
        theirs = world.walk(ada.person)
        assert "Nothing is here yet" in words(bo.open("/sessions"))
        bo.open(f"/sessions?before={theirs}", 404)

    @pytest.mark.parametrize("number", ["0", "-1", "x", "2147483648", "9" * 30])
    def test_numbers_that_are_none(self, ada, number):
        ada.open(f"/sessions/{number}", 404)
