"""Names of files are people's: they are shown, and say what a file is, and no more."""

import pytest

from coach.uploads import kind_of, shown


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.fit", ".fit"),
        ("A.FIT.GZ", ".fit.gz"),
        ("export.zip", ".zip"),
        ("photo.jpg", ".fit"),
        ("", ".fit"),
        ("../../x.zip", ".zip"),
        ("a.zip.fit", ".fit"),
    ],
)
def test_the_ending_says_what_it_is(name, kind):
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("walk.fit", "walk.fit"),
        ("C:\\Garmin\\walk.fit", "walk.fit"),
        ("../../etc/walk.fit", "walk.fit"),
        ("folder/", "?"),
        ("a\x1b[2J.fit", "a\\x1b[2J.fit"),
        ("x" * 200, "x" * 120 + "…"),
        ("x" * 200 + ".FIT.gz", "x" * 113 + "….fit.gz"),
    ],
)
def test_a_name_is_shown_without_its_path_and_what_is_not_seen(name, told):
    assert shown(name) == told
