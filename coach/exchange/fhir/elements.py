"""The elements that resources are made of. Plain dictionaries; what is None or empty is left out."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any, Final
from uuid import UUID

from coach.exchange.codes import IG, UCUM, Code, Unit

Element = dict[str, Any]
Resource = dict[str, Any]

DATA_ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def filled(**parts: Any) -> Element:
    """Those parts that say something: FHIR knows no null, no empty list and no empty text."""
    return {name: value for name, value in parts.items() if value is not None and value not in ("", [], {}, ())}


def resource(kind: str, number: UUID, *, profile: str | None = None, **parts: Any) -> Resource:
    """A resource; `profile` is one of the Physical Activity guide that it follows."""
    meta = {"profile": [f"{IG}/StructureDefinition/{profile}"]} if profile else None
    return filled(resourceType=kind, id=str(number), meta=meta, **parts)


def reference(of: Resource) -> Element:
    return {"reference": full_url(of)}


def full_url(of: Resource) -> str:
    return f"urn:uuid:{of['id']}"


def concept(*codes: Code) -> Element:
    """One thing by its codes; where there is none, say it with `text_concept`."""
    return filled(
        coding=[filled(system=each.system, code=each.code, display=each.display) for each in codes],
        text=codes[0].text,
    )


def text_concept(text: str) -> Element:
    return {"text": text}


def quantity(value: float | None, unit: Unit, digits: int = 4) -> Element | None:
    """None where the value is not known."""
    if value is None or not isfinite(value):
        return None
    return {"value": _number(value, digits), "unit": unit.name, "system": UCUM, "code": unit.code}


def _number(value: float, digits: int) -> float | int:
    rounded = round(value, digits)
    return int(rounded) if rounded == int(rounded) else rounded


def component(
    code: Code, *, value: float | None = None, unit: Unit | None = None, means: Code | None = None
) -> Element:
    """A part of an observation: a figure, or what a code means; without either it says that there is none."""
    measured = quantity(value, unit) if unit is not None else None
    absent = absent_because("not-applicable") if measured is None and means is None else None
    return filled(
        code=concept(code),
        valueQuantity=measured,
        valueCodeableConcept=concept(means) if means else None,
        dataAbsentReason=absent,
    )


def absent_because(code: str, text: str | None = None) -> Element:
    """Why there is no value: `unknown`, `not-applicable`, `masked`."""
    system = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
    return filled(coding=[{"system": system, "code": code}], text=text)


def absent_extension(code: str) -> Element:
    """The same in the place of a value that must be there."""
    return {"extension": [{"url": DATA_ABSENT, "valueCode": code}]}


def instant(at: datetime) -> str:
    """In UTC, to the second where it is a whole one."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def period(start: date | datetime, end: date | datetime | None = None) -> Element:
    return filled(start=_written(start), end=None if end is None else _written(end))


def _written(at: date | datetime) -> str:
    return instant(at) if isinstance(at, datetime) else at.isoformat()


def narrative(lines: Iterable[str]) -> Element:
    """The text that a person reads where nothing else can be shown."""
    from html import escape

    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{paragraphs}</div>'}


def annotation(texts: Iterable[str]) -> list[Mapping[str, str]]:
    return [{"text": text} for text in texts if text.strip()]
