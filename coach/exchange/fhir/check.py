"""Holding a Bundle against FHIR R4B, with `fhir.resources` where it is installed."""

from coach.errors import CoachError
from coach.exchange.fhir.elements import Element


class NotCheckedError(CoachError):
    """The extra that checks is not installed."""


def check(document: Element) -> int:
    """Hold a Bundle, and each resource in it, against the specification. Returns how many resources it holds.

    Raises:
        NotCheckedError: `fhir.resources` is not installed.
        CoachError: something in it is not as R4B has it; says what and where.
    """
    try:
        from fhir.resources.R4B.bundle import Bundle
    except ImportError:
        raise NotCheckedError(
            "Nothing is installed here to check FHIR with. Run `pip install fhir-resources` (the extra `fhir`), or "
            "leave --check out."
        ) from None
    from pydantic import ValidationError

    try:
        Bundle.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise CoachError(f"This is not FHIR R4B: {where}: {first['msg']}.") from error
    return len(document["entry"])
