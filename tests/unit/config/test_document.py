from pathlib import Path

import pytest

from config.document import Document, dotted, read
from config.errors import LibraryError


def test_a_key_that_is_not_there_is_at_the_nearest_around_it(tmp_path: Path) -> None:
    text = "x = 1\n[dose.walk]\nstart = { sessions = 5 }\n"
    document = Document(tmp_path / "a.toml", {}, text)
    assert document.line(("dose", "walk", "start", "minutes")) == 3
    assert document.line(("dose", "walk", "ceiling")) == 2
    assert document.line(("other",)) is None
    assert document.line(()) is None


def test_key_paths_are_written_as_people_write_them() -> None:
    assert dotted(("example", "usual", 0, "role")) == "example.usual[0].role"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a = 1\nb = = 2\n", "my.toml, line 2: is not TOML here: invalid value"),
        ("a = 1\na = 2\n", "my.toml, line 2: is not TOML here: cannot overwrite a value"),
        ("[a]\n[a]\n", "my.toml, line 2: [a] stands here a second time; write what belongs to it into the first"),
        ("[a.b]\n[a]\n[a.b]\n", "my.toml, line 3: [a.b] stands here a second time"),
        ('a = 1\n\nb = "open', "my.toml, line 3: is not TOML here: "),
    ],
)
def test_a_syntax_error_names_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "my.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LibraryError) as caught:
        read(path)
    assert str(caught.value).startswith(sentence)


def test_bytes_that_are_not_utf8_are_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(b'a = "\xff"')
    with pytest.raises(LibraryError, match=r"my.toml: is not UTF-8 text; save it as UTF-8"):
        read(path)


def test_a_missing_file_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"none.toml: cannot be read \(No such file or directory\)"):
        read(tmp_path / "none.toml")
