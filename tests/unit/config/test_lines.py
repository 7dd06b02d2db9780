"""The line of every key, against TOML that is written here line by line."""

import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from config.lines import KeyPath, scan

SCALARS = st.sampled_from(
    [
        "1",
        "-0.5",
        "1e6",
        "true",
        "inf",
        "1979-05-27 07:32:00Z",
        "07:32:00",
        '"a # b"',
        '"[x]"',
        r'"a \" = 1"',
        "'c:\\'",
        '"""\n[not.a.table]\nkey = 1\n"""',
        '"""ends in quotes"""""',
        "'''\n[[nor.this]]\n# nor a comment'''",
        '""',
        "''",
        '""""""',
    ]
)
KEYS = st.sampled_from(["a", "b-1", "2", '"q k"', "'l.k'", "a.b", 'c . "d.e"'])
BLANKS = st.sampled_from(["", "# [comment] = 1", "   "])


def _array(values: list[str]) -> str:
    return "[\n" + "".join(f"  {value}, # ] \n" for value in values) + "]"


def _table(pairs: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{key} = {value}" for key, value in pairs.items()) + " }"


def _unambiguous(pairs: dict[str, str]) -> bool:
    return not {"a", "a.b"} <= set(pairs)


def pairs_of(values: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(KEYS, values, max_size=3).filter(_unambiguous)


VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(_array) | pairs_of(inner.filter(lambda value: "\n" not in value)).map(_table)
    ),
    max_leaves=6,
)
HEADERS = st.lists(st.sampled_from(["[t{}]", "[ t{} . sub ]", "[[list]]", "[list.of]", "[[list.more]]"]), max_size=6)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[int, str]]:
    """A text, and by line number what opens there: a header or a pair's key."""
    lines: list[str] = []
    opened: dict[int, str] = {}
    seen_list = False
    subtable_open = False
    for number, template in enumerate(["", *draw(HEADERS)]):
        if template == "[[list]]":
            seen_list, subtable_open = True, False
        if template in {"[list.of]", "[[list.more]]"} and not seen_list:
            continue
        if template == "[list.of]":
            if subtable_open:
                continue
            subtable_open = True
        lines.append(draw(BLANKS))
        if template:
            header = template.format(number)
            lines.append(header)
            opened[len(lines)] = header
        for key, value in draw(pairs_of(VALUES)).items():
            if template == "[[list]]" and key in {"of", "more"}:
                continue
            opened[len(lines) + 1] = key
            lines += f"{key} = {value}".split("\n")
    return "\n".join(lines), opened


def paths(node: Any, at: KeyPath = ()) -> Iterator[KeyPath]:
    if at:
        yield at
    if isinstance(node, dict):
        for key, value in node.items():
            yield from paths(value, (*at, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from paths(value, (*at, index))


@given(documents())
def test_every_path_of_the_document_has_a_line_and_no_other(written: tuple[str, dict[int, str]]) -> None:
    text, _ = written
    assert set(scan(text)) == set(paths(tomllib.loads(text)))


@given(documents())
def test_keys_stand_where_they_were_written(written: tuple[str, dict[int, str]]) -> None:
    text, opened = written
    lines = scan(text)
    for number in opened:
        assert number in lines.values(), f"nothing was found on line {number}"
    for path, number in lines.items():
        line = text.split("\n")[number - 1]
        if isinstance(path[-1], str):
            assert path[-1] in line


def test_elements_of_arrays_have_their_own_lines() -> None:
    lines = scan('a = [\n  { b = 1 },\n  { b = 2,\n    c = 3 },\n]\n[d."e.f"]\ng.h = [[1], [2,\n3]]')
    assert lines["a", 1] == 3
    assert lines["a", 1, "c"] == 4
    assert lines["d", "e.f"] == 6
    assert lines["d", "e.f", "g", "h", 1, 0] == 7
    assert lines["d", "e.f", "g", "h", 1, 1] == 8


def test_tables_of_a_list_are_told_apart() -> None:
    lines = scan("[[a]]\nb = 1\n[[a.c]]\n[[a]]\n[a.d]\n[[a.c]]\nx = 1\n[[a.c]]\nx = 2\n")
    assert lines["a", 0, "b"] == 2
    assert lines["a", 1] == 4
    assert lines["a", 1, "d"] == 5
    assert lines["a", 1, "c", 1, "x"] == 9
