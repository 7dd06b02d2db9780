"""The plan library: the conditions that come with the product, those that a clinician adds, their examples.

A condition is a file: config/plans/*.toml, and *.toml in the home's `plans` folder. A clinician's file with
the code of a packaged one takes its place.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from coach.errors import UsageError
from coach.plan import traits as trait_rules
from coach.plan.condition import Condition
from coach.plan.example import ExampleItem
from coach.plan.exercises import Substitution, substitution, substitution_sources
from coach.plan.model import Diagnosis, Exercise, Plan, Relief, RestrictionCode, Traits
from config.document import PACKAGED, Document, read
from config.errors import LibraryError, Problem
from config.validation import validated

_LEFT_OUT = {RestrictionCode.UPHILL_AVOID: Exercise.UPHILL_WALK}
"""The exercise that a restriction takes out of an example."""


def conditions(extra: Path | None = None) -> Mapping[str, Condition]:
    """Every condition by its code, in the order of the codes.

    Args:
        extra: a folder of further files (`Settings.plans`); it may be missing.

    Raises:
        LibraryError: every problem of every file in `extra`, each with file, line, key and what is allowed.
    """
    added = _loaded(extra.glob("*.toml")) if extra is not None else {}
    return dict(sorted({**_packaged(), **added}.items()))


def condition(code: str, extra: Path | None = None) -> Condition:
    """One condition.

    Raises:
        LibraryError: there is none of that code; names those there are.
    """
    known = conditions(extra)
    if code not in known:
        where = extra or PACKAGED / "plans"
        raise LibraryError(Problem(where, None, None, f"no condition {code!r}; one of {', '.join(known)}"))
    return known[code]


def example_plan(
    condition: Condition,
    *,
    starts_on: date,
    diagnosis: Diagnosis | None,
    relief: Relief = Relief.UNKNOWN,
    flexion_tolerated: bool | None = None,
    traits: Traits | None = None,
    pain_free_only: bool = False,
    step: int = 1,
) -> Plan:
    """The condition's example plan, for a clinician to review.

    Args:
        condition: whose example.
        starts_on: the first day, in the person's zone.
        relief: the directional preference, as the clinician found it.
        diagnosis: None leaves the plan locked.
        flexion_tolerated: whether bending forward is comfortable; None (not known) counts as not.
        traits: what of the person bears on the plan: who does not swim is asked for nothing that needs it, and who
            cannot load the spine gets the example for that.
        pain_free_only: a session may bring no more pain than there was before it.
        step: the plan's step, from 1; items from a later step wait.

    Raises:
        UsageError: the condition has no example for a spine that does not bear load.
    """
    traits = traits or Traits()
    override = condition.substitution
    applying = [each for each in condition.restriction if each.applies(flexion_tolerated=flexion_tolerated)]
    left_out = {_LEFT_OUT[each.code] for each in applying}
    prescriptions = tuple(
        trait_rules.fitted(condition.dose[exercise].prescribed(exercise, item.role), traits)
        for item in _example(condition, traits)
        if (exercise := item.chosen(swimmer=traits.swimmer)) is not None and exercise not in left_out
    )
    cited = [condition.about.source, override.source if override else ()]
    cited += [each.source for each in applying]
    cited += [each.source for each in prescriptions]
    codes = sorted({code for source in cited for code in source})
    known = {**trait_rules.sources(traits), **condition.sources}
    return Plan(
        condition=condition.code,
        starts_on=starts_on,
        diagnosis=diagnosis,
        relief=relief,
        flexion_tolerated=flexion_tolerated,
        traits=traits,
        pain_limit_during=condition.about.pain_limit_during,
        pain_free_only=pain_free_only,
        prescriptions=prescriptions,
        restrictions=(
            *(each.said(flexion_tolerated=flexion_tolerated) for each in applying),
            *trait_rules.restrictions(traits),
        ),
        substitution=_merged(substitution(), override.credit if override else {}),
        step=step,
        is_example=True,
        sources={**substitution_sources(), **{code: known[code] for code in codes}, **trait_rules.sources(traits)},
    )


def _example(condition: Condition, traits: Traits) -> tuple[ExampleItem, ...]:
    if not traits.load_intolerant:
        return condition.example.usual
    if condition.example.load_intolerant is None:
        raise UsageError(
            f"There is no example plan for {condition.name} and a spine that does not bear load. "
            "Its file needs [[example.load_intolerant]]; docs/plans.md tells how."
        )
    return condition.example.load_intolerant


def _merged(table: Substitution, override: Substitution) -> dict[Exercise, dict[Exercise, float]]:
    return {done: {**table.get(done, {}), **override.get(done, {})} for done in {**table, **override}}


@cache
def _packaged() -> Mapping[str, Condition]:
    return _loaded((PACKAGED / "plans").glob("*.toml"))


def _loaded(paths: Iterable[Path]) -> dict[str, Condition]:
    found: dict[str, Condition] = {}
    problems: list[Problem] = []
    for path in sorted(paths):
        try:
            document = read(path)
            each = validated(document, Condition)
        except LibraryError as error:
            problems += error.problems
            continue
        problems += [document.problem(*fault) for fault in each.faults()]
        if each.code in found:
            problems.append(_taken(document, each.code))
        found[each.code] = each
    if problems:
        raise LibraryError(*problems)
    return found


def _taken(document: Document, code: str) -> Problem:
    return document.problem(("condition", "code"), f"{code!r} is the code of another file here; choose a new one")
