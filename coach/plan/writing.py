"""A plan as the text of its TOML file: the same plan is always the same text, so that two can be compared."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from coach.plan.file import Heading
from coach.plan.model import Plan, Value

_HEADER = """\
# {title}
# Agreed with a clinician, or an example for one to review. `coach plan import FILE` takes a changed file in as a new
# version; versions before it stay as they are. What is wrong is told with its line and what is allowed."""

_PLAN = """\
# relief: extension, flexion, neutral, none or unknown. flexion_tolerated: left out while it is not known.
# pain_limit_during: 0-5, the most pain (of 10) that a session may bring; pain_free_only: no more than before it.
# set_by: who set this plan; left out, it is an example for a clinician to review."""

_DIAGNOSIS = "# Without [diagnosis] the plan is locked."

_ITEMS = """\
# One [[item]] an exercise: sessions a week x minutes now, and the ceiling where progression ends. role: base or primary
# (they weigh by their minutes), or optional. May be left out: from_step, nested_in, may_split, no_substitute,
# max_minutes, max_distance_m, max_intensity (light, moderate, vigorous), by_effort, rest_days, note, and
# planned = ["mon 17:30", "thu"]."""

_SUBSTITUTION = (
    "# Credit for a minute of the first exercise, done in the place of the second. What is not named counts not."
)

_ESCAPED_DELETE = "\\u007f"


def written(plan: Plan, title: str = "A plan") -> str:
    """The text of the file; `file.parsed` gives the plan again."""
    parts = [
        _HEADER.format(title=title),
        _table("[plan]", _PLAN, _heading(plan)),
        _table("[diagnosis]", _DIAGNOSIS, plan.diagnosis.model_dump()) if plan.diagnosis else _DIAGNOSIS,
        _table("[traits]", None, plan.traits.model_dump()),
        _ITEMS,
        *(_table("[[item]]", None, _said(item)) for item in plan.prescriptions),
        *(_table("[[restriction]]", None, _said(each)) for each in plan.restrictions),
        _table("[substitution]", _SUBSTITUTION, plan.substitution),
        _table("[sources]", None, plan.sources),
    ]
    return "\n\n".join(parts) + "\n"


def _table(header: str, comment: str | None, pairs: Mapping[Any, Any]) -> str:
    lines = (f"{_key(name)} = {_value(value)}" for name, value in pairs.items() if value is not None)
    return "\n".join([*filter(None, (comment,)), header, *lines])


def _heading(plan: Plan) -> Mapping[str, Any]:
    return {name: getattr(plan, name) for name in Heading.model_fields}


def _said(value: Value) -> Mapping[str, Any]:
    """Without what is as it is when nobody says so."""
    return value.model_dump(exclude_defaults=True)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case int() | float():
            return repr(value)
        case date():
            return value.isoformat()
        case Mapping():
            return f"{{ {', '.join(_pairs(value))} }}" if value else "{}"
        case _:
            return f"[{', '.join(_value(each) for each in value)}]"


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    return (f"{_key(name)} = {_value(each)}" for name, each in table.items())


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return str(name) if bare else _text(name)


def _text(text: str) -> str:
    """A basic string: TOML's escapes are JSON's, and DEL is one more."""
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", _ESCAPED_DELETE)
