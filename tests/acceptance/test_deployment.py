"""What `deploy/` says goes with the program that they start. No engine and no systemd is needed."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from coach.cli.commands import app
from coach.web.guard import LONGEST_UPLOAD_BYTES
from coach.web.health import router
from config.settings import PREFIX, Settings

PROJECT = Path(__file__).parents[2]
DEPLOY = PROJECT / "deploy"
UNITS = sorted(DEPLOY.glob("systemd/*.*"))
SERVICES = sorted(DEPLOY.rglob("*.service"))
INSTALLED = re.compile(r"(?:/usr/local/lib/coach|%h/sciatica-coach/\.venv)/bin/coach\b")
COMMANDS = typer.main.get_command(app).commands
SETTINGS = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
HEALTH = {route.path for route in router.routes}
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
COMPOSE = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
EXAMPLE = (DEPLOY / "coach.env.example").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
MOST_EXPOSED = "20"  # 2.0 of 10, as `systemd-analyze security` counts


def is_command(words: list[str]) -> bool:
    """Whether `coach` has it, with those options."""
    name, *options = words
    known = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    return {each for each in options if each.startswith("-")} <= known


# systemd


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_unit_starts_what_there_is(path: Path):
    started = [
        line.partition("=")[2]
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("ExecStart=")
    ]
    assert started
    for line in started:
        assert INSTALLED.match(line)
        assert is_command(shlex.split(line)[1:])


def with_a_program(path: Path, folder: Path) -> Path:
    """A copy in which the program is where it is here: systemd looks for it."""
    here = str(Path(sys.executable).with_name("coach"))
    made = folder / path.name.replace("@.", "@1.")
    made.write_text(INSTALLED.sub(here, path.read_text(encoding="utf-8")), encoding="utf-8")
    return made


@pytest.fixture
def analyze(tmp_path, monkeypatch) -> str:
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("no systemd-analyze here")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return found


@pytest.mark.parametrize("whose", ["system", "user"])
def test_systemd_finds_nothing_to_say_of_a_unit(analyze, whose, tmp_path):
    units = UNITS if whose == "system" else sorted(DEPLOY.glob("systemd/user/*"))
    paths = [with_a_program(path, tmp_path) for path in units if path.is_file()]
    said = subprocess.run(
        [analyze, f"--{whose}", "verify", "--man=no", *paths], capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize("path", [path for path in UNITS if path.suffix == ".service"], ids=lambda path: path.name)
def test_a_unit_of_the_system_gives_little_away(analyze, path, tmp_path):
    asked = [analyze, "security", "--offline=yes", "--no-pager", f"--threshold={MOST_EXPOSED}"]
    subprocess.run([*asked, with_a_program(path, tmp_path)], capture_output=True, check=True)


# Containers


def instructions(name: str) -> Iterator[str]:
    yield from re.findall(rf"^{name} +(.+)$", DOCKERFILE, re.MULTILINE)


def test_what_the_image_copies_is_there_and_let_through():
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    let_through = [each.removeprefix("!") for each in ignored if each.startswith("!")]
    assert ignored[0] == "*"
    for line in instructions("COPY"):
        *sources, _ = line.split()
        for source in sources:
            assert (PROJECT / source).exists(), source
            assert any(fnmatch(source, each) for each in let_through), source


def test_the_image_has_every_package():
    packages = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert {f"{each} {each}" for each in packages} <= set(instructions("COPY"))


def test_the_image_takes_nothing_that_is_not_pinned():
    runs = [part for line in instructions("RUN") for part in line.split("&&") if re.search(r"\bpip\b", part)]
    assert len(runs) == 4
    for each in runs:
        from_here = each.rstrip().endswith(" .") and {"--no-deps", "--no-build-isolation"} <= set(each.split())
        assert from_here or "--require-hashes" in each or "--no-index" in each, each
        assert "pip install" in each or "--no-build-isolation" in each, each


def test_the_image_runs_as_nobody_in_particular_and_says_how_it_is():
    assert list(instructions("USER")) == ["10001"]
    assert list(instructions("ENTRYPOINT")) == ['["coach"]']
    assert [is_command(yaml.safe_load(line)) for line in instructions("CMD")] == [True]
    (check,) = instructions("HEALTHCHECK")
    (path,) = re.findall(r"127\.0\.0\.1:8631(/\w+)", check)
    assert path in HEALTH
    (given,) = instructions("ENV")
    assert {name for name in re.findall(r"(\w+)=", given) if name.startswith(PREFIX)} <= SETTINGS


@pytest.fixture
def compose() -> dict[str, Any]:
    return yaml.safe_load(COMPOSE)


def test_the_services_start_what_there_is(compose):
    ours = {name: each for name, each in compose["services"].items() if "build" in each}
    assert set(ours) == {"serve", "worker"}
    for each in ours.values():
        assert is_command(each["command"])
        assert (DEPLOY / each["build"]["context"] / each["build"]["dockerfile"]).is_file()
        assert {name for name in each["environment"] if name.startswith(PREFIX)} <= SETTINGS
        assert {mount.partition(":")[0] for mount in each["volumes"]} <= {*compose["volumes"], "/tmp"}  # noqa: S108  (a mount)
        assert set(each["networks"]) <= set(compose["networks"])


def test_no_secret_stands_in_the_file_and_none_is_forgotten(compose):
    asked = set(re.findall(r"\$\{(\w+)", COMPOSE))
    listed = re.findall(r"^(\w+)=(.*)$", EXAMPLE, re.MULTILINE)
    assert asked == {name for name, _ in listed}
    assert not any(value for _, value in listed)
    for each in compose["services"].values():
        for name, value in each["environment"].items():
            assert "${" in value or not re.search("PASSWORD|SECRET|URL", name)
    must = {name for name in asked if re.search(rf"\$\{{{name}:\?", COMPOSE)}
    assert {"DATABASE_PASSWORD", "COACH_SECRET_KEY", "COACH_PUBLIC_URL"} == must


def test_nothing_is_open_but_to_the_proxy_of_this_machine(compose):
    opened = [port for each in compose["services"].values() for port in each.get("ports", ())]
    assert opened == ["127.0.0.1:8631:8631"]
    assert compose["networks"]["back"]["internal"] is True
    assert compose["services"]["db"]["networks"] == ["back"]
    (door,) = (each["gateway"] for each in compose["networks"]["front"]["ipam"]["config"])
    assert compose["services"]["serve"]["environment"]["FORWARDED_ALLOW_IPS"] == door


def test_the_proxy_lets_pass_what_the_pages_take():
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert f"max_size {LONGEST_UPLOAD_BYTES // 1_000_000}MB" in text
    (asked,) = re.findall(r"health_uri (\S+)", text)
    assert asked in HEALTH
    assert "output discard" in text


# What is said of it


def test_the_threat_model_names_modules_that_are_there():
    text = (PROJECT / "SECURITY.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        folder = PROJECT
        for name in re.findall(r"`([\w./-]+(?:\.py|\.service|/|Caddyfile))`", line):
            if name.startswith("/"):  # a page's
                continue
            path = PROJECT / name if "/" in name.rstrip("/") or name.endswith("/") else folder / name
            assert path.exists(), name
            folder = path.parent
    routed = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "coach" / "web").glob("*.py"))
    for path in re.findall(r"`(/account/\w+)`", text):
        assert f'"{path}"' in routed, path


@pytest.mark.parametrize("name", ["clinic.md", "raspberry-pi.md"])
def test_files_that_the_pages_name_are_there(name: str):
    text = (PROJECT / "docs" / name).read_text(encoding="utf-8")
    for path in re.findall(r"(?<![\w/])((?:deploy|requirements)/[\w./*-]+)", text):
        if path != "deploy/.env":
            assert list(PROJECT.glob(path)), path
