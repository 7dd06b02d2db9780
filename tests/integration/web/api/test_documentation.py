"""docs/api.md says what the API does: its examples are run, and nothing is undocumented."""

import hashlib
import re
import shlex
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from coach.accounts.tokens import DAYS, Scope
from coach.web.api import RESOURCES
from coach.web.api.document import document
from coach.web.problems import ALL

PAGE = (Path(__file__).parents[4] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = [text.replace("\\\n", " ") for text in re.findall(r"```sh\n(curl .*?)```", PAGE, re.DOTALL)]


def asked(words: list[str], fit: bytes) -> Iterator[tuple[str, object]]:
    """What curl would send, for the client of a test."""
    headers: dict[str, str] = {}
    files: list[tuple[str, tuple[str, bytes]]] = []
    rest = iter(words[1:])
    for word in rest:
        match word:
            case "-H":
                name, _, value = next(rest).partition(": ")
                headers[name.lower()] = value
            case "-X":
                yield "method", next(rest)
            case "-F":
                assert next(rest) == "file=@walk.fit"
                files.append(("file", ("walk.fit", fit)))
            case "--data-binary":
                assert next(rest) == "@walk.fit"
                yield "content", fit
            case "--data":
                yield "content", next(rest).encode()
            case _:
                yield "url", word
    yield "headers", headers
    if files:
        yield "files", files


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_work(world, program, walk, example):
    fit = walk(world.now - timedelta(hours=1))
    if "files?" not in example and "-F" not in example:
        program.bring(fit)
    known = hashlib.sha256(fit).hexdigest()
    example = re.sub(r"\$\(sha256sum .*\)", known, example)
    words = shlex.split(example.replace("$TOKEN", program.token).replace("$COACH", "http://testserver"))
    given = dict(asked(words, fit))
    method = given.pop("method", "POST" if "content" in given or "files" in given else "GET")
    answer = program.client.request(method, given.pop("url"), **given)
    assert answer.status_code in {200, 201}, answer.text


def code() -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", PAGE))


def test_there_are_examples():
    assert len(EXAMPLES) >= 7


def test_every_operation_is_documented():
    told = code() | {re.sub(r"[\"?].*", "", path) for path in re.findall(r"/api/v1\S*", PAGE)}
    for path in document(RESOURCES)["paths"]:
        beginning = path.partition("/{")[0]
        assert path in told or any(each.startswith(beginning) for each in told), path


def test_every_scope_and_problem_is_documented():
    assert {each.value for each in Scope} <= code()
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (\d{3}) \|", PAGE, re.MULTILINE))
    assert rows == {name: str(int(kind.status)) for name, kind in ALL.items()}
    assert all(str(each) in PAGE for each in DAYS)
