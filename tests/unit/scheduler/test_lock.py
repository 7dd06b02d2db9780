import pytest

from scheduler.errors import AlreadyRunningError, LockError
from scheduler.lock import HomeLock


def test_one_scheduler_a_home(tmp_path):
    with (
        HomeLock(tmp_path),
        pytest.raises(AlreadyRunningError, match="already running on"),
        HomeLock(tmp_path),
    ):
        pass
    with HomeLock(tmp_path):
        pass


def test_homes_do_not_mind_each_other(tmp_path):
    (tmp_path / "other").mkdir()
    with HomeLock(tmp_path), HomeLock(tmp_path / "other"):
        pass


def test_a_home_that_is_not_there(tmp_path):
    with pytest.raises(LockError, match="Cannot lock"), HomeLock(tmp_path / "nowhere"):
        pass
