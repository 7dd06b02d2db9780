"""Every number says where it is from: the rule that all data files keep, checked on their values alone.

A file's `[sources]` table gives each citation a code. A table that holds a number, or a table around it,
lists the codes that the number rests on: `source = ["who-2020", "design"]`.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from config.document import Document
from config.errors import Problem
from config.lines import KeyPath

Citation = Annotated[
    str,
    Field(
        pattern=r"^[SED]: \S",
        description="text after its tag: `S: ` founding article, `E: ` published evidence, `D: ` this design",
    ),
]
"""Where a number is from, to be read by a clinician."""

Source = Annotated[
    tuple[str, ...], Field(min_length=1, description='a list of codes from [sources], such as ["who-2020"]')
]
"""The codes that a table's numbers rest on."""


def problems(document: Document) -> Iterator[Problem]:
    """The codes that no citation explains, and the numbers without a source."""
    cited = document.data.get("sources", {})
    known = set(cited) if isinstance(cited, Mapping) else set()
    for key_path, node, covered in _tables(document.data, (), covered=False):
        codes = node.get("source", ())
        for code in codes if isinstance(codes, list) else ():
            if code not in known:
                allowed = ", ".join(sorted(known)) or "none yet"
                sentence = f"{code!r} is not explained; a code from [sources]: {allowed}"
                yield document.problem((*key_path, "source"), sentence)
        numbers = [key for key, value in node.items() if _holds_number(value)]
        if numbers and not covered:
            sentence = f"has a number without a source; add source = [...] to its table ({', '.join(numbers)})"
            yield document.problem((*key_path, numbers[0]), sentence)


def _tables(node: Any, key_path: KeyPath, *, covered: bool) -> Iterator[tuple[KeyPath, Mapping[str, Any], bool]]:
    """Every table, its place, and whether it or a table around it names a source."""
    if isinstance(node, Mapping):
        covered = covered or bool(node.get("source"))
        yield key_path, node, covered
        for key, value in node.items():
            yield from _tables(value, (*key_path, key), covered=covered)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _tables(value, (*key_path, index), covered=covered)


def _holds_number(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_holds_number, value))
    return isinstance(value, int | float) and not isinstance(value, bool)
