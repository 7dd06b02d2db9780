"""The documentation says what the program does: nothing is undocumented, and what it names is there."""

import ast
import os
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlmodel import SQLModel

import scheduler.tables
from coach.adherence import Band, Status
from coach.cli import EXIT_BUG, EXIT_FAILED, EXIT_INTERRUPTED
from coach.cli.commands import app, pain
from coach.cli.commands.enrolling import Relief
from coach.cli.commands.exchange import ExportFormat
from coach.cli.commands.weeks import Audience, Format
from coach.effort import Predicate
from coach.ingest.files import Outcome
from coach.nudges import RULES
from coach.plan import Exercise, RestrictionCode, thresholds
from coach.plan.condition import Condition
from coach.plan.library import conditions
from coach.safety import Colour, SignLevel, verdicts
from coach.safety.signs import heat_questions, signs
from coach.safety.sore import SoreReason
from coach.summary.clinician.report import Block, Report
from coach.summary.clinician.tables import Table
from coach.summary.content import Letter
from coach.summary.lines import Bar, Sign
from coach.summary.trend import Point
from config.messages import catalogue
from config.settings import PREFIX, Settings
from devices.ble import journals
from devices.ble.feet import Feet
from devices.ble.measurement import Flaw, Quantity
from devices.ble.reasons import Reason
from devices.ble.speeds import Trust, Why
from scheduler.channels.registry import CHANNELS
from scheduler.messages import Policy

PROJECT = Path(__file__).parents[2]
DOCS = PROJECT / "docs"
PAGES = sorted([*PROJECT.glob("*.md"), *DOCS.glob("*.md")])
COMMANDS = typer.main.get_command(app)
MAKE_TARGETS = re.findall(r"^([a-z]+):.*##", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next of its kind."""
    marks = heading.partition(" ")[0]
    _, found, rest = f"\n{text}".partition(f"\n{heading}\n")
    assert found, f"there is no heading {heading!r}"
    return re.split(rf"^{marks} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def code(text: str) -> set[str]:
    """Every word that is set as code, inline."""
    return {word for span in re.findall(r"`([^`\n]+)`", text) for word in re.split(r"[\s,()=]+", span)} | set(
        re.findall(r"`([^`\n]+)`", text)
    )


# Nothing is undocumented.


@pytest.mark.parametrize("name", sorted(COMMANDS.commands))
def test_every_command_and_option_is_documented(name: str):
    about = section(page("commands.md"), f"## `coach {name}`")
    told = code(about) | code(page("commands.md").partition("\n## ")[0])
    command = COMMANDS.commands[name]
    below = getattr(command, "commands", {})
    assert set(re.findall(r"^### `coach \w+ (\w+)`$", about, re.MULTILINE)) == set(below)
    for parameter in [parameter for each in (command, *below.values()) for parameter in each.params]:
        for option in [*parameter.opts, *parameter.secondary_opts] if parameter.param_type_name == "option" else ():
            assert option in told, f"`coach {name}` takes {option}; docs/commands.md does not say so"


def test_no_command_is_documented_that_is_not_there():
    assert set(re.findall(r"^## `coach (\w+)`$", page("commands.md"), re.MULTILINE)) == set(COMMANDS.commands)


def test_every_choice_of_an_option_is_documented():
    assert {
        *Relief,
        *Format,
        *Audience,
        *ExportFormat,
        *pain.Phase,
        *pain.Extent,
        *pain.FlareStep,
        *pain.ExcusalKind,
    } <= code(page("commands.md"))


def test_every_global_option_is_documented():
    told = code(page("commands.md").partition("\n## ")[0])
    for parameter in COMMANDS.params:
        assert f"coach {parameter.opts[0]}" in told


def test_every_exit_code_is_documented():
    told = section(page("commands.md"), "## Exit codes")
    assert [int(row) for row in re.findall(r"^\| (\d+) \|", told, re.MULTILINE)] == [
        0,
        EXIT_FAILED,
        2,
        EXIT_BUG,
        EXIT_INTERRUPTED,
    ]


def _json_keys() -> Iterator[str]:
    """The keys of every JSON that the program prints, as they stand in the code."""
    shapes = {*(PROJECT / "coach" / "shapes").glob("*.py")} - {PROJECT / "coach" / "shapes" / "types.py"}
    trees: list[ast.AST] = [ast.parse(each.read_text(encoding="utf-8")) for each in sorted(shapes)]
    for path in (PROJECT / "coach" / "cli").glob("*.py"):
        calls = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        trees += [each for each in calls if isinstance(each, ast.Call) and "print_json" in ast.unparse(each.func)]
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                yield from (key.value for key in node.keys if isinstance(key, ast.Constant))
    for shape in (Letter, Bar, Point, Sign, Report, Block, Table):
        yield from (field.name for field in fields(shape))


@pytest.mark.parametrize("key", sorted(set(_json_keys())))
def test_every_json_key_is_documented(key: str):
    assert key in code(page("commands.md"))


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str):
    assert {name, f"{PREFIX}{name.upper()}"} <= code(page("settings.md"))


def test_every_variable_of_the_environment_is_documented():
    named: set[str] = set()
    for path in _files(".py", ".sh"):
        named |= set(re.findall(rf"\b{PREFIX}[A-Z]+(?:_[A-Z]+)*\b", path.read_text(encoding="utf-8")))
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | code(page("settings.md"))
    tried = {name for name in named - known if _only_in_tests(name)}  # tests try names that do not exist
    assert not named - known - tried


def _only_in_tests(name: str) -> bool:
    return not any(
        name in path.read_text(encoding="utf-8") for path in _files(".py", ".sh") if "tests" not in path.parts
    )


@pytest.mark.parametrize("table", sorted(SQLModel.metadata.tables))
def test_every_table_is_documented(table: str):
    assert table in code(section(page("architecture.md"), "## The tables"))


STATES: Mapping[str, tuple[str, str, Any]] = {
    "delivery": ("nudges.md", "## States", scheduler.tables.State),
    "policy": ("nudges.md", "## When the machine stops in the middle", Policy),
    "week": ("judgement.md", "## The status of a week", Status),
    "band": ("judgement.md", "## The score", Band),
    "import": ("commands.md", "## `coach import`", Outcome),
    "verdict": ("safety.md", "## What came of a session", Colour),
    "reason": ("safety.md", "## What came of a session", verdicts.Reason),
    "sore": ("safety.md", "## Sore days and rest", SoreReason),
    "sign": ("safety.md", "## Warning signs", SignLevel),
    "quantity": ("bluetooth.md", "## Quantities", Quantity),
    "flaw": ("bluetooth.md", "## Flaws", Flaw),
    "feet": ("bluetooth.md", "## Rules", Feet),
    "speed": ("bluetooth.md", "## Rules", Why),
    "trust": ("bluetooth.md", "## Rules", Trust),
    "journal": ("commands.md", "## `coach journal`", journals.State),
    "predicate": ("judgement.md", "## Which minutes are eligible", Predicate),
}


@pytest.mark.parametrize("of", STATES)
def test_every_state_is_documented(of: str):
    name, heading, states = STATES[of]
    assert {each.value for each in states} <= code(section(page(name), heading))


def test_every_reason_of_bluetooth_is_documented():
    assert {each.name for each in Reason} <= code(section(page("riding.md"), "## Connecting"))


@pytest.mark.parametrize("rule", list(RULES))
def test_every_rule_is_documented(rule: str):
    text = section(page("nudges.md"), "## The rules")
    assert re.search(rf"^\| {rule} ", text, re.MULTILINE), f"docs/nudges.md has no row for {rule}"
    policies = section(page("nudges.md"), "## When the machine stops in the middle")
    row = next(line for line in policies.splitlines() if line.startswith(f"| `{RULES[rule].policy}`"))
    assert rule in re.findall(r"R\d+", row)


def test_every_channel_is_documented():
    assert set(CHANNELS) <= code(section(page("nudges.md"), "## Channels"))


def test_every_reason_and_violation_is_documented():
    told = code(page("judgement.md"))
    assert set(catalogue().names("exclusion")) <= told
    limits = type(thresholds().violations).model_fields.keys() - {"any"} | thresholds().violations.any.keys()
    assert limits | {each.value for each in RestrictionCode} <= told


def test_every_warning_sign_is_documented_with_its_words():
    text = section(page("safety.md"), "## Warning signs")
    assert set(signs()) <= code(text)
    for level in SignLevel:
        assert catalogue().text(f"told.{level}", emergency_number="(your emergency number)") in text
    assert set(heat_questions()) <= code(section(page("safety.md"), "## Before hot water"))


def test_every_exercise_and_condition_is_documented():
    assert {*Exercise, *conditions()} <= code(page("plans.md"))


def test_every_key_of_a_plan_file_is_documented():
    schema = Condition.model_json_schema(by_alias=True)
    tables = [schema, *schema["$defs"].values()]
    keys = {key for table in tables for key in table.get("properties", {})}
    text = page("plans.md")
    told = code(text) | set(re.findall(r"\[+([\w.]+)", text)) | set(re.findall(r"[\w]+", " ".join(code(text))))
    assert keys <= told


def test_the_condition_in_the_documentation_is_a_good_one(tmp_path: Path):
    text = re.search(r"```toml\n(\[condition\].*?)```", page("plans.md"), re.DOTALL)
    assert text
    (tmp_path / "added.toml").write_text(text[1], encoding="utf-8")
    assert tomllib.loads(text[1])["condition"]["code"] in conditions(tmp_path)


def test_every_target_of_make_is_documented():
    told = code((PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert {f"make {target}" for target in MAKE_TARGETS} <= told


# What it names is there.


def _code_lines() -> Iterator[tuple[str, str]]:
    """Commands in the pages: indented, fenced or inline."""
    for path in PAGES:
        text = path.read_text(encoding="utf-8").replace("\\\n", " ")
        for line in re.findall(r"^ {4,}(?:\$ )?((?:coach|make) \S.*)$", text, re.MULTILINE):
            yield path.name, line
        for span in re.findall(r"`((?:coach|make) \S[^`]*)`", text):
            yield path.name, " ".join(span.split())


@pytest.mark.parametrize(("where", "line"), sorted(set(_code_lines())))
def test_commands_in_the_pages_exist(where: str, line: str):
    program, name, *words = shlex.split(re.sub(r"\s{2,}.*", "", line) if line.startswith("make") else line)
    if program == "make":
        assert name in MAKE_TARGETS, f"{where}: {line}"
        return
    if name.startswith("-"):
        assert name in {option for parameter in COMMANDS.params for option in parameter.opts} | {"--help"}
        return
    assert name in COMMANDS.commands, f"{where}: {line}"
    command = COMMANDS.commands[name]
    below = getattr(command, "commands", {})
    command = below[words[0]] if below and words and not words[0].startswith("-") else command
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= known | {"--help"}, f"{where}: {line}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_relative_links_resolve(path: Path):
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text):
        link = "".join(target)
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        linked = (path.parent / name) if name else path
        assert linked.is_file(), f"{path.name}: {link}"
        if anchor:
            assert anchor in _anchors(linked.read_text(encoding="utf-8")), f"{path.name}: {link}"


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_is_reached_from_the_readme():
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    for path in DOCS.glob("*.md"):
        assert f"(docs/{path.name})" in readme


def test_the_changes_of_this_version_are_told():
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    changes = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert len(re.findall(rf"^## \[{re.escape(version)}\] - \S", changes, re.MULTILINE)) == 1
    assert section(changes.replace(" - ", "\n", 1), f"## [{version}]").strip()


def test_the_disclaimer_is_said_word_by_word():
    words = catalogue().text("about.disclaimer").split()
    readme = (PROJECT / "README.md").read_text(encoding="utf-8").replace("\n> ", " ")
    assert " ".join(words) in readme


# Nothing in the tree is of one machine.

TEXT = (
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".sh",
    ".j2",
    ".mako",
    ".cfg",
    ".ini",
    ".yml",
    ".yaml",
    ".json",
    "Makefile",
    "run",
)
FOREIGN = (
    r"/(?:work|root|opt)/\w",
    r"/home/\w",
    r"/Users/\w",
    r"(?:pypi|pythonhosted)\.(?:org|io)",
    r"--(?:extra-)?index-url[ =]|--find-links[ =]",
    r"file://" + r"/\w",
)


def test_no_path_of_a_machine_and_no_registry_stands_in_the_tree():
    found = [
        f"{path.relative_to(PROJECT)}:{number}: {line.strip()}"
        for path in _files(*TEXT)
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for pattern in FOREIGN
        if re.search(pattern, line)
    ]
    assert not found


def _files(*endings: str) -> list[Path]:
    """The files of the project that end so: those that git knows or would take, or all where there is no git."""
    try:
        asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(asked, cwd=PROJECT, capture_output=True, check=True).stdout.decode().split("\0")
        paths = [PROJECT / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        walked = os.walk(PROJECT)
        paths = [Path(folder, name) for folder, _, names in walked for name in names]
        paths = [path for path in paths if not any(_is_made(part) for part in path.relative_to(PROJECT).parts)]
    return [path for path in paths if path.name.endswith(endings) and path.is_file()]


def _is_made(part: str) -> bool:
    return part in {"__pycache__", "build", "dist"} or (part.startswith(".") and part not in {".ci", ".gitignore"})
