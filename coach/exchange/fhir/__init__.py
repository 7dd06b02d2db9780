"""A dossier as FHIR R4B: `bundle` gives a Bundle as plain JSON; `check` holds one against the specification."""

from coach.exchange.fhir.bundle import bundle

__all__ = ["bundle"]
