"""The Bundle: every resource once, in the order in which they refer to each other."""

from collections.abc import Iterator, Mapping

from coach.exchange.dossier import Dossier
from coach.exchange.fhir import pain, person, plans, sessions, weeks
from coach.exchange.fhir.elements import Element, Resource, full_url
from coach.exchange.tidy import tidy
from coach.plan.condition import Condition


def bundle(dossier: Dossier, conditions: Mapping[str, Condition], *, with_name: bool = False) -> Element:
    """A collection, as plain JSON. It bears no date of its own: the same record gives the same bytes.

    Args:
        dossier: the record.
        conditions: the plan library, by code; a condition that it does not know is told in words.
        with_name: the person's name stands in it; otherwise only their pseudonym.
    """
    found = {each["id"]: each for each in _resources(dossier, conditions, with_name=with_name)}
    entries = [{"fullUrl": full_url(each), "resource": each} for each in found.values()]
    document: Element = tidy(
        {
            "resourceType": "Bundle",
            "id": str(dossier.whom.id_of("bundle", dossier.first_day, dossier.last_day)),
            "type": "collection",
            "entry": entries,
        }
    )
    return document


def _resources(dossier: Dossier, conditions: Mapping[str, Condition], *, with_name: bool) -> Iterator[Resource]:
    who = person.patient(dossier, with_name=with_name)
    writer = person.software(dossier)
    yield who
    yield writer
    yield from person.resting_heart_rate(dossier, who)
    for version in dossier.versions:
        rests_on = person.condition(dossier, version, conditions.get(version.plan.condition), who)
        aims = plans.goals(dossier, version, who)
        if rests_on is not None:
            yield rests_on
        yield from aims.values()
        yield plans.care_plan(dossier, version, who, aims, rests_on)
    for activity in dossier.activities:
        yield from sessions.observations(dossier, activity, who)
    for told in dossier.check_ins:
        yield from pain.observations(dossier, told, who)
    for judged in dossier.weeks:
        yield from weeks.resources(dossier, judged, who, writer)
