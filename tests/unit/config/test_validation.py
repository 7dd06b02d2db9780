from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple

import pytest
from pydantic import BaseModel, ConfigDict, Field

from config.document import read
from config.errors import LibraryError
from config.sources import Citation, Source
from config.validation import validated


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Pair(NamedTuple):
    low: int
    high: int


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    count: Annotated[int, Field(ge=1, le=9)] = 1
    least: Annotated[int | None, Field(ge=3)] = None
    share: Annotated[float, Field(le=1)] = 0.5
    flag: bool = True
    pair: Pair = Pair(1, 2)
    colour: Colour = Colour.RED
    source: Source = ()


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sources: Mapping[str, Citation]
    inner: Inner
    by_colour: Mapping[Colour, str] = {}


HEAD = '[sources]\nd = "D: ours"\n[inner]\nsource = ["d"]\n'


def problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "f.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LibraryError) as caught:
        validated(read(path), Outer)
    return [str(each).removeprefix("f.toml, ") for each in caught.value.problems]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("count = -5", "inner.count: -5 is not allowed; a whole number from 1 to 9"),
        ('count = "5"', 'inner.count: "5" is not allowed; a whole number from 1 to 9'),
        ("count = true", "inner.count: true is not allowed; a whole number from 1 to 9"),
        ("least = 2", "inner.least: 2 is not allowed; a whole number of at least 3"),
        ("share = 1.5", "inner.share: 1.5 is not allowed; a number of at most 1"),
        ("share = nan", "inner.share: NaN is not allowed; a number of at most 1"),
        ("flag = 1", "inner.flag: 1 is not allowed; true or false"),
        ("pair = [1, 'x']", 'inner.pair[1]: "x" is not allowed; a whole number'),
        ("pair = 3", "inner.pair: 3 is not allowed; a list of 2, each a whole number"),
        ("colour = 'green'", 'inner.colour: "green" is not allowed; one of red, blue'),
        (
            "cuont = 'x'",
            "inner.cuont: is not known here; one of count, least, share, flag, pair, colour, source",
        ),
    ],
)
def test_a_wrong_value_says_where_and_what_is_allowed(tmp_path: Path, line: str, sentence: str) -> None:
    assert problems(tmp_path, f"{HEAD}{line}\n") == [f"line 5, {sentence}"]


def test_a_wrong_key_of_a_table_says_which_there_are(tmp_path: Path) -> None:
    found = problems(tmp_path, f"{HEAD}[by_colour]\ngreen = 'x'\n")
    assert found == ["line 6, by_colour.green: is not known here; one of red, blue"]


def test_a_missing_table_says_what_belongs_in_it(tmp_path: Path) -> None:
    found = problems(tmp_path, '[sources]\nd = "D: ours"\n')
    keys = "count, least, share, flag, pair, colour, source"
    assert found == [f"inner: is missing; a table with the keys {keys}"]


def test_a_number_without_a_source_is_found(tmp_path: Path) -> None:
    found = problems(tmp_path, '[sources]\nd = "D: ours"\n[inner]\ncount = 3\n')
    assert found == ["line 4, inner.count: has a number without a source; add source = [...] to its table (count)"]


def test_a_code_that_no_citation_explains_is_found(tmp_path: Path) -> None:
    found = problems(tmp_path, HEAD.replace('["d"]', '["d", "x"]'))
    assert found == ["line 4, inner.source: 'x' is not explained; a code from [sources]: d"]


def test_a_citation_bears_its_tag(tmp_path: Path) -> None:
    found = problems(tmp_path, HEAD.replace("D: ours", "ours"))
    assert found[0].startswith('line 2, sources.d: "ours" is not allowed; text after its tag: ')


def test_all_problems_are_told_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    found = problems(tmp_path, f"{HEAD}colour = 1\ncount = 0\nextra = 1\n")
    assert [each.split(":")[0] for each in found] == [
        "line 5, inner.colour",
        "line 6, inner.count",
        "line 7, inner.extra",
    ]
