import gzip
import io
import os
import resource
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest

from devices.errors import SourceError
from devices.fit import archives, sources, unpacking
from devices.fit.sources import find

FIT = b"\x0e\x10 the bytes of a FIT file"


def zipped(members: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", kind) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def names(path: Path) -> list[str]:
    return [source.name.removeprefix(f"{path}").lstrip("/") for source in find([path])]


def read(path: Path) -> list[bytes | str]:
    """What each source gives: its bytes, or the sentence that refuses it."""

    def one(source: sources.Source) -> bytes | str:
        try:
            return source.read()
        except SourceError as error:
            return str(error).removeprefix(str(path))

    return [one(source) for source in find([path])]


def test_a_file(tmp_path: Path):
    path = tmp_path / "a.fit"
    path.write_bytes(FIT)
    assert read(path) == [FIT]
    assert find([path])[0].name == str(path)


def test_a_file_named_outright_may_be_called_anything(tmp_path: Path):
    path = tmp_path / "activity.bin"
    path.write_bytes(FIT)
    assert read(path) == [FIT]


def test_a_folder_is_searched_to_the_bottom_in_order(tmp_path: Path):
    (tmp_path / "deep/er").mkdir(parents=True)
    for name in ("b.FIT", "a.fit", "deep/er/c.Fit", "notes.txt", "._a.fit"):
        (tmp_path / name).write_bytes(FIT)
    (tmp_path / "d.fit.GZ").write_bytes(gzip.compress(FIT))
    (tmp_path / "e.zip").write_bytes(zipped({"x.fit": FIT}))
    assert names(tmp_path) == ["a.fit", "b.FIT", "d.fit.GZ", "deep/er/c.Fit", "e.zip!x.fit"]
    assert read(tmp_path) == [FIT] * 5


def test_members_of_a_zip_that_are_not_fit_are_ignored(tmp_path: Path):
    path = tmp_path / "a.zip"
    path.write_bytes(
        zipped(
            {
                "z/b.FIT": FIT,
                "a.fit.gz": gzip.compress(FIT),
                "readme.txt": b"",
                "folder.fit/": b"",
                "__MACOSX/._a.fit": b"",
            }
        )
    )
    assert [name.split("!")[-1] for name in names(path)] == ["a.fit.gz", "z/b.FIT"]
    assert read(path) == [FIT, FIT]


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_kinds_of_zip(tmp_path: Path, kind: int):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a.fit": FIT}, kind))
    assert read(path) == [FIT]


def test_a_zip_in_a_zip_but_no_deeper(tmp_path: Path):
    path = tmp_path / "export.zip"
    innermost = zipped({"c.fit": FIT})
    path.write_bytes(zipped({"a.zip": zipped({"b.fit": FIT, "c.zip": innermost}), "bad.zip": b"no"}))
    assert [name.split("!", 1)[-1] for name in names(path)] == ["a.zip!b.fit", "a.zip!c.zip", "bad.zip"]
    first, second, third = read(path)
    assert first == FIT
    assert second == "!a.zip!c.zip lies too deep, in a zip inside a zip. Unpack the outer one first."
    assert "cannot be opened as a zip archive" in third


def test_a_zip_in_a_zip_that_has_no_fit_files_is_passed_over(tmp_path: Path):
    path = tmp_path / "export.zip"
    photos = zipped({"a.jpg": b""})
    path.write_bytes(zipped({"photos.zip": photos, "a.fit": FIT}))
    assert read(path) == [FIT]
    path.write_bytes(zipped({"photos.zip": photos}))
    assert read(path) == [" has no FIT files in it (.fit, .fit.gz or .zip)."]


@pytest.mark.parametrize("inner", [False, True])
def test_a_zip_that_is_cut_off_behind_a_zip_inside_it_is_not_taken_for_that_one(tmp_path: Path, inner: bool):
    lost = zipped({"a.fit": FIT})
    whole = zipped({"first.fit": FIT, "in.zip": lost, "last.fit": FIT}, zipfile.ZIP_STORED)
    cut = whole[: whole.index(lost) + len(lost)]
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"cut.zip": cut}, zipfile.ZIP_STORED) if inner else cut)
    name = "!cut.zip" if inner else ""
    assert read(path) == [f"{name} is cut off: the list of its files is missing. Download it again."]


def test_a_broken_member_does_not_stop_the_rest(tmp_path: Path):
    path = tmp_path / "a.zip"
    data = bytearray(zipped({"a.fit": FIT, "b.fit": FIT, "c.fit": FIT}, zipfile.ZIP_STORED))
    data[data.index(FIT, data.index(FIT) + 1) + 5] ^= 0xFF
    path.write_bytes(data)
    first, second, third = read(path)
    assert (first, third) == (FIT, FIT)
    assert second.startswith("!b.fit cannot be read (Bad CRC-32")


def test_a_locked_member(tmp_path: Path):
    path = tmp_path / "a.zip"
    data = bytearray(zipped({"a.fit": FIT, "b.fit": FIT}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    path.write_bytes(data)
    assert read(path) == ["!a.fit is locked with a password. Unpack it first.", FIT]


def test_a_member_packed_in_an_unknown_way(tmp_path: Path):
    path = tmp_path / "a.zip"
    data = bytearray(zipped({"a.fit": FIT}))
    for signature, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", data, data.index(signature) + method, 99)
    path.write_bytes(data)
    (sentence,) = read(path)
    assert "cannot be read" in sentence


@pytest.mark.parametrize("name", ["a.fit", "a.fit.gz", "a.zip"])
def test_what_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setattr(unpacking, "MAX_FILE_BYTES", 1_000_000)
    dense = os.urandom(1_000_001)
    packed = {"a.fit": dense, "a.fit.gz": gzip.compress(dense), "a.zip": zipped({"a.fit": dense})}
    path = tmp_path / name
    path.write_bytes(packed[name])
    (sentence,) = read(path)
    assert sentence.endswith("is larger than 1 MB unpacked, far more than an activity takes.")


@pytest.mark.parametrize("name", ["a.fit.gz", "a.zip"])
def test_a_bomb_is_refused_and_does_not_stop_the_rest(tmp_path: Path, name: str):
    bomb = bytes(10_000_000)
    packed = {"a.fit.gz": gzip.compress(bomb), "a.zip": zipped({"a.fit": bomb, "b.fit": FIT})}
    (tmp_path / name).write_bytes(packed[name])
    sentence, *rest = read(tmp_path / name)
    assert sentence.endswith("unpacks to more than 100 times its size, as no activity does.")
    assert rest == [FIT] * (name == "a.zip")


def test_a_bomb_of_zips_is_refused(tmp_path: Path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"in.zip": zipped({"a.fit": bytes(10_000_000), "b.fit": FIT}), "c.fit": FIT}))
    first, second, third = read(path)
    assert first == FIT
    assert second == "!in.zip!a.fit unpacks to more than 100 times its size, as no activity does."
    assert third == FIT


def test_many_that_are_each_small_enough_are_refused_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Also where members share their bytes, for what they say they unpack to is reckoned."""
    monkeypatch.setattr(archives, "MAX_ARCHIVE_BYTES", 5_000_000)
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{n}.fit": os.urandom(1_000_000) for n in range(6)}))
    assert read(path) == [" unpacks to 6 MB, more than 5. Unpack it first."]


def test_the_zips_inside_share_one_allowance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MAX_ARCHIVE_BYTES", 10_000)
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{n}.zip": zipped({"a.fit": os.urandom(2_000)}) for n in range(3)}))
    first, second, third = read(path)  # some 6,400 for the three, and 2,000 for what is in the first
    assert len(first) == 2_000
    for refusal, name in ((second, "1.zip"), (third, "2.zip")):
        assert refusal.startswith(f"!{name} unpacks to")


def test_an_inner_zip_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MAX_INNER_ZIP_BYTES", 1_000)
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"in.zip": zipped({"a.fit": os.urandom(2_000)}), "b.fit": FIT}))
    first, second = read(path)
    assert first == FIT
    assert second.startswith("!in.zip is larger than")


def test_a_large_inner_zip_is_read_from_disk_and_leaves_nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "_IN_MEMORY", 10)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"bad.zip": b"no zip at all", "in.zip": zipped({"a.fit": FIT, "b.fit": FIT})}))
    assert "cannot be opened" in read(path)[0]
    assert read(path)[1:] == [FIT, FIT]
    assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.parametrize("inner", [False, True])
def test_more_archives_than_a_process_may_have_files_open(tmp_path: Path, inner: bool):
    whole = zipped({"a.fit": FIT, "b.fit": FIT})
    for n in range(80):
        (tmp_path / f"{n}.zip").write_bytes(zipped({"in.zip": whole}) if inner else whole)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(list(Path("/dev/fd").iterdir())) + 20, limits[1]))
    try:
        assert read(tmp_path) == [FIT] * 160
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_an_archive_that_goes_away_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MOST_OPEN", 1)
    for name in ("a.zip", "b.zip"):
        (tmp_path / name).write_bytes(zipped({"in.zip": zipped({"a.fit": FIT})}))
    first, second = find([tmp_path])
    (tmp_path / "a.zip").unlink()
    with pytest.raises(SourceError, match=r"a\.zip!in\.zip!a\.fit cannot be read"):
        first.read()
    assert second.read() == FIT


@pytest.mark.parametrize("inner", [False, True])
def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inner: bool):
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2 + inner)
    many = zipped({f"{n}.fit": FIT for n in range(3)})
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"in.zip": many}) if inner else many)
    assert read(path) == [f"{'!in.zip' if inner else ''} holds 3 files, more than 2. Unpack it first."]


@pytest.mark.corpus
def test_no_real_file_comes_near_the_ratio_of_a_bomb(corpus: Path):
    for path in corpus.rglob("*.fit"):
        data = path.read_bytes()
        assert len(data) < unpacking.MAX_RATIO / 10 * len(gzip.compress(data)), path


def test_within_a_folder_there_may_be_none(tmp_path: Path):
    assert sources.within(tmp_path) == []
    (tmp_path / "a.fit").write_bytes(FIT)
    assert [source.read() for source in sources.within(tmp_path)] == [FIT]


def test_what_is_not_there_is_said_and_does_not_stop_the_rest(tmp_path: Path):
    there = tmp_path / "a.fit"
    there.write_bytes(FIT)
    empty = tmp_path / "empty"
    empty.mkdir()
    hollow = tmp_path / "hollow.zip"
    hollow.write_bytes(zipped({"readme.txt": b""}))
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK no zip")
    pipe = tmp_path / "pipe.fit"
    os.mkfifo(pipe)
    found = find([tmp_path / "gone", empty, hollow, broken, pipe, Path("\0"), there])
    sentences = []
    for source in found[:-1]:
        with pytest.raises(SourceError) as refusal:
            source.read()
        sentences.append(str(refusal.value).removeprefix(f"{tmp_path}/"))
    assert sentences[:4] == [
        "gone does not exist.",
        "empty has no FIT files in it (.fit, .fit.gz or .zip).",
        "hollow.zip has no FIT files in it (.fit, .fit.gz or .zip).",
        "broken.zip cannot be opened as a zip archive (File is not a zip file).",
    ]
    assert sentences[4] == "pipe.fit is neither a file nor a folder."
    assert "cannot be opened" in sentences[5]
    assert found[-1].read() == FIT


def test_a_file_that_goes_away_before_it_is_read(tmp_path: Path):
    path = tmp_path / "a.fit"
    path.write_bytes(FIT)
    (source,) = find([path])
    path.unlink()
    with pytest.raises(SourceError, match="cannot be read"):
        source.read()


def test_a_gz_that_is_cut_off_gives_what_it_has(tmp_path: Path):
    dense = os.urandom(1_000_000)
    path = tmp_path / "a.fit.gz"
    path.write_bytes(gzip.compress(dense)[:700_000])
    (found,) = read(path)
    assert 690_000 < len(found) < 700_000
    assert dense.startswith(found)
    path.write_bytes(gzip.compress(dense)[:-8])  # its own checksum
    assert read(path) == [dense]


def test_a_gz_of_several_parts(tmp_path: Path):
    path = tmp_path / "a.fit.gz"
    path.write_bytes(gzip.compress(FIT) + gzip.compress(FIT) + bytes(8))
    assert read(path) == [FIT + FIT]


@pytest.mark.parametrize("damage", [b"not gzip", gzip.compress(FIT, mtime=0)[:10], b"\x1f\x8b\x08" + bytes(40)])
def test_a_broken_gz(tmp_path: Path, damage: bytes):
    path = tmp_path / "a.fit.gz"
    path.write_bytes(damage)
    (sentence,) = read(path)
    assert "cannot be read" in sentence


@pytest.mark.thorough
@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_with_any_byte_changed_is_read_or_refused(tmp_path: Path, kind: int):
    whole = zipped({"a.fit": FIT, "in.zip": zipped({"b.fit": FIT}, kind)}, kind)
    path = tmp_path / "a.zip"
    for offset in range(len(whole)):
        data = bytearray(whole)
        data[offset] ^= 0xFF
        path.write_bytes(data)
        assert all(isinstance(found, bytes | str) for found in read(path))
