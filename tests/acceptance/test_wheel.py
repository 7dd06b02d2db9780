"""The wheel holds all that the program needs, and works where nothing of the project is but itself."""

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from collections.abc import Iterable, Sequence
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest

PROJECT = Path(__file__).parents[2]
PACKAGES = ("coach", "devices", "scheduler", "config")
GYM = PROJECT / "devices" / "ble" / "gym"
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
NOT_SHIPPED = shutil.ignore_patterns("__pycache__", "*.pyc")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: others may be at work in the tree, and nothing must be left in it."""
    copy = tmp_path_factory.mktemp("project")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(PROJECT / name, copy)
    for name in PACKAGES:
        shutil.copytree(PROJECT / name, copy / name, ignore=NOT_SHIPPED)
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel"], cwd=copy, check=True)
    return next((copy / "dist").glob("*.whl"))


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path):
    here = {
        path.relative_to(PROJECT).as_posix()
        for name in PACKAGES
        for path in (PROJECT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    assert not here - packed
    assert {path.split("/")[0] for path in packed} == {*PACKAGES, f"sciatica_coach-{_version()}.dist-info"}


@pytest.mark.parametrize(
    "path",
    [
        "config/plans/disc_herniation.toml",
        "config/plans/general_sciatica.toml",
        "config/plans/spinal_stenosis.toml",
        "config/exercises.toml",
        "config/thresholds.toml",
        "config/messages/en.toml",
        "coach/summary/letter.txt.j2",
        "coach/summary/letter.html.j2",
        "coach/summary/page.html.j2",
        "coach/summary/clinician.txt.j2",
        "coach/summary/clinician.html.j2",
        "config/fonts/Inter-Regular.otf",
        "config/fonts/LICENSE-Inter.txt",
        "coach/store/migrations/env.py",
        "coach/store/migrations/versions/0001_the_first_schema.py",
        *(f"{name}/py.typed" for name in PACKAGES),
        f"sciatica_coach-{PYPROJECT['project']['version']}.dist-info/licenses/LICENSE",
    ],
)
def test_the_wheel_holds(wheel: Path, path: str):
    with ZipFile(wheel) as archive:
        assert path in archive.namelist()


def test_the_wheel_makes_the_command(wheel: Path):
    with ZipFile(wheel) as archive:
        entries = archive.read(f"sciatica_coach-{_version()}.dist-info/entry_points.txt").decode()
    assert "coach = coach.cli:main" in entries


def test_every_package_that_is_imported_is_a_dependency():
    """What only the tools of development bring is not there when the wheel is installed; an extra is, when wanted."""
    declared = {"pydantic-core"}  # pydantic's other half, pinned by it
    declared |= _named(PYPROJECT["project"]["dependencies"])
    extras = _named(each for extra in PYPROJECT["project"]["optional-dependencies"].values() for each in extra)
    distributions = packages_distributions()
    strangers = {
        f"{path.relative_to(PROJECT)} imports {module}"
        for name in PACKAGES
        for path in (PROJECT / name).rglob("*.py")
        for module in _imported(path)
        if module not in PACKAGES
        and module not in sys.stdlib_module_names
        and not (declared if module in _imported_at_once(path) else declared | extras)
        & {_canonical(each) for each in distributions.get(module, ())}
    }
    assert not strangers


def _named(requirements: Iterable[str]) -> set[str]:
    return {_canonical(re.split(r"[^\w.-]", each)[0]) for each in requirements}


def _imported_at_once(path: Path) -> set[str]:
    """By the module itself, not by a function that is called when an extra is wanted; nothing, where the whole room is
    such an extra's, which an import contract holds.
    """
    if GYM in path.parents:
        return set()
    return _modules(ast.parse(path.read_text(encoding="utf-8")).body)


def _imported(path: Path) -> set[str]:
    return _modules(list(ast.walk(ast.parse(path.read_text(encoding="utf-8")))))


def _modules(nodes: Sequence[ast.AST]) -> set[str]:
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level]
    return {name.partition(".")[0] for name in names}


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _version() -> str:
    return str(PYPROJECT["project"]["version"])


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's `coach` in an environment of its own.

    Without a network: the dependencies are borrowed from the environment that runs the tests, all but the
    project itself, which is there as an editable install.
    """
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    scheme = {"base": str(home), "platbase": str(home)}
    site, scripts = (Path(sysconfig.get_path(each, "venv", scheme)) for each in ("purelib", "scripts"))
    python = scripts / Path(sys.executable).name
    target = ["--prefix", str(home), "--no-deps", "--no-index", "--no-warn-script-location", "--ignore-installed"]
    install = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", *target, str(wheel)]
    subprocess.run(install, check=True)
    borrowed = site / "borrowed"
    borrowed.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if path.suffix != ".pth" and not re.match(r"(_editable_impl_|__editable__)?_*sciatica_coach", path.name):
            (borrowed / path.name).symlink_to(path)
    (site / "borrowed.pth").write_text(f"{borrowed}\n", encoding="utf-8")
    script = scripts / "coach"
    first, _, rest = script.read_text(encoding="utf-8").partition("\n")
    assert first.startswith("#!")
    script.write_text(f"#!{python}\n{rest}", encoding="utf-8")  # pip ran outside of the environment
    return script


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="borrows packages by symbolic links")
def test_the_demo_runs_from_the_wheel_alone(installed: Path, tmp_path: Path):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("COACH_", "PYTHON"))}
    environment = clean | {"TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    python = installed.parent / Path(sys.executable).name
    where = [str(python), "-c", "import coach, config; print(coach.__file__, config.__file__)"]
    for path in _said(where, tmp_path, environment).split():
        assert Path(path).is_relative_to(installed.parents[1])
    assert _version() in _said([str(installed), "--version"], tmp_path, environment)
    told = _said([str(installed), "demo"], tmp_path, environment)
    page = re.search(r"The same as a page: (\S+)", told)
    assert page
    assert "<!doctype html>" in Path(page[1]).read_text(encoding="utf-8")


def _said(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
