"""Every page that is routed: nothing for axe to find on a phone or at a desk, by day or by night, and light enough."""

import pytest
from rig import DEVICES, SCHEMES, Tab, Tour, pages


@pytest.fixture(scope="module")
def tour(served, state) -> Tour:
    """Ada has signed in before: what a link looks like depends on that."""
    return Tour(served).look_up()


def looked_at(tab, path: str, status: int = 200, **context: object) -> None:
    for device in DEVICES.values():
        for scheme in SCHEMES:
            page: Tab = tab(color_scheme=scheme, **device, **context)
            page.open(path, status)
            assert not page.axe(), f"{path}, {scheme}, {device['viewport']['width']}"
            wide = page.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path} is {wide} pixels too wide at {device['viewport']['width']}"
            page.page.context.close()


@pytest.mark.parametrize("path", pages())
def test_a_page(tab, tour, state, path):
    looked_at(tab, tour.at(path), storage_state=state)


@pytest.mark.parametrize("path", [path for path in pages() if path.startswith(("/sign-in", "/join"))])
def test_a_page_for_those_who_come_in(tab, tour, path):
    looked_at(tab, tour.at(path))


def test_what_went_wrong(tab, state):
    looked_at(tab, "/nothing", 404, storage_state=state)


def test_the_menu(tab, state):
    for device in DEVICES.values():
        page = tab(storage_state=state, **device)
        page.open("/")
        page.page.get_by_role("button", name="More").click()
        assert page.page.get_by_role("link", name="Plan", exact=True).is_visible()
        assert not page.axe()
        page.page.keyboard.press("Escape")
        assert not page.page.get_by_role("link", name="Plan", exact=True).is_visible()
