"""A plan in words: nothing that a plan can hold is without its own."""

from datetime import date

import pytest

from coach.plan import Diagnosis
from coach.plan.citing import cited
from coach.plan.differences import Difference, differences
from coach.plan.library import condition, conditions, example_plan
from coach.plan.model import (
    HeatScreen,
    Level,
    Plan,
    Prescription,
    Relief,
    RestrictionCode,
    Role,
    Stroke,
    Traits,
)
from coach.plan.words import difference, items, left_out, rests_on
from coach.units import Units
from config.messages import catalogue, languages

NESTED = {"prescriptions", "restrictions", "traits", "substitution", "sources", "is_example"}


def example(code: str, **said) -> Plan:
    diagnosis = Diagnosis(made_by="Dr Bo", made_on=date(2026, 5, 1))
    return example_plan(condition(code), starts_on=date(2026, 6, 1), diagnosis=diagnosis, **said)


@pytest.mark.parametrize("language", languages())
def test_every_key_and_every_choice_has_its_words(language):
    words = catalogue(language)
    keys = {*Plan.model_fields, *Prescription.model_fields, *Traits.model_fields} - NESTED - {"exercise"}
    assert keys <= set(words.names("plan_key"))
    assert {*Relief, *Role, *Level, *Stroke, *HeatScreen, "yes", "no", "not_known"} <= set(words.names("plan_value"))
    assert set(conditions()) <= set(words.names("condition"))
    assert {f"left_out_{code}" for code in RestrictionCode} <= set(words.names("plan"))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("units", list(Units))
@pytest.mark.parametrize("code", sorted(conditions()))
def test_every_example_is_read_in_every_language(language, units, code):
    words = catalogue(language)
    plan = example(code, traits=Traits(shoulder_injury=True, swimmer=True, beta_blocker=True))
    assert len(list(items(plan, units, words))) == len(plan.prescriptions)
    assert all(value for _, value in rests_on(plan, words))
    assert len(list(left_out(plan, words))) == len(plan.restrictions)


def test_what_changed_is_said_in_words():
    words = catalogue()
    found = differences(example("disc_herniation"), example("spinal_stenosis", relief=Relief.FLEXION))
    said = [difference(each, words) for each in found]
    assert "Condition: spinal stenosis instead of disc herniation" in said
    assert "What eases it: bending forward instead of not known" in said
    assert "Bike session: main part, 3 x 10 min, up to 4 x 30 min, new" in said
    assert not [each for each in said if "_" in each], "no keys of files"


def test_and_in_german():
    found = differences(example("disc_herniation"), example("spinal_stenosis"))
    said = [difference(each, catalogue("de")) for each in found]
    assert "Einheit auf dem Ergometer: Hauptteil, 3 x 10 min, bis 4 x 30 min, neu" in said


def test_what_a_clinician_has_added_goes_by_its_code():
    change = Difference("condition", "disc_herniation", "my_own_thing")
    assert difference(change, catalogue()) == "Condition: my own thing instead of disc herniation"


def test_what_the_library_says_is_told_in_german_and_said_once():
    words = catalogue("de")
    told = [each for item in items(example("disc_herniation"), Units.METRIC, words) for each in item.remarks]
    assert "10 Minuten dürfen auch zweimal 5 Minuten sein." in told
    assert told.count("Innerhalb von: Spaziergänge.") == 1
    assert next(left_out(example("disc_herniation"), words)).why.startswith("Ihr Plan lässt Bergaufgehen vorerst weg")


def test_a_clinicians_own_words_stay():
    plan = example("disc_herniation")
    walk = plan.prescriptions[0].model_copy(update={"note": "On grass."})
    changed = plan.model_copy(update={"prescriptions": (walk, *plan.prescriptions[1:])})
    assert "On grass." in next(items(changed, Units.METRIC, catalogue("de"))).remarks
    said = [difference(each, catalogue("de")) for each in differences(plan, changed)]
    assert said == ["Spaziergang, Anmerkung: On grass. statt 10 Minuten dürfen auch zweimal 5 Minuten sein."]


@pytest.mark.parametrize("language", languages())
def test_sources_are_told_without_codes_and_with_what_rests_on_them(language):
    plan = example("disc_herniation")
    told = list(cited(plan, catalogue(language)))
    assert len(told) == len(plan.sources)
    codes = [code for code in plan.sources if "-" in code]
    assert not any(code in each.text or each.text[1:3] == ": " for code in codes for each in told)
    water = next(each for each in told if each.text.startswith("Ma 2022"))
    assert water.kind == catalogue(language).text("citation.evidence")
    assert catalogue(language).text("exercises.swim") in water.behind


def test_a_restriction_that_is_new_keeps_its_brackets():
    plan = example("disc_herniation")
    shoulder = example("disc_herniation", traits=Traits(shoulder_injury=True))
    said = [difference(each, catalogue("de")) for each in differences(plan, shoulder)]
    assert any(each.endswith("um Ihre Schulter zu schonen. (Kraul, Schmetterling), neu") for each in said)
