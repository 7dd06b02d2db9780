"""From the first link to the last: what somebody does in the pages, one thing after the other, in one browser."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from rig import Tab, Tour, is_routed, recordings

from coach.replies.links import open_links
from coach.replies.model import Link
from config.settings import Settings


def sent(page):
    """Send the page's first form; gives what it leads to."""
    with page.expect_navigation() as led:
        page.locator("main form button").first.click()
    assert led.value.status < 400, page.inner_text("main")
    return page


def filled(page, **values: str) -> None:
    """By the fields' names; of a choice the value is chosen."""
    for name, value in values.items():
        box = page.locator(f"main [name={name}]").first
        if box.evaluate("it => it.matches('[type=radio], [type=checkbox]')"):
            page.locator(f"main [name={name}][value='{value}']").first.check(force=True)
        elif box.evaluate("it => it.tagName === 'SELECT'"):
            box.select_option(value)
        else:
            box.fill(value)


def test_who_comes_first_makes_an_account(tab, fresh):
    page = tab(fresh.address)
    assert fresh.first_link is not None
    page.join(fresh.first_link.removeprefix(fresh.address))
    page.page.wait_for_url("**/welcome")
    if not is_routed("/welcome"):
        page.faults.clear()


@pytest.fixture
def ada(tab, served, state) -> Tab:
    return tab(storage_state=state)


def needs(*paths: str):
    lacking = [path for path in paths if not is_routed(path)]
    return pytest.mark.skipif(bool(lacking), reason=f"{', '.join(lacking)}: not routed")


@needs("/upload", "/sessions")
def test_files_are_uploaded_and_in_the_week(ada, corpus, tmp_path):
    today = datetime.now(UTC).date()
    mine = recordings(tmp_path, today - timedelta(days=1), today)
    real = sorted(corpus.rglob("*.fit"))[:3] if corpus.is_dir() else []
    page = ada.open("/upload")
    page.locator("input[type=file]").set_input_files([*mine, *real])
    page.locator("main form button").first.click()
    page.locator("main").get_by_text(re.compile(r"\d+\.fit")).first.wait_for()
    assert ada.open("/sessions").locator("a[href*='/sessions/']").count()
    assert "Walks" in ada.open("/").inner_text("main")


@needs("/check-in")
def test_a_check_in_and_what_it_leads_to(ada):
    page = ada.open("/check-in")
    filled(page, pain="3")
    assert sent(page).locator(".said, .urgent").count()


@needs("/log")
def test_a_session_by_hand(ada):
    page = ada.open("/log")
    filled(page, exercise="pool_walk", minutes="15")
    assert sent(page).locator("main").inner_text()
    assert "Pool walks" in ada.open("/").inner_text("main")


def test_a_reply_by_its_link(tab, served):
    """A mail's link, in a browser in which nobody is signed in."""
    settings = Settings(home=served.home, public_url=served.address, database_url=None)
    until = datetime.now(UTC) + timedelta(days=1)
    url = open_links(settings).url(Link(1, "pain", f"post/{Tour(served).look_up().fields['number']}", until))
    opened = tab()
    page = opened.open(url.removeprefix(served.address))
    assert not opened.axe()
    filled(page, pain="2")
    assert sent(page).locator("h1").count()


@needs("/account", "/account/export", "/account/delete")
def test_all_of_it_is_taken_along_and_deleted(ada):
    page = ada.open("/account")
    assert page.locator("a[href*='/account/export'], form[action*='/account/export']").count()
    page = ada.open("/account/delete")
    assert page.locator("main form").count(), "it asks before"
