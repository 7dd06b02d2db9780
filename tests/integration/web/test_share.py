"""What a phone shares waits for its person's word: nothing is taken without it, and nobody else's is seen."""

from datetime import UTC, datetime, timedelta

import pytest

from coach.demo import sessions
from coach.staging import Staging
from coach.uploads import Upload
from devices.fit.write import write


def fit(day: int = 3) -> bytes:
    return write(sessions.walk(datetime(2026, 6, day, 6, tzinfo=UTC), 15))


def share(browser, *files: tuple[str, bytes], status: int = 200, **headers: str):
    """As a phone's share sheet does: no form of ours, no token."""
    parts = [("files", (name, data, "application/octet-stream")) for name, data in files]
    page = browser.client.post("/share", files=parts or None, data={"title": "walk"}, headers=headers)
    assert page.status_code == status, page.text
    return page


def kept(world) -> list[str]:
    return sorted(path.name for path in (world.app.settings.home / "shared").rglob("*") if path.is_file())


def test_it_waits_and_is_added_at_a_word(world, ada, words):
    page = share(ada, ("morning walk.fit", fit()), **{"sec-fetch-site": "none"})
    assert page.url.path == "/share"
    assert "morning walk.fit" in words(page)
    assert world.activities(ada.person) == []
    page = ada.send("/share/add", at="/share")
    assert "morning walk.fit Added." in words(page)
    assert len(world.activities(ada.person)) == 1
    assert kept(world) == []
    assert "Nothing waits here." in words(ada.open("/share"))


def test_or_it_is_discarded(world, ada):
    share(ada, ("walk.fit", fit()))
    ada.send("/share/discard", at="/share")
    assert (kept(world), world.activities(ada.person)) == ([], [])


def test_only_the_page_of_ours_adds(world, ada):
    share(ada, ("walk.fit", fit()))
    for path in ("/share/add", "/share/discard"):
        ada.post(path, status=403, csrf="x", once="y")
    assert world.activities(ada.person) == []
    assert len(kept(world)) == 2


def test_another_site_shares_nothing(world, ada):
    share(ada, ("walk.fit", fit()), status=403, **{"sec-fetch-site": "cross-site"})
    assert kept(world) == []


def test_what_waits_is_its_persons_alone(world, ada, bo, words):
    share(ada, ("walk.fit", fit()))
    assert "walk.fit" not in words(bo.open("/share"))
    share(bo, ("ride.fit", fit(2)))
    page = bo.send("/share/add", at="/share")
    assert "ride.fit Added." in words(page)
    assert "walk.fit" in words(ada.open("/share"))
    assert world.activities(ada.person) == []


def test_signed_out_nothing_is_kept(world, words):
    world.person("Ada")
    page = share(world.browser(), ("walk.fit", fit()), status=401)
    assert "share them once more" in words(page)
    assert kept(world) == []


def test_names_are_no_paths_and_are_escaped(world, ada, words):
    page = share(ada, ("../../<script>alert(1)</script>.fit", fit()))
    assert "<script>alert" not in page.text
    assert all(name.startswith("20260604") for name in kept(world))
    assert not list(world.app.settings.home.rglob("*script*"))


def test_no_more_than_can_wait_and_then_none_of_it(world, ada, words):
    share(ada, ("first.fit", fit()))
    page = share(ada, *[(f"{index}.fit", fit()) for index in range(20)], status=422)
    assert "No more than 20 files and 64 MB" in words(page)
    assert "first.fit" in words(page)
    assert len(kept(world)) == 2


def test_nothing_shared_is_told(ada, words):
    assert "no file in what was shared" in words(share(ada, status=422))


def test_after_a_day_it_is_gone(world, ada, bo, words):
    share(ada, ("walk.fit", fit()))
    world.now += timedelta(hours=23)
    assert "walk.fit" in words(ada.open("/share"))
    world.now += timedelta(hours=1)
    assert "Nothing waits here." in words(bo.open("/share"))
    assert kept(world) == []


class Cut:
    """A file that breaks off."""

    def __init__(self) -> None:
        self.left = 2

    def read(self, size: int = -1) -> bytes:
        self.left -= 1
        if not self.left:
            raise OSError("No space left on device")
        return b"begun"


def test_what_breaks_off_leaves_nothing_half_written(world):
    staging = Staging(world.app.settings.home / "shared", 1)
    with pytest.raises(OSError, match="No space"):
        staging.stage([Upload("walk.fit", Cut())], world.now)
    assert kept(world) == []
    assert staging.waiting(world.now) == []
