"""A record as FHIR: what stands where, and that it is R4B whatever was done and told."""

import json
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach import shapes
from coach.errors import CoachError
from coach.exchange.fhir import bundle
from coach.exchange.fhir.check import check
from coach.plan import Diagnosis, Slot
from coach.plan.library import conditions
from coach.plan.model import Restriction, RestrictionCode, Stroke, Weekday
from coach.safety.model import Excusal, ExcusalKind, Extent, Lock, Phase

LOINC = "http://loinc.org"


def made(record: Any, **options: Any) -> dict[str, Any]:
    document = bundle(record.dossier(**options), conditions())
    check(document)
    return document


def values(document: dict[str, Any], of_kind: Any) -> dict[str, list[Any]]:
    """Every quantity of an observation, by code."""
    found: dict[str, list[Any]] = {}
    for each in of_kind(document, "Observation"):
        if "valueQuantity" in each:
            found.setdefault(each["code"]["coding"][0]["code"], []).append(
                (each["valueQuantity"]["value"], each["valueQuantity"]["code"])
            )
    return found


def details(document: dict[str, Any], of_kind: Any) -> dict[str, Any]:
    (plan,) = of_kind(document, "CarePlan")
    return {each["detail"]["code"]["coding"][0]["code"]: each["detail"] for each in plan["activity"]}


def test_a_session_has_the_codes_of_the_clinical_rules(record, of_kind):
    document = made(record().done("level_walk", 20, uphill=3), resting_heart_rate_bpm=61)
    found = values(document, of_kind)
    assert found["55411-3"] == [(20, "min")]
    assert found["40443-4"] == [(61, "/min")]
    assert found["uphill"] == [(3, "min")]
    panels = [each for each in of_kind(document, "Observation") if each["code"]["coding"][0]["code"] == "PAPanel"]
    assert len(panels) == 1
    assert len(panels[0]["hasMember"]) == 4


def test_distance_and_heart_rate_are_the_devices(record, of_kind):
    from devices.recording import Totals

    theirs = Totals(timer_s=600, distance_m=812.4, avg_heart_rate_bpm=104, max_heart_rate_bpm=121)
    one = record().done("level_walk", 10)
    one.activities[0].totals["device"] = theirs
    found = values(made(one), of_kind)
    assert found["55412-1"] == [(812.4, "m")]
    assert found["55425-3"] == [(104, "/min")]
    assert found["55426-1"] == [(121, "/min")]


def test_a_grade_that_is_not_known_is_not_nought(record, of_kind):
    document = made(record().done("level_walk", 20, uphill=None))
    (uphill,) = [each for each in of_kind(document, "Observation") if each["code"]["coding"][0]["code"] == "uphill"]
    assert "valueQuantity" not in uphill
    assert uphill["dataAbsentReason"]["text"] == "grade unavailable: no altitude"


def test_what_was_entered_by_hand_says_so(record, of_kind):
    document = made(record().done("swim", 20, by_hand=True).done("swim", 20, 2))
    methods = {
        each["effectivePeriod"]["start"][:10]: (each["method"]["coding"][0]["code"], each.get("device"))
        for each in of_kind(document, "Observation")
        if each["code"]["coding"][0]["code"] == "55411-3"
    }
    assert methods == {"2026-11-02": ("self-report", None), "2026-11-04": ("recorded", {"display": "garmin fenix"})}


def test_pain_bears_its_phase(record, of_kind):
    one = record().told(0, "17:30", phase=Phase.PRE, pain=2, extent=Extent.THIGH)
    document = made(one.told(1, "08:00", phase=Phase.MORNING, pain=4, numbness=True, shoulder=3))
    asked = {
        (each["code"]["coding"][0]["code"], each["component"][0]["valueCodeableConcept"]["coding"][0]["code"])
        for each in of_kind(document, "Observation")
        if each.get("component") and each["category"][0]["coding"][0]["code"] == "survey"
    }
    assert asked == {
        ("72514-3", "pre"),
        ("symptom-extent", "pre"),
        ("72514-3", "morning"),
        ("numbness", "morning"),
        ("pain-score-shoulder", "morning"),
    }
    assert values(document, of_kind)["72514-3"] == [(2, "{score}"), (4, "{score}")]


def test_avoid_uphill_is_do_not_perform(record, of_kind):
    found = details(made(record()), of_kind)
    assert found["uphill_avoid"]["doNotPerform"] is True
    assert found["level_walk"]["doNotPerform"] is False


def test_each_stroke_to_leave_out_is_do_not_perform(record, of_kind):
    one = record()
    left_out = Restriction(
        code=RestrictionCode.STROKE_AVOID, reason="...", strokes=(Stroke.FREESTYLE, Stroke.BUTTERFLY)
    )
    one.plan = one.plan.model_copy(update={"restrictions": (left_out,)})
    found = details(made(one), of_kind)
    assert {code for code, each in found.items() if each["doNotPerform"]} == {
        "stroke_avoid.freestyle",
        "stroke_avoid.butterfly",
    }


def planned(one: Any, sessions: int, *slots: Slot) -> Any:
    walk = one.plan.prescriptions[0]
    dose = walk.dose.model_copy(update={"sessions": sessions})
    item = walk.model_copy(update={"planned": slots or None, "dose": dose})
    one.plan = one.plan.model_copy(update={"prescriptions": (item, *one.plan.prescriptions[1:])})
    return one


HALF_PAST_FIVE, EIGHT = time(17, 30), time(8)


@pytest.mark.parametrize(
    ("sessions", "slots", "repeat"),
    [
        (5, (), {"frequency": 5}),
        (1, (Slot(day=Weekday.MON, at=HALF_PAST_FIVE),), {"dayOfWeek": ["mon"], "timeOfDay": ["17:30:00"]}),
        (2, (Slot(day=Weekday.MON), Slot(day=Weekday.THU)), {"frequency": 2, "dayOfWeek": ["mon", "thu"]}),
        (
            2,
            (Slot(day=Weekday.MON, at=HALF_PAST_FIVE), Slot(day=Weekday.THU, at=EIGHT)),
            {"frequency": 2, "dayOfWeek": ["mon", "thu"]},
        ),
        (3, (Slot(day=Weekday.MON), Slot(day=Weekday.THU)), {"frequency": 3}),
    ],
)
def test_planned_days(record, of_kind, sessions, slots, repeat):
    """An hour of the day does not stand beside a frequency: FHIR reads it as "on each of these days"."""
    told = details(made(planned(record(), sessions, *slots)), of_kind)["level_walk"]
    found = told["scheduledTiming"]["repeat"]
    assert {name: found[name] for name in ("frequency", "dayOfWeek", "timeOfDay") if name in found} == repeat
    assert (found["duration"], found["durationUnit"]) == (10, "min")
    assert ("frequency" in found) == (found.get("periodUnit") == "wk")
    assert all(str(slot) in told["description"] for slot in slots)


def test_the_next_version_takes_the_place_of_the_one_before(record, of_kind):
    one = record()
    one.later.append(one.plan.model_copy(update={"starts_on": date(2026, 11, 9), "step": 2}))
    document = made(one)
    first, second = of_kind(document, "CarePlan")
    assert (first["status"], first["period"]) == ("completed", {"start": "2026-11-02", "end": "2026-11-08"})
    assert (second["status"], second["period"]) == ("active", {"start": "2026-11-09"})
    assert second["replaces"] == [{"reference": f"urn:uuid:{first['id']}"}]
    assert len(of_kind(document, "Condition")) == 1


def lock(one: Any) -> None:
    one.locks.append(Lock(one.at(5), ("leg_weakness",)))


def hold(one: Any) -> None:
    from coach.exchange.dossier import Pause

    one.pauses.append(Pause(Excusal(ExcusalKind.HOLD, date(2026, 11, 5)), "Dr. Lee", one.at(3)))


@pytest.mark.parametrize("why", [lock, hold])
def test_a_plan_that_asks_nothing_is_on_hold(record, of_kind, why):
    one = record()
    why(one)
    document = made(one)
    assert [each["status"] for each in of_kind(document, "CarePlan")] == ["on-hold"]
    assert {each["lifecycleStatus"] for each in of_kind(document, "Goal")} == {"on-hold"}
    assert details(document, of_kind)["level_walk"]["statusReason"]["text"]


def test_without_a_diagnosis_there_is_no_condition(record, of_kind):
    document = made(record(diagnosed=False))
    assert of_kind(document, "Condition") == []
    assert of_kind(document, "CarePlan")[0]["status"] == "on-hold"


@pytest.mark.parametrize(
    ("code", "codes"),
    [
        ("disc_herniation", ["M51.16"]),
        ("general_sciatica", ["M54.30", "23056005"]),
        ("spinal_stenosis", ["M48.06"]),
    ],
)
def test_a_condition_says_no_more_than_was_recorded(record, of_kind, code, codes):
    """The side, and claudication, are not in a plan: the code that leaves them open."""
    (found,) = of_kind(made(record(code)), "Condition")
    assert [each["code"] for each in found["code"]["coding"]] == codes
    assert (found["recordedDate"], found["asserter"]) == ("2026-10-20", {"display": "Dr. Lee"})


def test_a_condition_that_the_library_does_not_know_is_told_in_words(record, of_kind):
    document = bundle(record().dossier(), {})
    check(document)
    assert of_kind(document, "Condition")[0]["code"] == {"text": "disc herniation"}


def test_the_report_has_the_figures_of_coach_week(record, of_kind):
    one = record().done("level_walk", 12).done("level_walk", 9, 1).done("swim", 20, 2).done("level_walk", 30, 4)
    document = made(one)
    shape = shapes.week(one.dossier().weeks[0])
    (report,) = of_kind(document, "DiagnosticReport")
    by_reference = {f"urn:uuid:{each['id']}": each for each in of_kind(document, "Observation")}
    results = [by_reference[each["reference"]] for each in report["result"]]
    assert report["status"] == "final"
    assert results[0]["valueQuantity"]["value"] == shape["score"]
    items = [each for each in results if each["code"]["coding"][0]["code"] == "item-score"]
    assert len(items) == len(shape["items"])
    for told, item in zip(items, shape["items"], strict=True):
        parts = {each["code"]["coding"][0]["code"]: each for each in told["component"]}
        assert told["valueQuantity"]["value"] == item["score"]
        for code, name in (("frequency", "frequency"), ("dose", "dose"), ("over-dose", "over_dose")):
            assert parts[code]["valueQuantity"]["value"] == item[name]
        assert parts["planned-sessions"]["valueQuantity"]["value"] == item["planned_sessions"]
    assert "2026-W45" in report["conclusion"]
    assert " % of the plan" in report["conclusion"]


def test_a_week_that_is_not_over_is_preliminary(record, of_kind):
    document = made(record(), now=record().at(3))
    assert of_kind(document, "DiagnosticReport")[0]["status"] == "preliminary"


def test_nobody_is_named_unless_asked(record):
    one = record()
    assert "Ada" not in json.dumps(bundle(one.dossier(), conditions()))
    assert "Ada" in json.dumps(bundle(one.dossier(), conditions(), with_name=True))


def test_every_document_says_what_wrote_it(record, of_kind):
    (device,) = of_kind(made(record()), "Device")
    assert [each["value"] for each in device["version"]] == ["0.1.0", "2"]
    assert [each["text"] for each in device["note"]] == ["It does not diagnose.", "Plan versions: 1."]


def test_no_address_and_no_link_gets_out(record):
    one = record().done("level_walk", 10, notes=("sent by bob@example.org", "see https://coach.example/r/s3cret?x=1"))
    made_by = Diagnosis(made_by="Dr. Lee <lee@clinic.example>", made_on=date(2026, 10, 20))
    one.plan = one.plan.model_copy(update={"diagnosis": made_by})
    written = json.dumps(bundle(one.dossier(), conditions()))
    assert "@" not in written
    assert "s3cret" not in written
    assert "Dr. Lee <[address]>" in written


def test_a_name_cannot_break_the_narrative(record):
    one = record()
    item = one.plan.restrictions[0].model_copy(update={"reason": "<script>alert('x')</script> & \x1b[2J"})
    one.plan = one.plan.model_copy(update={"restrictions": (item,)})
    document = made(one)
    text = next(each for each in document["entry"] if each["resource"]["resourceType"] == "CarePlan")
    assert "&lt;script&gt;" in text["resource"]["text"]["div"]
    assert "\x1b" not in json.dumps(document, ensure_ascii=False)


def test_check_finds_what_is_not_fhir(record):
    document = bundle(record().done("level_walk", 10).dossier(), conditions())
    document["entry"][-1]["resource"]["status"] = None
    document["entry"][-1]["resource"]["nonsense"] = 1
    with pytest.raises(CoachError, match="This is not FHIR R4B: entry"):
        check(document)


def test_every_reference_leads_somewhere_in_the_bundle(record):
    document = made(record().done("level_walk", 20).told(0, "19:00", phase=Phase.POST, pain=3))
    urls = {each["fullUrl"] for each in document["entry"]}
    assert len(urls) == len(document["entry"])
    assert set(_references(document)) <= urls


def _references(part: Any) -> Any:
    if isinstance(part, dict):
        if isinstance(part.get("reference"), str):
            yield part["reference"]
        for each in part.values():
            yield from _references(each)
    elif isinstance(part, list):
        for each in part:
            yield from _references(each)


# Whatever was done and told.

SESSIONS = st.lists(
    st.tuples(
        st.sampled_from(["level_walk", "exercise_bike", "swim", "pool_walk", None]),
        st.integers(1, 90),
        st.integers(-1, 7),
        st.times().map(lambda at: f"{at:%H:%M}"),
        st.sampled_from([None, 0, 1, 7]),
        st.booleans(),
    ),
    max_size=5,
)
CHECK_INS = st.lists(
    st.fixed_dictionaries(
        {"phase": st.sampled_from(Phase)},
        optional={
            "pain": st.integers(0, 10),
            "extent": st.sampled_from(Extent),
            "numbness": st.booleans(),
            "weakness": st.booleans(),
            "shoulder": st.integers(0, 10),
        },
    ),
    max_size=4,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.tuples(st.sampled_from(["disc_herniation", "spinal_stenosis", "general_sciatica"]), st.booleans()),
    SESSIONS,
    CHECK_INS,
    st.integers(0, 9),
    st.text(max_size=20),
)
def test_any_week_is_fhir_and_the_same_bytes_again(records, plan, sessions, told, today, device):
    def whole() -> dict[str, Any]:
        one = records(plan[0], diagnosed=plan[1])
        for exercise, minutes, day, clock, uphill, by_hand in sessions:
            one.done(exercise, minutes, day, clock, uphill=uphill, by_hand=by_hand, notes=(device,))
            one.activities[-1] = replace(one.activities[-1], device=device)
        for day, answers in enumerate(told):
            one.told(day, "08:00", **answers)
        return bundle(one.dossier(now=one.at(0) + timedelta(days=today)), conditions())

    document = whole()
    assert check(document) == len(document["entry"])
    assert json.dumps(document, allow_nan=False) == json.dumps(whole(), allow_nan=False)
