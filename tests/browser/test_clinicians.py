"""Clinicians and whom they look after, each in a browser of their own: the way in, a plan changed, the way out; and for
each of their pages nothing that axe finds, or a finger would miss.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from rig import DEVICES, Tab, looked_at
from ward import Ward, pages, settled


@pytest.fixture(scope="module")
def ward(browser, served) -> Ward:
    return settled(browser, served)


@pytest.fixture(scope="module")
def tabs(browser, ward) -> Iterator[dict[str, list[Tab]]]:
    """A phone and a desk of each, kept open: nothing is changed on them."""
    states = {"ada": ward.ada, "lind": ward.lind, "rex": ward.rex, "nobody": {}}
    opened = {
        name: [
            Tab(browser.new_context(locale="en-GB", storage_state=state or None, **each), ward.served.address)
            for each in DEVICES.values()
        ]
        for name, state in states.items()
    }
    yield opened
    for each in [tab for some in opened.values() for tab in some]:
        each.page.context.close()


@pytest.mark.parametrize("path", pages())
def test_a_page(ward, tabs, path):
    mine = next(name for name in tabs if getattr(ward, name, None) is ward.who(path))
    looked_at(tabs[mine], ward.at(path))


def test_an_invitation_as_nobody_sees_it(ward, tabs):
    looked_at(tabs["nobody"], ward.to_moss)


def test_a_plan_is_changed_and_past_weeks_keep_theirs(tab, ward):
    """By the form, as a clinician fills it in; the person reads it, in whose name, and from when on."""
    lind, ada = tab(storage_state=ward.lind), tab(storage_state=ward.ada)
    today = datetime.now(UTC).date()
    year, week, _ = (today + timedelta(weeks=1)).isocalendar()
    monday = date.fromisocalendar(year, week, 1)
    last = ward.at("/people/{person_id}/week/{week}")
    before = judged(lind.open(last))
    assert "5 x 10 min" in before
    page = lind.open("/people/1/plan/edit")
    page.locator("[name='plan.starts_on']").fill(str(monday))
    page.locator("[name='item.level_walk.dose.sessions']").fill("99")
    sent(page, "look")
    assert page.locator("[aria-invalid=true]").count() == 1
    assert not [*lind.axe(), *lind.ungainly()]
    page.locator("[name='item.level_walk.dose.sessions']").fill("4")
    sent(page, "look")
    assert "4 x 10 min instead of 5 x 10 min" in page.inner_text("main")
    assert not [*lind.axe(), *lind.ungainly()]
    sent(page, "keep")
    assert page.get_by_text("Version 2").first.is_visible()
    assert judged(lind.open(last)) == before
    assert "4 a week, 10 min each" in ada.open("/plan/2").inner_text("main")
    assert "5 a week, 10 min each" in ada.open("/plan/1").inner_text("main")
    assert "Dr Lind: changed your plan" in ada.open("/account/access").inner_text("main")
    assert "Version 1 (holds today)" in ada.open("/plan").inner_text("main")


def test_a_lock_is_opened_with_a_name(tab, ward):
    lind = tab(storage_state=ward.lind)
    page = lind.open("/people/2/lock")
    page.get_by_text("I have looked at it").click()
    with page.expect_navigation(wait_until="networkidle"):
        page.get_by_role("button", name="Open the plan again").click()
    assert not [*lind.axe(), *lind.ungainly()]
    assert "Locked: 0" in lind.open("/caseload").inner_text("main")


def test_whoever_is_let_go_is_gone_at_once(tab, ward):
    """By the person; and, of another, by the clinician."""
    lind, ada = tab(storage_state=ward.lind), tab(storage_state=ward.ada)
    page = ada.open("/account/clinicians")
    with page.expect_navigation(wait_until="networkidle"):
        page.get_by_role("link", name="End it").or_(page.locator("main a.danger")).first.click()
    with page.expect_navigation(wait_until="networkidle"):
        page.locator("main button.danger").click()
    assert "no longer looks after you" in page.inner_text("main")
    page = lind.page
    assert page.goto(f"{lind.address}/people/1", wait_until="networkidle").status == 404
    lind.faults.clear()  # the browser complains of a page that is none
    page = lind.open("/people/3/end")
    with page.expect_navigation(wait_until="networkidle"):
        page.locator("main form button").last.click()
    told = lind.open("/caseload").inner_text("main")
    assert ("Ada" in told, "Cleo" in told, "Bo" in told) == (False, False, True)


def judged(page) -> str:
    """Of a week, without what is on offer after it, which the plan ahead decides."""
    told, heading, _ = page.inner_text("main").partition("Decision and next step")
    assert heading
    return told


def sent(page, do: str) -> None:
    with page.expect_navigation(wait_until="networkidle"):
        page.locator(f"main form button[name=do][value={do}]").last.click()
