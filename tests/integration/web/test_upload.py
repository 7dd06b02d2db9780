"""Files over HTTP: each told of, nothing by its name on the disk, and bombs refused."""

import gzip
import io
import zipfile
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from coach.demo import sessions
from coach.store.engine import reading
from coach.store.tables import Contact
from devices.fit.write import write

WALK = datetime(2026, 6, 3, 6, tzinfo=UTC)


def fit(day: int = 3, minutes: int = 15) -> bytes:
    return write(sessions.walk(WALK.replace(day=day), minutes))


def zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def send(browser, *files: tuple[str, bytes], status: int = 200):
    parts = [("files", (name, data, "application/octet-stream")) for name, data in files]
    return browser.post("/upload", status=status, files=parts, **browser.form("/upload"))


def outcomes(page, words) -> str:
    return page.text.partition('id="outcomes"')[2].partition("</ul>")[0]


def test_a_file_is_added_and_the_week_shows_it(world, ada, words):
    page = send(ada, ("walk.fit", fit()))
    (row,) = world.activities(ada.person)
    assert "walk.fit Added." in words(page)
    assert f'href="/sessions/{row.id}">walk, Wednesday, 3 June 2026, 08:00, 15 min' in page.text
    assert "15" in words(ada.open("/"))
    with reading(world.app.engine) as session:
        assert session.exec(select(Contact.source).where(Contact.person_id == ada.person.id)).all() == ["import"]


def test_many_files_each_with_its_outcome(world, ada, words):
    page = send(
        ada,
        ("one.fit", fit(1)),
        ("two.fit.gz", gzip.compress(fit(2))),
        ("more.zip", zipped(**{"a.fit": fit(3), "b/c.fit": fit(4, 9), "read.me": b"hello"})),
        ("one again.fit", fit(1)),
        ("photo.jpg", b"\xff\xd8\xff" * 100),
        ("half.fit", fit(2, 40)[:-400]),
    )
    told = words(page)
    for sentence in (
        "one.fit Added.",
        "two.fit.gz Added.",
        "more.zip: a.fit Added.",
        "more.zip: b/c.fit Added.",
        "one again.fit It was there already.",
        "photo.jpg It could not be added:",
        "half.fit A part of it could be read, and is added. What was lost:",
    ):
        assert sentence in told
    assert "`coach" not in page.text
    assert len(world.activities(ada.person)) == 5


def test_again_it_is_there_already_and_each_has_their_own(world, ada, bo, words):
    send(ada, ("walk.fit", fit()))
    assert "It was there already." in words(send(ada, ("walk.fit", fit())))
    assert "Added." in words(send(bo, ("walk.fit", fit())))
    assert len(world.activities(ada.person)) == len(world.activities(bo.person)) == 1


@pytest.mark.parametrize(
    "name", ["../../x.fit", "/etc/x.fit", "..\\..\\x.fit", "a\x1b[2J\u202e.fit", "x" * 300 + ".fit"]
)
def test_a_name_is_shown_and_is_no_path(world, ada, words, name):
    before = set(world.app.settings.home.rglob("*"))
    page = send(ada, (name, fit()))
    assert "Added." in words(page)
    assert "\x1b" not in page.text
    assert "../" not in outcomes(page, words)
    after = set(world.app.settings.home.rglob("*"))
    assert {each.name for each in after - before} <= {"coach.db-wal", "coach.db-shm"}


def test_a_name_with_a_script_is_escaped(ada):
    page = send(ada, ("<script>alert(1)</script>.fit", b"no fit at all"))
    assert "<script>alert" not in page.text
    assert "script&gt;.fit" in page.text


def test_a_member_that_climbs_out_of_its_archive_goes_nowhere(ada, words, tmp_path, monkeypatch):
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    page = send(ada, ("evil.zip", zipped(**{"../../x.fit": fit()})))
    assert "Added." in words(page)
    assert not list(tmp_path.rglob("x.fit"))
    assert not list(deep.iterdir())


def test_bombs_are_refused(world, ada, words):
    page = send(
        ada, ("bomb.zip", zipped(**{"b.fit": bytes(30_000_000)})), ("bomb.fit.gz", gzip.compress(bytes(30_000_000)))
    )
    assert words(page).count("100 times its size") == 2
    assert world.activities(ada.person) == []


def test_nothing_chosen_is_told(ada, words):
    assert "choose a file first" in words(ada.send("/upload", status=422))


def test_without_a_form_of_ours_nothing_is_taken(world, ada):
    files = [("files", ("walk.fit", fit(), "application/octet-stream"))]
    ada.post("/upload", status=403, files=files, csrf="x", once="y")
    assert world.activities(ada.person) == []


def test_signed_out_files_are_not_held(world, ada, words):
    form = ada.form("/upload")
    ada.client.cookies.clear()
    files = [("files", ("walk.fit", fit(), "application/octet-stream"))]
    page = ada.post("/upload", status=401, files=files, **form)
    assert "Files are not kept meanwhile" in words(page)
    assert (
        ada.post("/sign-in", email="ada@example.org", password="three quiet words", then="/upload").url.path
        == "/upload"
    )


def test_nobody_sends_without_end(world, ada, words):
    world.web.state.site.limits.count("upload", "1", 599)
    send(ada, ("one.fit", fit()))
    assert "too often" in words(send(ada, ("two.fit", fit(2)), status=429))
    assert len(world.activities(ada.person)) == 1


def test_what_is_far_too_long_is_refused_before_it_comes(world, ada):
    headers = {"content-length": "2000000000", "content-type": "multipart/form-data; boundary=x"}
    page = ada.client.post("/upload", content=iter([b"--x"]), headers=headers)
    assert (page.status_code, "More than 256 MB at once" in page.text) == (413, True)
    assert (
        "zu viel"
        in ada.client.post("/upload", content=iter([b"--x"]), headers={**headers, "accept-language": "de"}).text
    )


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # what was half sent is let go
def test_and_cut_off_where_no_length_is_announced(world, ada, monkeypatch):
    monkeypatch.setattr("coach.web.guard.LONGEST_UPLOAD_BYTES", 100_000)
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.fit"\r\n\r\n'
    endless = (head if not index else b"0" * 10_000 for index in range(500))
    page = ada.client.post("/upload", content=endless, headers={"content-type": "multipart/form-data; boundary=x"})
    assert page.status_code == 413


def test_in_german(world, words):
    eva = world.browser(world.person("Eva", language="de"))
    page = send(eva, ("gang.fit", fit()), ("x.fit", b"nothing"))
    assert "gang.fit Aufgenommen." in words(page)
    assert "x.fit Sie ließ sich nicht aufnehmen:" in words(page)


def test_a_recording_that_was_deleted_stays_away_and_the_page_says_so(world, ada, words):
    send(ada, ("walk.fit", fit()))
    (row,) = world.activities(ada.person)
    ada.send(f"/sessions/{row.id}/delete")
    page = send(ada, ("walk.fit", fit()))
    assert "walk.fit You deleted this recording, so it stays away." in words(page)
    assert world.activities(ada.person) == []


def test_in_german_also_why_a_file_is_refused(world, words):
    ada = world.browser(world.person("Ada", language="de"))
    page = send(ada, ("uhr.fit", b"hello"), ("halb.fit", fit(2, 40)[:-400]))
    assert "Das ist keine FIT-Datei" in words(page)
    assert "Ein Teil ließ sich lesen" in words(page)
    assert "file" not in words(page).replace("uhr.fit", "").lower()
