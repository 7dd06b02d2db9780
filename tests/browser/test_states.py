"""The pages as they look to people in other ways: locked, in a flare, in pain, with nothing yet, in German, while a
session runs, after an upload, and where something went wrong. Nothing for axe to find by day or by night, nothing that
a finger would miss, and whatever can be reached by keyboard shows it.
"""

import sqlite3
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from rig import DESK, PHONE, Tab, recordings

from devices.ble import entries, journals
from devices.ble.entries import Entry, Kind

PEOPLE = ("Bo", "Cleo", "Dora", "Fay", "Gus")
PAGES = ("/", "/plan", "/check-in", "/history", "/sessions", "/messages", "/live")

FOCUSED = """() => {
  const it = document.activeElement;
  const shown = [it, it.nextElementSibling].filter(Boolean).map((each) => getComputedStyle(each));
  const seen = shown.some((each) => each.outlineStyle !== "none" && parseFloat(each.outlineWidth) >= 2);
  const name = `${it.tagName} ${it.name || it.textContent.trim().slice(0, 40)}`;
  return { name, seen, isBody: it === document.body };
}"""


@pytest.fixture(scope="module")
def states(browser, served) -> dict[str, object]:
    """What a browser keeps in which each of them is signed in."""
    settle_others(served)
    kept = {}
    for name in PEOPLE:
        context = browser.new_context(**DESK)
        Tab(context, served.address).join(served.invitation(name), f"{name.lower()}@example.org")
        kept[name] = context.storage_state()
        context.close()
    return kept


def settle_others(served) -> None:
    today = datetime.now(UTC).date()
    plan = ("--timezone", "Etc/UTC", "--condition", "general_sciatica", "--relief", "neutral")
    found = ("--diagnosed-by", "Dr Bo", "--diagnosed-on", "2026-05-01")
    for name, given in (
        ("Bo", found),
        ("Cleo", found),
        ("Dora", (*found, "--language", "de")),
        ("Fay", found),
        ("Gus", ()),
    ):
        served.coach("setup", *plan, *given, "--name", name, "--start", today - timedelta(days=14))
    for name in ("Bo", "Cleo", "Dora"):
        folder = served.home.parent / f"{name}-files"
        recordings(folder, today - timedelta(days=6), today)
        served.coach("import", folder, "--person", name)
        served.coach("pain", 7, "--person", name)
    served.coach("signs", "--yes", "saddle_numbness", "--person", "Bo")
    served.coach("flare", "start", "--person", "Cleo")


def looked_at(tab: Tab) -> None:
    """The page as it stands."""
    tab.page.emulate_media(color_scheme="light")
    found = [*tab.axe(), *tab.ungainly()]
    tab.page.emulate_media(color_scheme="dark")
    found += tab.axe("color-contrast")
    assert not [*found, *tab.faults], tab.page.url


@pytest.mark.parametrize("name", PEOPLE)
def test_to_people_in_other_ways(tab, states, name):
    opened = tab(storage_state=states[name], **PHONE)
    for path in PAGES:
        opened.open(path)
        looked_at(opened)


def test_what_comes_first_for_each(tab, states):
    page = tab(storage_state=states["Bo"], **PHONE).open("/")
    assert page.get_by_role("heading", name="What you were told with the warning sign").is_visible()
    assert page.get_by_text("call 112").is_visible()
    page = tab(storage_state=states["Cleo"], **PHONE).open("/")
    assert page.get_by_text("A flare is noted.").is_visible()
    page = tab(storage_state=states["Gus"], **PHONE).open("/")
    page.get_by_role("link", name="Record the diagnosis").click()
    page.get_by_label("Who made the diagnosis").fill("Dr Bo")
    page.get_by_label("When it was made").fill("2026-05-01")
    page.get_by_role("button", name="Keep this").click()
    assert page.get_by_text("your plan is open").is_visible()


def test_in_german_the_plan_is_german(tab, states):
    page = tab(storage_state=states["Dora"], **PHONE).open("/plan")
    told = page.inner_text("main")
    assert "Innerhalb von: Spaziergänge." in told
    assert "Inside" not in told
    page.get_by_text("Woher die Zahlen stammen").click()
    assert "Veröffentlichter Nachweis." in page.inner_text("main")
    assert "who-2020" not in page.inner_text("main")


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("name", ["Fay", "Dora"])
def test_on_a_narrow_phone_nothing_is_cut_off(tab, states, name, width):
    opened = tab(storage_state=states[name], viewport={"width": width, "height": 700})
    for path in ("/", "/plan", "/check-in", "/history", "/log", "/upload", "/account", "/messages/rules"):
        page = opened.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        foot = page.locator(".top nav").evaluate("it => it.scrollWidth - it.clientWidth")
        assert foot <= 0, path


@pytest.mark.parametrize("path", ["/", "/plan", "/check-in", "/log", "/upload", "/history", "/account/details"])
def test_whatever_has_the_focus_shows_it(tab, states, path):
    opened = tab(storage_state=states["Cleo"])
    for scheme in ("light", "dark"):
        opened.page.emulate_media(color_scheme=scheme)
        page, begun = opened.open(path), False
        for _ in range(80):
            page.keyboard.press("Tab")
            found = page.evaluate(FOCUSED)
            if found["isBody"] and begun:
                break
            begun = True
            assert found["isBody"] or found["seen"], f"{path}: {found['name']}"


def test_a_session_that_runs_shows_what_is_measured_and_no_more(tab, served, states):
    now = datetime.now(UTC)
    journal = journals.begin(served.home, now, "cycling", "indoor_cycling", utc_offset=timedelta(), owner=owner(served))
    journal.append(entries.said(Kind.DEVICE, {"name": "Strap"}, 1.0, 0))
    journal.append(Entry(Kind.LINK, 1.0, 0, b"live"))
    journal.append(entries.frame(2.0, 0, 0x2A37, bytes([0, 101])))
    opened = tab(storage_state=states["Fay"], **PHONE)
    page = opened.open("/live")
    assert page.get_by_text("101 bpm").is_visible()
    assert not page.get_by_text("Cadence").is_visible()
    looked_at(opened)
    journal.append(entries.frame(3.0, 0, 0x2A63, bytes([0, 0, 90, 0])))
    page.get_by_text("90 W").wait_for()
    assert page.locator("dt").get_by_text("Power").is_visible()
    journal.append(Entry(Kind.END, 4.0))
    journal.close()


def owner(served, name: str = "Fay") -> str:
    with sqlite3.connect(served.home / "coach.db") as database:
        return str(database.execute("SELECT id FROM person WHERE name = ?", (name,)).fetchone()[0])


def test_what_came_of_files(tab, states, tmp_path):
    """Good, there already, cut off, no FIT file, and archives."""
    today = datetime.now(UTC).date()
    good, other = recordings(tmp_path / "watch", today - timedelta(days=2), today)
    whole = good.read_bytes()
    (tmp_path / "cut-off.fit").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "hello.fit").write_bytes(b"hello")
    for name, holds in (("all.zip", {"a/other.fit": other.read_bytes(), "x.fit": b"x"}), ("none.zip", {"a.txt": b"a"})):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for each, data in holds.items():
                archive.writestr(each, data)
    names = ("cut-off.fit", "hello.fit", "all.zip", "none.zip")
    opened = tab(storage_state=states["Fay"], **PHONE)
    page = opened.open("/upload")
    page.locator("input[type=file]").set_input_files([good, *(tmp_path / name for name in names)])
    page.locator("main form button").click()
    page.get_by_text("It has no FIT files in it").wait_for()
    looked_at(opened)
    page = opened.open("/upload")
    page.locator("input[type=file]").set_input_files([good])
    page.locator("main form button").click()
    page.get_by_text("It was there already.").wait_for()
    looked_at(opened)


def test_where_something_went_wrong(tab, states):
    opened = tab(storage_state=states["Fay"], **PHONE)
    page = opened.open("/check-in")
    page.evaluate("document.querySelector('main form [name=csrf]').value = 'x'")
    page.locator("main [name=pain][value='2']").first.check(force=True)
    with page.expect_navigation() as led:
        page.locator("main form[action$='/check-in'] button").last.click()
    assert led.value.status == 403
    opened.faults.clear()  # the browser notes the status itself
    looked_at(opened)
    assert page.get_by_role("link", name="To this week").is_visible()


def test_who_tries_too_often_is_told_so(tab):
    opened = tab(**PHONE)
    page = opened.open("/sign-in")
    for _ in range(11):
        page.get_by_label("E-mail address").fill("nobody@example.org")
        page.locator("[name=password]").fill("three noisy words")
        with page.expect_navigation() as led:
            page.locator("main button").click()
        if led.value.status == 429:
            break
    assert page.get_by_text("That was tried too often.").is_visible()
    opened.faults.clear()
    looked_at(opened)
