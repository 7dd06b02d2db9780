"""The pages in somebody's hands: by keyboard alone, and while a session lasts."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from rig import PASSWORD

from devices.ble import entries, journals
from devices.ble.entries import Entry, Kind


def tabbed_to(page, is_there: str, most: int = 40) -> None:
    """Press Tab until that is so of what has the focus, which must show."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"(it => {is_there})(document.activeElement)"):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            around = page.evaluate(
                "getComputedStyle(document.activeElement.nextElementSibling ?? document.activeElement).outlineStyle"
            )
            assert (outline, around) != ("none", "none"), f"{is_there}: the focus cannot be seen"
            return
    pytest.fail(f"Tab does not lead to {is_there}")


def signed_in(tab, state):
    """By keyboard, from the page that was wanted on."""
    page = tab().open("/live")
    tabbed_to(page, "it.name === 'email'")
    page.keyboard.type("ada@example.org")
    tabbed_to(page, "it.name === 'password'")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\d/live$"))
    return page


def test_signing_in_by_keyboard(tab, state):
    page = signed_in(tab, state)
    tabbed_to(page, "it.classList.contains('skip')", 1)
    page.keyboard.press("Enter")
    page.wait_for_url("**#content")
    page.reload()
    tabbed_to(page, "it.matches('button.more')")
    page.keyboard.press("Enter")
    tabbed_to(page, "it.textContent === 'Sign out'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in")


def test_checking_in_by_keyboard(tab, state):
    page = tab(storage_state=state).open("/check-in")
    tabbed_to(page, "it.type === 'radio' && it.name === 'pain'")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    tabbed_to(page, "it.matches('main form button')")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".said, .urgent").count()


def test_logging_by_keyboard(tab, state):
    """What stands behind a summary as well."""
    page = tab(storage_state=state).open("/log")
    tabbed_to(page, "it.name === 'exercise'")
    page.keyboard.type("Pool w")
    tabbed_to(page, "it.name === 'minutes'")
    page.keyboard.type("25")
    tabbed_to(page, "it.matches('summary')")
    page.keyboard.press("Enter")
    tabbed_to(page, "it.name === 'note'")
    page.keyboard.type("by hand")
    tabbed_to(page, "it.matches('main form button')")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".said").get_by_text("25 min").is_visible()


@pytest.fixture
def journal(served, state):
    """Of a session of Ada's that is being recorded."""
    now = datetime.now(UTC)
    journal = journals.begin(served.home, now, "cycling", "indoor_cycling", utc_offset=timedelta(), owner="1")
    journal.append(entries.said(Kind.DEVICE, {"name": "Strap"}, 1.0, 0))
    journal.append(Entry(Kind.LINK, 1.0, 0, b"live"))
    journal.append(beat(2.0, 101))
    yield journal
    journal.close()


def beat(at_s, bpm):
    return entries.frame(at_s, 0, 0x2A37, bytes([0, bpm]))


def test_a_session_is_looked_on_at_while_it_lasts(tab, state, journal):
    opened = tab(storage_state=state)
    page = opened.open("/")
    page.get_by_role("link", name="A session is running").click()
    heart = page.locator("[data-live=heart]")
    for at_s, bpm in ((3.0, 104), (4.0, 120)):
        journal.append(beat(at_s, bpm))
        heart.get_by_text(f"{bpm} bpm").wait_for()
    journal.append(Entry(Kind.PAUSE, 5.0))
    page.get_by_role("status").get_by_text("Paused.").wait_for()
    assert not opened.axe()
    journal.append(Entry(Kind.END, 6.0))
    page.get_by_text("Nothing is running").wait_for()


def test_without_scripts_it_is_looked_at_again_by_hand(tab, state, journal):
    page = tab(storage_state=state, java_script_enabled=False).open("/live")
    assert page.get_by_text("101 bpm").is_visible()
    journal.append(beat(3.0, 120))
    page.get_by_role("link", name="Look again").click()
    assert page.get_by_text("120 bpm").is_visible()


def test_a_browser_takes_it_for_an_app(tab, state):
    page = tab(storage_state=state).open("/")
    told = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert not told["errors"]
    assert told["url"].endswith("/manifest.webmanifest")
    wrong = page.context.new_cdp_session(page).send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert not [each for each in wrong if each["errorId"] != "in-incognito"]
