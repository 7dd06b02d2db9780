import os
from pathlib import Path

import pytest

from devices import watches
from devices.watches import Watch, find


def folder(path: Path) -> Path:
    path.mkdir(parents=True)
    return path


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("GARMIN/GARMIN/Activity", "Garmin"),
        ("robin/GARMIN/Garmin/ACTIVITY", "Garmin"),
        ("robin/EDGE/Garmin/Activities", "Garmin"),
        ("Garmin/Activity", "Garmin"),  # mounted at the root itself
        ("mtp:host=091e_514a_0000d7975783/Internal Storage/GARMIN/Activity", "Garmin"),
        ("mtp:host=Wahoo_Fitness_ELEMNT_ROAM/Internal storage/exports", "Wahoo"),
        ("mtp:host=Hammerhead_Karoo_2/Internal shared storage/FitFiles", "Hammerhead"),
    ],
)
def test_where_makers_keep_sessions(tmp_path: Path, where: str, name: str):
    made = folder(tmp_path / where)
    assert find([tmp_path]) == [Watch(name, made)]


@pytest.mark.parametrize(
    "where",
    [
        "disk/backup/old/GARMIN/Activity",  # too deep for a drive
        "disk/exports",  # anybody's
        "disk/FitFiles",
        "disk/GARMIN",
        "disk/Activity",
    ],
)
def test_what_is_no_watch(tmp_path: Path, where: str):
    folder(tmp_path / where)
    assert find([tmp_path]) == []


def test_several_in_the_order_of_roots_and_names(tmp_path: Path):
    made = [folder(tmp_path / where / "Garmin/Activity") for where in ("z/A", "z/B", "a/c")]
    folder(tmp_path / "z/A/inner/Garmin/Activity")  # of a watch that is found already
    assert [watch.folder for watch in find([tmp_path / "z", tmp_path / "none", tmp_path / "a"])] == made


def test_a_file_is_no_folder_and_no_link_is_followed(tmp_path: Path):
    elsewhere = folder(tmp_path / "elsewhere" / "GARMIN" / "Activity").parents[1]
    root = folder(tmp_path / "media")
    (root / "linked").symlink_to(elsewhere)
    folder(root / "drive").joinpath("GARMIN").symlink_to(elsewhere / "GARMIN")
    folder(root / "other" / "GARMIN").joinpath("Activity").write_bytes(b"")
    assert find([root]) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is locked to root")
def test_what_is_somebody_elses_is_passed_over(tmp_path: Path):
    theirs, mine = folder(tmp_path / "bea/GARMIN/Garmin/Activity"), folder(tmp_path / "robin/GARMIN/Garmin/Activity")
    (tmp_path / "bea").chmod(0)
    try:
        assert find([tmp_path]) == [Watch("Garmin", mine)]
    finally:
        (tmp_path / "bea").chmod(0o700)
    assert theirs.is_dir()


def test_a_volume_that_fails_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    mine = folder(tmp_path / "robin/Garmin/Activity")
    folder(tmp_path / "bea")
    scan = os.scandir

    def scandir(path: Path):
        if path.name == "bea":
            raise OSError(5, "Input/output error")
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert find([tmp_path]) == [Watch("Garmin", mine)]


def test_it_looks_at_so_many_folders_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for drive in range(30):
        folder(tmp_path / f"{drive:02}/inner/inmost")
    looked: list[str] = []
    scan = os.scandir
    monkeypatch.setattr(watches, "_MOST", 4)
    monkeypatch.setattr(os, "scandir", lambda path: looked.append(str(path)) or scan(path))
    assert find([tmp_path]) == []
    assert len(looked) == 1 + 4 + 4


def test_the_roots_are_where_systems_mount(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    mine = folder(tmp_path / "GARMIN/Activity")
    monkeypatch.setattr(watches, "ROOTS", (tmp_path,))
    assert find() == [Watch("Garmin", mine)]


def test_what_is_mounted_from_the_network_is_not_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    mine = folder(tmp_path / "drive/Garmin/Activity")
    folder(tmp_path / "my server/Garmin/Activity")
    folder(tmp_path / "sftp:host=example.org/Garmin/Activity")
    mounts = tmp_path / "mounts"
    escaped = f"{tmp_path}/my server".replace(" ", r"\040")
    mounts.write_text(f"/dev/sda1 {tmp_path}/drive vfat rw 0 0\nserver:/home {escaped} nfs4 rw 0 0\nodd\n")
    monkeypatch.setattr(watches, "_MOUNTS", mounts)
    looked: list[str] = []
    scan = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: looked.append(str(path)) or scan(path))
    assert find([tmp_path]) == [Watch("Garmin", mine)]
    assert not [path for path in looked if "my server" in path or "sftp" in path]


def test_media_devices_are_looked_for_where_gvfs_mounts_them():
    assert watches.ROOTS[-1] == Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}") / "gvfs"
