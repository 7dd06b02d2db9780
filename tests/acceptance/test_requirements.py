"""What `requirements/` pins is what `pyproject.toml` asks for, each with its hash."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(name: str) -> dict[str, str]:
    text = (PROJECT / "requirements" / name).read_text(encoding="utf-8")
    found = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)(?: ;[^\\\n]*)? \\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(found) == len(re.findall(r"^\S", text, re.MULTILINE)), "each with its hash, and nothing else"
    return {canonicalize_name(each): version for each, version in found}


def needed(*wanted: str) -> set[str]:
    """All that these lead to, here."""
    open_, seen = [Requirement(each) for each in wanted], set()
    while open_:
        each = open_.pop()
        one = (canonicalize_name(each.name), frozenset(each.extras))
        if one in seen:
            continue
        seen.add(one)
        try:
            below = [Requirement(text) for text in requires(each.name) or ()]
        except PackageNotFoundError:  # not for this system
            continue
        extras = each.extras or {""}
        open_ += [
            more
            for more in below
            if more.marker is None or any(more.marker.evaluate({"extra": extra}) for extra in extras | {""})
        ]
    return {name for name, _ in seen}


def test_an_installation_has_all_that_it_needs_in_the_versions_that_are_tested():
    run, dev = pins("run.txt"), pins("dev.txt")
    project = PYPROJECT["project"]
    direct = [*project["dependencies"], *project["optional-dependencies"]["postgresql"]]
    assert {name: dev.get(name) for name in run} == run
    for each in map(Requirement, direct):
        assert each.specifier.contains(run[canonicalize_name(each.name)]), f"{each}: run `make lock`"
    assert not needed(*direct) - set(run)
    for tool in ("pytest", "mypy", "ruff", "hypothesis", "playwright"):
        assert tool not in run


def test_what_builds_it_is_pinned():
    build = pins("build.txt")
    for each in map(Requirement, [*PYPROJECT["build-system"]["requires"], *PYPROJECT["dependency-groups"]["build"]]):
        assert each.specifier.contains(build[canonicalize_name(each.name)]), f"{each}: run `make lock`"


WELL = {"name": "one", "version": "1.0", "vulns": []}
FLAWED = {"name": "two", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
SKIPPED = {"name": "three", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "code", "says"),
    [
        ([WELL], 0, "Nothing is known against the 1 packages"),
        ([WELL, FLAWED], 1, "two 2.0: PYSEC-1; mended in: 2.1"),
        ([SKIPPED, FLAWED], 1, "two 2.0: PYSEC-1"),
        ([WELL, SKIPPED], 2, "the service does not know 1 of 2, such as three"),
        (None, 2, "Nobody could be asked whether requirements/run.txt is safe: Connection refused"),
    ],
)
def test_what_is_known_fails_and_whoever_could_not_be_asked_is_told(tmp_path, packages, code, says):
    """Instead of the service what it would say: as pip-audit writes it."""
    uv = tmp_path / "uv"
    report = "" if packages is None else json.dumps({"dependencies": packages, "fixes": []})
    uv.write_text(
        f"#!{sys.executable}\nimport sys\nargs = sys.argv\n"
        f"if {report!r}: open(args[args.index('--output') + 1], 'w').write({report!r})\n"
        "sys.stderr.write('Connection refused\\n')\nsys.exit(1)\n"
    )
    uv.chmod(0o700)
    asked = subprocess.run(
        [sys.executable, PROJECT / ".ci" / "audit", uv], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert asked.returncode == code
    assert says in asked.stdout + asked.stderr


def test_without_the_tool_nobody_could_be_asked(tmp_path):
    asked = subprocess.run(
        [sys.executable, PROJECT / ".ci" / "audit", tmp_path / "none"], cwd=PROJECT, capture_output=True, check=False
    )
    assert asked.returncode == 2
