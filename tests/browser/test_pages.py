"""Every page that is routed: nothing for axe to find on a phone or at a desk, by day or by night, and light enough."""

import pytest
from rig import PHONE, Tour, looked_at, pages


@pytest.fixture(scope="module")
def tour(served, state) -> Tour:
    """Ada has signed in before: what a link looks like depends on that."""
    return Tour(served).look_up()


@pytest.mark.parametrize("path", pages())
def test_a_page(mine, tour, path):
    looked_at(mine, tour.at(path))


@pytest.mark.parametrize("path", [path for path in pages() if path.startswith(("/sign-in", "/join", "/api"))])
def test_a_page_for_those_who_come_in(anybodys, tour, path):
    looked_at(anybodys, tour.at(path))


def test_each_session_and_each_question(mine, tour):
    """On a phone, where there is least room."""
    for path in tour.more:
        looked_at(mine[:1], path)


@pytest.mark.parametrize(
    "path", ["/nothing", "/sessions/999999", "/week/2026-W99", "/join/nothing", "/say/step/2026-W01"]
)
def test_what_went_wrong(mine, path):
    looked_at(mine, path, 409 if path.startswith("/say") else 404)


def test_with_large_letters_nothing_is_cut_off(mine, tour):
    """Twice as large, as WCAG asks."""
    for path in ("/", "/sessions", tour.at("/sessions/{number}"), "/history", "/plan", "/check-in", "/messages/rules"):
        page = mine[0].open(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"], path


def test_the_menu(mine):
    for tab in mine:
        page = tab.open("/")
        page.get_by_role("button", name="More").click()
        plan = page.locator("#more").get_by_role("link", name="Plan", exact=True)
        assert plan.is_visible()
        assert not tab.axe()
        page.keyboard.press("Escape")
        assert not plan.is_visible()
