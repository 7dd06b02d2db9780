"""One key, in the home or from the settings: what is sealed with it, and derived from it."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import SecretsError
from config.secrets import FILE, Secrets, open_secrets
from config.settings import Settings

KEY = "an example of a key with 32 signs"
PROGRAM = "from config.secrets import *; from pathlib import Path; print(open_secrets(Settings()).derived('x').hex())"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(f"COACH_{field.upper()}", raising=False)


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "new" / "home")
    sealed = open_secrets(settings).seal("tgram://token")

    path = settings.home / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.home.stat().st_mode) == 0o700
    assert re.fullmatch(r"[0-9a-f]{64}\n", path.read_text())
    assert [each.name for each in settings.home.iterdir()] == [FILE]
    assert open_secrets(settings).unseal(sealed) == "tgram://token"


def test_who_first_asks_at_the_same_moment_gets_the_same_key(tmp_path: Path) -> None:
    environment = {**os.environ, "COACH_HOME": str(tmp_path / "home")}
    asked = [
        subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert len({each.communicate(timeout=60)[0] for each in asked}) == 1


def test_a_key_of_the_settings_needs_no_file(tmp_path: Path) -> None:
    secrets = open_secrets(Settings(home=tmp_path, secret_key=KEY))
    assert secrets.unseal(secrets.seal("a")) == "a"
    assert not list(tmp_path.iterdir())


def test_another_key_opens_nothing_and_says_what_to_do(tmp_path: Path) -> None:
    sealed = open_secrets(Settings(home=tmp_path, secret_key=KEY)).seal("ntfy://host/topic")
    with pytest.raises(SecretsError, match=r"another key.*`secret_key`.*`secret\.key`") as caught:
        open_secrets(Settings(home=tmp_path)).unseal(sealed)
    assert "topic" not in str(caught.value)
    assert sealed not in str(caught.value)


@pytest.mark.parametrize("tampered", ["", "x", "ä", "gAAAAAB" + "A" * 100])
def test_what_was_never_sealed_is_refused(tmp_path: Path, tampered: str) -> None:
    with pytest.raises(SecretsError):
        open_secrets(Settings(home=tmp_path)).unseal(tampered)


@pytest.mark.parametrize("content", [b"", b"\n", b"short\n"])
def test_a_file_without_a_key_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(SecretsError, match="holds no key"):
        open_secrets(Settings(home=tmp_path))
    assert (tmp_path / FILE).read_bytes() == content


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    with pytest.raises(SecretsError, match=r"cannot be used: .*COACH_SECRET_KEY"):
        open_secrets(Settings(home=tmp_path / "home"))


def test_each_purpose_has_a_key_of_its_own() -> None:
    secrets = Secrets(KEY.encode())
    assert len(secrets.derived("links")) == 32
    assert secrets.derived("links") == Secrets(KEY.encode()).derived("links")
    assert len({secrets.derived("links"), secrets.derived("sealing"), Secrets(b"other").derived("links")}) == 3


def test_the_derivation_is_that_of_rfc_5869() -> None:
    """Computed by hand: links that are out there stay good with the next version of the program."""
    import hmac

    pseudorandom = hmac.digest(bytes(32), KEY.encode(), "sha256")
    expected = hmac.digest(pseudorandom, b"sciatica-coach links\x01", "sha256")
    assert Secrets(KEY.encode()).derived("links") == expected


@given(st.text())
def test_sealing_loses_and_shows_nothing(text: str) -> None:
    secrets = Secrets(KEY.encode())
    sealed = secrets.seal(text)
    assert secrets.unseal(sealed) == text
    assert sealed != secrets.seal(text)
    assert sealed.isascii()


def test_the_key_stays_out_of_repr() -> None:
    assert KEY not in repr(Secrets(KEY.encode()))
