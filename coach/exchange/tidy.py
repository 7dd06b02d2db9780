"""The last pass over every document: what must not leave the house, and what no reader can take."""

from functools import lru_cache
from re import IGNORECASE
from re import compile as pattern
from typing import Any, Final

from coach.signs import visible

_ADDRESS: Final = pattern(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_LINK: Final = pattern(r"\b[a-z][a-z0-9+.-]*://(?!www\.w3\.org/1999/xhtml\")[^\s<>\"]+", IGNORECASE)
_PUBLIC: Final = pattern(
    r"http://(?:hl7\.org|terminology\.hl7\.org|loinc\.org|snomed\.info|unitsofmeasure\.org|www\.nlm\.nih\.gov)[\w/.-]*"
)
"""Systems of codes and profiles: texts that are addresses by nature, and lead nowhere private."""


@lru_cache(maxsize=4096)  # a document says most things many times
def tidy_text(text: str) -> str:
    """Without e-mail addresses and links (ours are signed: whoever has one may answer), and all of it visible."""
    if _PUBLIC.fullmatch(text):
        return str(text)
    lines = _LINK.sub("[link]", _ADDRESS.sub("[address]", text)).split("\n")
    return "\n".join(visible(line) for line in lines)


def tidy(document: Any) -> Any:
    """A JSON document with each of its texts tidied; keys are ours."""
    if isinstance(document, str):
        return tidy_text(document)
    if isinstance(document, dict):
        return {name: tidy(value) for name, value in document.items()}
    if isinstance(document, list | tuple):
        return [tidy(value) for value in document]
    return document
