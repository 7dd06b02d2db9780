"""A document held against a pydantic model: all problems at once, each with line and what is allowed."""

import json
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config import sources
from config.document import Document
from config.errors import LibraryError, Problem
from config.lines import KeyPath
from config.schema import Schema, allowed, known_keys

M = TypeVar("M", bound=BaseModel)

_LONGEST = 40  # characters of a wrong value that an error repeats: enough to find it


def validated(document: Document, model: type[M], *, sourced: bool = True) -> M:
    """The document as a value of the model. Strict: `"10"` is no number, an unknown key is an error.

    Args:
        document: what was read.
        model: what it is to be.
        sourced: whether every number has to say where it is from.

    Raises:
        LibraryError: with every problem of the file, those of `sources.problems` among them.
    """
    found = list(sources.problems(document)) if sourced else []
    try:
        # TOML's types are JSON's and dates; pydantic's strict JSON mode takes exactly those.
        value = model.model_validate_json(json.dumps(document.data, default=str), strict=True)
    except ValidationError as error:
        schema = model.model_json_schema()
        found += [_problem(document, schema, each) for each in _innermost(error)]
        raise LibraryError(*found) from None
    if found:
        raise LibraryError(*found)
    return value


def _innermost(error: ValidationError) -> Iterator[ErrorDetails]:
    """Without those that only follow from another: a list of one wrong item is not also too short."""
    errors = error.errors(include_url=False)
    around = {each["loc"][:length] for each in errors for length in range(len(each["loc"]))}
    return (each for each in errors if each["loc"] not in around)


def _problem(document: Document, schema: Schema, error: ErrorDetails) -> Problem:
    key_path, is_key = error["loc"], error["loc"][-1:] == ("[key]",)
    if is_key:
        key_path = key_path[:-1]
    return document.problem(key_path, _sentence(schema, key_path, error, is_key=is_key))


def _sentence(schema: Schema, key_path: KeyPath, error: ErrorDetails, *, is_key: bool) -> str:
    if is_key or error["type"] == "extra_forbidden":
        return f"is not known here; {known_keys(schema, key_path[:-1])}"
    match error["type"]:
        case "missing":
            return f"is missing; {allowed(schema, key_path)}"
        case "value_error":
            return str(error["ctx"]["error"])
        case _:
            return f"{_shown(error['input'])} is not allowed; {allowed(schema, key_path)}"


def _shown(value: Any) -> str:
    """As TOML writes it, and short."""
    written = json.dumps(value, default=str)
    return written if len(written) <= _LONGEST else f"{written[:_LONGEST]}..."
