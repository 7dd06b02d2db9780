"""Watches and bike computers that are plugged in: as a drive, or as a media device (MTP) that gvfs has mounted.

It looks for the folder in which a maker keeps the sessions, and opens no file. What is mounted may be large, slow or
somebody else's, so it looks neither deep nor at many folders, follows no symbolic link, and passes over the network,
where a server that is gone would hold it up for ever.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

_USER: Final = os.getuid() if hasattr(os, "getuid") else 0  # Windows has none
_RUNTIME: Final = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{_USER}"
ROOTS: Final = (Path("/media"), Path("/run/media"), Path("/mnt"), Path("/Volumes"), Path(_RUNTIME, "gvfs"))
"""Where Linux and macOS put what is plugged in; the last is for media devices."""

_DEEP: Final = 2
"""`/media/robin/GARMIN` and `gvfs/mtp:host=.../Internal Storage` both lie two below their root."""
_MOST: Final = 200
"""Of folders, in one and on one level. Nobody has as many drives; over MTP a listing takes a second or more."""

_MOUNTS: Final = Path("/proc/self/mounts")
_NETWORK: Final = frozenset(
    {"afs", "ceph", "cifs", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"}
    | {"fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs"}
)
"""Kinds of file system; not 9p, by which a Linux inside Windows sees its drives."""
_NETWORK_OF_GVFS: Final = (
    "afp-volume:",
    "dav:",
    "davs:",
    "ftp:",
    "ftps:",
    "google-drive:",
    "nfs:",
    "sftp:",
    "smb-share:",
)


@dataclass(frozen=True, slots=True)
class Maker:
    """Where the devices of a maker keep their sessions.

    Attributes:
        name: for people.
        folders: relative to the drive, or to the storage of a media device; in any case of letters.
        called: one of these is part of what the drive or device is called; empty where the folder says enough.
    """

    name: str
    folders: tuple[PurePosixPath, ...]
    called: tuple[str, ...] = ()


MAKERS: Final = (
    # Watches write to Activity, Edge and handhelds to Activities; newer ones are media devices only.
    Maker("Garmin", (PurePosixPath("Garmin/Activity"), PurePosixPath("Garmin/Activities"))),
    # ACE, and BOLT and ROAM from the third on, once USB and FIT access are allowed in Wahoo's app.
    Maker("Wahoo", (PurePosixPath("exports"),), ("wahoo", "elemnt")),
    # A Karoo, once media transfer is allowed in its developer options.
    Maker("Hammerhead", (PurePosixPath("FitFiles"),), ("hammerhead", "karoo")),
)
"""Suunto, Polar and COROS hand their files out through an app or a site only."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A device that is plugged in: its maker's name, and the folder that has its sessions."""

    name: str
    folder: Path


def find(roots: Iterable[Path] | None = None) -> list[Watch]:
    """Every watch below the roots (`ROOTS` unless given), in their order and then of name.

    Never raises: what is not there or may not be looked at has no watch.
    """
    return [watch for root in (ROOTS if roots is None else roots) for watch in _below(root)]


def _below(root: Path) -> Iterator[Watch]:
    level, far = [root], _far()
    for _ in range(_DEEP + 1):
        deeper: list[Path] = []
        for place in level:
            inside = _folders(place)
            found = list(_at(inside, str(place.relative_to(root)).casefold()))
            yield from found
            deeper += () if found else (each for each in inside.values() if not _is_far(each, far))
        level = deeper[:_MOST]


def _far() -> frozenset[str]:
    """Where the network is mounted, as the kernel says without asking it."""
    try:
        mounts = re.findall(rb"^\S+ (\S+) (\S+) ", _MOUNTS.read_bytes(), re.MULTILINE)
    except OSError:
        return frozenset()
    far = (place for place, kind in mounts if os.fsdecode(kind) in _NETWORK)
    # A blank and the like stand there as a backslash and three octal digits.
    return frozenset(os.fsdecode(re.sub(rb"\\([0-7]{3})", lambda code: bytes([int(code[1], 8)]), each)) for each in far)


def _is_far(place: Path, far: frozenset[str]) -> bool:
    return str(place) in far or place.name.startswith(_NETWORK_OF_GVFS)


def _at(inside: Mapping[str, Path], called: str) -> Iterator[Watch]:
    for maker in MAKERS:
        if not maker.called or any(word in called for word in maker.called):
            for folder in maker.folders:
                found = _led(inside, folder)
                if found is not None:
                    yield Watch(maker.name, found)


def _led(inside: Mapping[str, Path], folder: PurePosixPath) -> Path | None:
    """Where a relative folder leads from here, with the letters' case as it is there."""
    first, *rest = (part.casefold() for part in folder.parts)
    found = inside.get(first)
    for part in rest:
        found = None if found is None else _folders(found).get(part)
    return found


def _folders(place: Path) -> dict[str, Path]:
    """The folders in a folder by their name in small letters; none where it cannot be listed."""
    try:
        with os.scandir(place) as entries:
            found = [each for each in islice(entries, _MOST) if each.is_dir(follow_symlinks=False)]
    except OSError:
        return {}
    return {each.name.casefold(): Path(each.path) for each in sorted(found, key=lambda each: each.name)}
