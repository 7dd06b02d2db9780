"""The pages in a real browser: Debian's Chromium, or whichever is there."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser
from rig import DESK, DEVICES, Served, Tab, chromium, serving


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one module: while it runs, nothing else in this process can have an event loop."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    """With Ada, who has no account yet."""
    with serving(tmp_path_factory.mktemp("served")) as served:
        yield served


@pytest.fixture(scope="module")
def fresh(tmp_path_factory) -> Iterator[Served]:
    """With nobody."""
    with serving(tmp_path_factory.mktemp("fresh"), settled=False) as served:
        yield served


@pytest.fixture(scope="module")
def state(browser, served) -> dict:
    """What a browser keeps in which Ada is signed in."""
    context = browser.new_context(**DESK)
    Tab(context, served.address).join(served.invitation("Ada"))
    kept = context.storage_state()
    context.close()
    return kept


Opened = Callable[..., Tab]


@pytest.fixture
def tab(browser, served) -> Iterator[Opened]:
    """`tab(address, **context)`: a page in a browser of its own. At the end nothing may have been wrong with any."""
    tabs: list[Tab] = []

    def opened(address: str | None = None, **context: object) -> Tab:
        tabs.append(Tab(browser.new_context(**{"locale": "en-GB", **DESK, **context}), address or served.address))
        return tabs[-1]

    yield opened
    for each in tabs:
        each.page.context.close()
    assert not [fault for each in tabs for fault in each.faults]


@pytest.fixture(scope="module")
def mine(browser, served, state) -> Iterator[list[Tab]]:
    """A phone and a desk at which Ada is signed in, kept open: nothing is changed on them."""
    yield from _devices(browser, served, storage_state=state)


@pytest.fixture(scope="module")
def anybodys(browser, served) -> Iterator[list[Tab]]:
    """The same with nobody signed in."""
    yield from _devices(browser, served)


def _devices(browser: Browser, served: Served, **context: object) -> Iterator[list[Tab]]:
    tabs = [Tab(browser.new_context(locale="en-GB", **each, **context), served.address) for each in DEVICES.values()]
    yield tabs
    for each in tabs:
        each.page.context.close()
