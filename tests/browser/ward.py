"""Who looks after whom: Dr Lind after Ada, Bo, whose plan is locked, and Cleo, who has a flare. Rex has asked Dr Lind
and waits for an answer; he sees to the accounts. Ada has asked Dr Moss too, who has no account yet.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Browser
from rig import CLINICIANS, DESK, PASSWORD, Served, Tab, Tour, every_page

LIND, MOSS = "lind@example.org", "moss@example.org"
State = Mapping[str, Any]


@dataclass(frozen=True)
class Ward:
    """What the browsers of these keep; the paths of the invitations that nobody has taken."""

    served: Served
    ada: State
    lind: State
    rex: State
    to_lind: str
    to_moss: str

    def who(self, path: str) -> State:
        """Whose page it is."""
        if path.startswith("/accounts"):
            return self.rex
        is_adas = path.startswith(("/account/clinicians", "/account/access"))
        return self.ada if is_adas else self.lind

    def at(self, path: str) -> str:
        """A path as the program routes it, filled in."""
        last = (datetime.now(UTC).date() - timedelta(weeks=1)).isocalendar()
        fields = {
            "/account/clinicians/{number}/end": "5",
            "person_id": "1",
            "version": "1",
            "week": f"{last.year}-W{last.week:02}",
            "token": self.to_lind.rpartition("/")[2],
        }
        return Tour(self.served, fields=fields).at(path)


def pages() -> Sequence[str]:
    """What clinicians, those whom they look after, and administrators have beside what is everybody's; each way that
    a page of theirs looks.
    """
    there = [path for path in every_page() if path.startswith(CLINICIANS)]
    more = ("/people/2/lock", "/people/2", "/people/3", "/people/{person_id}/plan/edit?tab=text")
    return [*there, *more, "/caseload?only=locked", "/caseload?q=nobody", "/account/clinicians", "/account/access"]


def settled(browser: Browser, served: Served) -> Ward:
    served.settle(name="Bo")
    served.coach("signs", "--yes", "saddle_numbness", "--person", "Bo")
    served.settle(name="Cleo")
    served.coach("flare", "start", "--person", "Cleo")
    served.coach("setup", "--name", "Rex", "--timezone", "Etc/UTC", "--condition", "disc_herniation")
    states: dict[str, State] = {}
    to_lind: dict[str, str] = {}
    to_moss: dict[str, str] = {}
    for name in ("Ada", "Bo", "Cleo", "Rex"):
        with _tab(browser, served) as tab:
            tab.join(served.invitation(name), f"{name.lower()}@example.org")
            to_lind[name], to_moss[name] = invited(tab, LIND), invited(tab, MOSS)
            states[name] = tab.page.context.storage_state()
    served.coach("accounts", "role", "rex@example.org", "administrator")
    with _tab(browser, served) as tab:
        enters(tab, to_lind["Ada"], LIND, "Dr Lind")
        for name in ("Bo", "Cleo"):
            accepts(tab, to_lind[name])
        notes(tab)
        states["Lind"] = tab.page.context.storage_state()
    return Ward(served, states["Ada"], states["Lind"], states["Rex"], to_lind["Rex"], to_moss["Ada"])


@contextmanager
def _tab(browser: Browser, served: Served) -> Iterator[Tab]:
    context = browser.new_context(**{"locale": "en-GB", **DESK})
    yield Tab(context, served.address)
    context.close()


def invited(tab: Tab, email: str) -> str:
    """Ask a clinician; gives the link's path."""
    page = tab.open("/account/clinicians")
    page.get_by_label("E-mail").fill(email)
    with page.expect_navigation(wait_until="networkidle"):
        page.locator("main form button").last.click()
    return re.search(r"/care/\S+", page.locator("code.token").inner_text())[0]


def enters(tab: Tab, link: str, email: str, name: str) -> None:
    """With a new account, by an invitation, which is then taken."""
    page = tab.open(link)
    page.locator("main [name=email]").fill(email)
    page.locator("main [name=name]").fill(name)
    for box in page.locator("main input[type=password]").all():
        box.fill(PASSWORD)
    with page.expect_navigation(wait_until="networkidle"):
        page.locator("main form button").last.click()
    accepts(tab, link)


def accepts(tab: Tab, link: str) -> None:
    page = tab.open(link)
    with page.expect_navigation(wait_until="networkidle"):
        page.locator("main form button").click()
    assert page.url.partition("?")[0].endswith("/caseload")


def notes(tab: Tab) -> None:
    page = tab.open("/people/1/notes")
    page.locator("main textarea").fill("Walks well.\n\nAsked about the cane; may leave it at home.")
    with page.expect_navigation(wait_until="networkidle"):
        page.locator("main form button").last.click()
