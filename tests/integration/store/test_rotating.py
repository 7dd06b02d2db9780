"""The secret key is changed, and stopped at any point of it nothing is lost."""

import os
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlmodel import select

from coach import retention, rotating
from coach.app import App
from coach.replies.links import LinkError, open_links
from coach.replies.model import Link
from coach.store.access import AccessLog
from coach.store.accounts import Account
from coach.store.engine import reading, writing
from coach.store.told import PersonChannel
from config.errors import SecretsError
from config.secrets import BEFORE, FILE, before, open_secrets
from config.settings import Settings

NOW = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
LINK = Link(1, "off", "R8", NOW + rotating.LASTS, None)
CHANNELS = 40


@pytest.fixture
def app(engine, database_url, tmp_path, add_person) -> App:
    settings = Settings(home=tmp_path / "home", database_url=database_url, public_url="https://c.example.org")
    known, ada = open_secrets(settings), add_person("Ada")
    with writing(engine, ada.id) as session:
        for number in range(CHANNELS):
            url = known.seal(f"ntfy://host/{number}")
            told = {"channel": "ntfy", "label": "x", "created_at": NOW}
            session.add(PersonChannel(person_id=ada.id, number=number, sealed_url=url, **told))
        factor = known.seal("00ff")
        session.add(Account(email="a@x", password_hash="x", person_id=ada.id, sealed_factor=factor, created_at=NOW))
    return App(settings, engine, lambda: NOW)


def opened(app: App) -> list[str]:
    """All that is sealed, by the keys that are there now."""
    known = open_secrets(app.settings)
    with reading(app.engine) as session:
        rows = session.exec(select(PersonChannel.sealed_url).order_by(PersonChannel.number)).all()
        return [*map(known.unseal, rows), known.unseal(session.exec(select(Account.sealed_factor)).one())]


WHOLE = [*(f"ntfy://host/{number}" for number in range(CHANNELS)), "00ff"]


def test_all_is_sealed_with_the_new_key_and_links_stay_good(app):
    was, token = (app.settings.home / FILE).read_bytes(), open_links(app.settings).token(LINK)
    found = rotating.rotate(app, NOW, leaked=False)
    assert (app.settings.home / FILE).read_bytes() != was
    assert {stat.S_IMODE((app.settings.home / name).stat().st_mode) for name in (FILE, BEFORE)} == {0o600}
    assert found == rotating.Keys(is_set=False, earlier=1, sealed=rotating.Sealed(CHANNELS + 1, 0, 0))
    assert opened(app) == WHOLE
    assert open_links(app.settings).read(token, NOW) == LINK
    assert open_links(app.settings).token(LINK) != token
    with reading(app.engine) as session:
        assert session.exec(select(AccessLog.what)).all() == ["secrets_rotated"]


def test_keys_before_go_when_no_link_of_theirs_is_good_any_more(app):
    rotating.rotate(app, NOW, leaked=False)
    rotating.rotate(app, NOW + timedelta(days=1), leaked=False)
    assert len(before(app.settings.home)) == 2
    for after, left in ((rotating.LASTS, 2), (rotating.LASTS + timedelta(seconds=1), 1), (rotating.LASTS * 2, 0)):
        retention.let_go(app, NOW + after)
        assert len(before(app.settings.home)) == left
    assert not (app.settings.home / BEFORE).exists()
    assert opened(app) == WHOLE


def test_a_key_that_something_is_sealed_with_still_stays(app):
    old = open_secrets(app.settings)
    rotating.rotate(app, NOW, leaked=False)
    with writing(app.engine, None) as session:  # by a process that went on with the key before
        session.exec(select(PersonChannel)).first().sealed_url = old.seal("ntfy://host/0")
    retention.let_go(app, NOW + rotating.LASTS * 2)
    assert rotating.look(app).sealed == rotating.Sealed(CHANNELS, 1, 0)
    assert opened(app) == WHOLE


def test_a_key_that_leaked_opens_nothing_any_more(app):
    token = open_links(app.settings).token(LINK)
    assert rotating.rotate(app, NOW, leaked=True).earlier == 0
    assert opened(app) == WHOLE
    with pytest.raises(LinkError):
        open_links(app.settings).read(token, NOW)


def test_a_key_of_the_settings(app):
    first, second = "a key of the settings, number one", "a key of the settings, number two"
    set_to = app.settings.model_copy(update={"secret_key": SecretStr(first), "secret_key_before": None})
    app = App(set_to, app.engine, app.clock)
    with pytest.raises(SecretsError, match="COACH_SECRET_KEY_BEFORE"):
        rotating.rotate(app, NOW, leaked=False)
    was = (app.settings.home / FILE).read_bytes().strip().decode()
    for key, former in ((first, was), (second, first)):
        update = {"secret_key": SecretStr(key), "secret_key_before": SecretStr(former)}
        app = App(set_to.model_copy(update=update), app.engine, app.clock)
        assert opened(app) == WHOLE
        assert rotating.rotate(app, NOW, leaked=False).sealed == rotating.Sealed(CHANNELS + 1, 0, 0)
    app = App(set_to.model_copy(update={"secret_key": SecretStr(second)}), app.engine, app.clock)
    assert opened(app) == WHOLE


def test_what_no_key_opens_is_left_and_told(app):
    with writing(app.engine, None) as session:
        session.exec(select(PersonChannel)).first().sealed_url = "sealed by nobody"
    assert rotating.rotate(app, NOW, leaked=False).sealed == rotating.Sealed(CHANNELS, 0, 1)
    with reading(app.engine) as session:
        assert "sealed by nobody" in session.exec(select(PersonChannel.sealed_url)).all()


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from coach import rotating
from coach.app import open_app

left = int(sys.argv[1])

def dying(real):
    def call(*words, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*words, **named)
    return call

Path.replace, os.fsync = dying(Path.replace), dying(os.fsync)
rotating._seal_anew, rotating.note, rotating.look = map(dying, (rotating._seal_anew, rotating.note, rotating.look))
rotating.rotate(open_app(), datetime(2026, 10, 25, 0, 30, tzinfo=UTC), leaked=False)
"""
STEPS = (*range(1, 9), 30, CHANNELS + 7, CHANNELS + 8, CHANNELS + 9)
"""Of the files, three each, of each row, and after them: what is about to be done when it is killed."""


@pytest.mark.thorough
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_nothing_is_lost_and_the_next_does_it_whole(app, step):
    token = open_links(app.settings).token(LINK)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("COACH_")},
        "COACH_HOME": str(app.settings.home),
        "COACH_DATABASE_URL": app.settings.database,
        "PYTHONPATH": str(Path(rotating.__file__).parents[1]),
    }
    killed = subprocess.run([sys.executable, "-c", KILLED, str(step)], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert opened(app) == WHOLE
    assert open_links(app.settings).read(token, NOW) == LINK
    later = NOW + timedelta(days=1)
    assert rotating.rotate(app, later, leaked=False).sealed == rotating.Sealed(CHANNELS + 1, 0, 0)
    assert opened(app) == WHOLE
    assert open_links(app.settings).read(token, NOW) == LINK
