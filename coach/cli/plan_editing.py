"""`coach plan edit`: the latest plan in the person's editor; what they saved becomes a version."""

import os
import shlex
import subprocess
import tempfile
import tomllib
from datetime import date, datetime
from pathlib import Path

from coach.app import App, open_app
from coach.cli.output import err
from coach.cli.plan_changes import Taken, keep, tell
from coach.cli.planning import title_of
from coach.enrolment.plans import check_setter
from coach.errors import CoachError, ConflictError
from coach.plan.writing import written
from coach.prescribing import checked, first_day
from coach.store import people
from coach.store.engine import reading
from coach.store.tables import key
from config.document import read
from config.errors import ConfigError


def edit(start: date | None, by: str | None, who: str | None) -> None:
    """The editor is open for as long as it takes: nothing is locked meanwhile."""
    app = open_app()
    now = app.clock()
    set_by = check_setter(by)
    with reading(app.engine) as session:
        person = people.find_person(session, who)
        latest = people.every_version(session, person)[-1]
        starts_on = start or first_day(person, (latest.version, latest.plan), now)
    text = written(latest.plan.model_copy(update={"starts_on": starts_on}), title_of(latest, person))
    draft = _draft(app, text)
    try:
        _open(draft)
        saved = draft.read_text(encoding="utf-8", errors="surrogateescape")
        if _same(saved, text):
            draft.unlink()
            err.print("Nothing was changed.")
            return
        taken = _keep(app, draft, latest.version, set_by, who, now)
    except (CoachError, ConfigError) as error:
        if _same(draft.read_text(encoding="utf-8", errors="surrogateescape"), text):
            draft.unlink()
            raise
        err.print(f"Your text is kept in {draft}. Mend it, and take it in with `coach plan import`.", soft_wrap=True)
        raise error from None
    draft.unlink()
    tell(taken, as_json=False)


def _draft(app: App, text: str) -> Path:
    handle, name = tempfile.mkstemp(dir=app.settings.home, prefix="plan-", suffix=".toml")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return Path(name)


def _open(draft: Path) -> None:
    """Wait for the editor.

    Raises:
        CoachError: there is none, or it says that it did not end well.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        ended = subprocess.run([*shlex.split(editor), str(draft)], check=False)  # theirs, by their own setting
    except (OSError, ValueError) as error:
        raise CoachError(
            f"The editor '{editor}' cannot be started. Name one: EDITOR=nano coach plan edit. "
            "Without one, `coach plan export FILE`, change it, and `coach plan import FILE`."
        ) from error
    if ended.returncode != 0:
        raise CoachError(f"The editor ended with code {ended.returncode}, so nothing was changed.")


def _keep(app: App, draft: Path, version: int, set_by: str | None, who: str | None, now: datetime) -> Taken:
    file = checked(read(draft), now)
    with people.changing(app.engine, who) as (session, person):
        latest = people.latest_plan(session, key(person))
        if latest is None or latest[0] != version:
            raise ConflictError("The plan has changed while you were editing it; yours would undo that.")
        return keep(session, person, file, file.plan.starts_on, set_by, now)


def _same(saved: str, text: str) -> bool:
    """Whether nothing but the form was touched."""
    try:
        return tomllib.loads(saved) == tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
