"""What leaves the house: a person's record as FHIR, as sheets (CSV), or whole (JSON). Functions of values to documents.

`dossier` is what they are made of; `coach.gathering` reads one from the store.
"""
