"""Clinicians and whom they look after, each in a browser of their own: the way in, a plan changed, the way out; and for
each of their pages nothing that axe finds, or a finger would miss.
"""

from collections.abc import Iterator

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
