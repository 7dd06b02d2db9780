"""`--help`, of every command."""

import pytest


@pytest.mark.parametrize(
    "command",
    ["setup", "import", "activities", "activity", "plan", "week", "summary", "nudges", "tick", "run", "demo"],
)
def test_help_everywhere(coach, command):
    assert command in coach("--help").out
    assert f"coach {command}" in coach(command, "--help").out
    assert f"coach {command}" in coach(command, "-h").out
