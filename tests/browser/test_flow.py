"""From the first link to the last: what somebody does in the pages, one thing after the other, in one browser."""

import json
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from rig import PASSWORD, Tab, recordings

from coach.replies.links import open_links
from coach.replies.model import Link
from config.settings import Settings


def sent(page, form: str = "main form"):
    """Send the page's first form, or another; gives what it leads to."""
    with page.expect_navigation() as led:
        page.locator(f"{form} button").last.click()
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


@pytest.fixture
def here(tab, fresh) -> Tab:
    return tab(fresh.address, accept_downloads=True)


def test_from_the_first_link_to_the_last(here, tab, fresh, corpus, tmp_path):
    makes_an_account(here, fresh)
    sets_up_a_plan(here)
    answers_about_signs(here)
    uploads(here, corpus, tmp_path)
    checks_in(here)
    number = max(each["id"] for each in json.loads(fresh.coach("activities", "--json")))
    answers_by_a_mails_link(tab(fresh.address), fresh, number)
    logs_by_hand(here)
    takes_it_all_along(here, tmp_path)
    has_it_all_deleted(here, fresh)


def makes_an_account(here, fresh) -> None:
    assert fresh.first_link is not None
    here.join(fresh.first_link.removeprefix(fresh.address))
    here.page.wait_for_url("**/welcome")
    assert not [*here.axe(), *here.ungainly()]


def sets_up_a_plan(here) -> None:
    page, today = here.page, datetime.now(UTC).date()
    filled(page, name="Ada", timezone="Etc/UTC", condition="spinal_stenosis", emergency_number="112")
    filled(page, diagnosed_by="Dr Bo", diagnosed_on=str(today - timedelta(days=30)), relief="flexion", swimmer="yes")
    filled(page, start=str(today - timedelta(days=7)))
    sent(page)


def answers_about_signs(here) -> None:
    page = here.page
    assert "/say/signs/" in page.url
    assert not [*here.axe(), *here.ungainly()]
    page.get_by_text("None of these").click()
    assert sent(page).get_by_text("none of the warning signs").is_visible()


def uploads(here, corpus, tmp_path) -> None:
    today = datetime.now(UTC).date()
    files = recordings(tmp_path / "watch", today - timedelta(days=1), today)
    files += [corpus / "walk/2020-08-20-09-34-33.fit", corpus / "swim/event_timestamp.fit"]
    page = here.open("/upload")
    page.locator("input[type=file]").set_input_files([*files, __file__])
    page.locator("main form button").click()
    page.locator("#outcomes .outcome").nth(len(files)).wait_for()
    told = page.inner_text("#outcomes")
    assert told.count("Added.") == len(files)
    assert "not a FIT file" in told
    assert not here.axe()
    assert here.open("/sessions").locator("main a[href*='/sessions/']").count() == len(files)
    with page.expect_navigation():
        page.locator("main a[href*='/sessions/']").first.click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Walk, ")
    assert "Walks" in here.open("/").inner_text("main")


def checks_in(here) -> None:
    page = here.open("/check-in")
    filled(page, pain="3")
    assert sent(page, "main form[action$='/check-in']").locator(".said").count()


def answers_by_a_mails_link(nobody, fresh, number) -> None:
    """In a browser in which nobody is signed in."""
    settings = Settings(home=fresh.home, public_url=fresh.address, database_url=None)
    until = datetime.now(UTC) + timedelta(days=1)
    url = open_links(settings).url(Link(1, "pain", f"post/{number}", until))
    page = nobody.open(url.removeprefix(fresh.address))
    assert not [*nobody.axe(), *nobody.ungainly()]
    filled(page, pain="2")
    assert sent(page).locator("h1").count()
    assert not nobody.axe()


def logs_by_hand(here) -> None:
    page = here.open("/log")
    filled(page, exercise="pool_walk", minutes="15")
    assert sent(page).get_by_text(re.compile("Noted: 15 min")).is_visible()
    assert "Pool walks" in here.open("/").inner_text("main")


def takes_it_all_along(here, tmp_path) -> None:
    page = here.open("/account")
    with page.expect_navigation():
        page.get_by_role("link", name="Take everything along").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download everything").click()
    coming.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        names = archive.namelist()
        assert len([name for name in names if name.startswith("originals/")]) == len("abc")
        assert {"record.json", "account.json"} <= set(names)


def has_it_all_deleted(here, fresh) -> None:
    page = here.open("/account/delete")
    page.locator("main [name=present]").fill(PASSWORD)
    assert sent(page).get_by_role("heading", name="Everything is deleted").is_visible()
    assert not here.axe()
    here.open("/")
    assert "/sign-in" in page.url
    with pytest.raises(AssertionError, match="coach setup"):
        fresh.coach("activities")
