"""What the plan library says, in other languages than its own: library/de.toml beside this module, one file a language.

The library's own words are English, and a plan keeps them as they stood when it was made. So each file goes by them: on
the left the words as they are kept, on the right those of its language.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from config.document import read
from config.validation import validated

Text = Annotated[str, Field(min_length=1)]

_FOLDER = Path(__file__).parent / "library"


class _Library(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    note: Mapping[Text, Text]
    reason: Mapping[Text, Text]
    source: Mapping[Text, Text]


@cache
def library(language: str) -> Mapping[str, str]:
    """Every text of the library by its own words; nothing for the language that it is written in.

    Raises:
        LibraryError: the language's file is wrong.
    """
    path = _FOLDER / f"{language}.toml"
    if not path.is_file():
        return {}
    found = validated(read(path), _Library)
    return {**found.note, **found.reason, **found.source}


def in_language(text: str, language: str) -> str:
    """A text of the library, or two in a row, in a language; whatever else somebody wrote, as they wrote it."""
    known = library(language)
    if text in known:
        return known[text]
    for first in known:
        rest = text.removeprefix(f"{first} ")
        if rest != text and rest in known:
            return f"{known[first]} {known[rest]}"
    return text
