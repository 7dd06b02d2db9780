"""What every test may use: the corpus of real FIT files, where it is there."""

import csv
import os
from collections.abc import Container
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
CORPUS = Path(os.environ.get("COACH_SHARED", PROJECT.parent / "shared")) / "fit"
NO_CORPUS = f"no corpus of real FIT files at {CORPUS}; set COACH_SHARED to the folder that has it"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `corpus`, or using it, are skipped where it is not."""
    if CORPUS.is_dir():
        return
    for item in items:
        if item.get_closest_marker("corpus") or "corpus" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason=NO_CORPUS))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`facts`: one row of the corpus' index.csv for each real file, but those of `corpus(without=...)`."""
    if "facts" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("corpus")
        without = marker.kwargs.get("without", ()) if marker else ()
        metafunc.parametrize("facts", _facts(without), ids=lambda facts: facts["file"])


def _facts(without: Container[str]) -> list[dict[str, str]]:
    index = CORPUS / "index.csv"
    if not index.is_file():
        return [{"file": "no corpus"}]
    with index.open(encoding="utf-8", newline="") as lines:
        return [facts for facts in csv.DictReader(lines) if facts["file"] not in without]


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real FIT files; `index.csv` in it has the expected facts."""
    return CORPUS
