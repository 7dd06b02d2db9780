from pathlib import Path

import pytest

from config.errors import SettingsError
from config.settings import FILE, Settings, load_settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for field in Settings.model_fields:
        monkeypatch.delenv(f"COACH_{field.upper()}", raising=False)
    monkeypatch.setenv("COACH_HOME", str(tmp_path))
    return tmp_path


def test_the_defaults(home: Path) -> None:
    settings = load_settings()
    assert settings.home == home
    assert settings.database == f"sqlite:///{home}/coach.db"
    assert settings.plans == home / "plans"
    assert settings.smtp_url is None
    assert settings.message_folder is None


def test_the_home_is_in_the_xdg_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("COACH_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert load_settings().home == tmp_path / "data" / "sciatica-coach"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings().home == tmp_path / ".local" / "share" / "sciatica-coach"


def test_a_tilde_in_the_home_is_expanded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COACH_HOME", "~/coach")
    assert load_settings().home == tmp_path / "coach"


def test_the_environment_comes_before_the_file_and_the_file_before_the_defaults(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / FILE).write_text('mail_from = "file@example.org"\nmessage_folder = "/from/file"\n', encoding="utf-8")
    monkeypatch.setenv("COACH_MESSAGE_FOLDER", "/from/environment")
    settings = load_settings()
    assert settings.message_folder == Path("/from/environment")
    assert settings.mail_from == "file@example.org"
    assert Settings(message_folder=Path("/argument")).message_folder == Path("/argument")


def test_a_home_given_as_an_argument_has_its_own_file(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / FILE).write_text('mail_from = "other@example.org"\n', encoding="utf-8")
    assert Settings(home=other).mail_from == "other@example.org"


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_SMTP_URL", "")
    assert load_settings().smtp_url is None


def test_secrets_never_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_SMTP_URL", "smtp://me:hidden@localhost:25?starttls=false")
    monkeypatch.setenv("COACH_DATABASE_URL", "postgresql://me:hidden@localhost/coach")
    settings = load_settings()
    assert "hidden" not in repr(settings)
    assert "hidden" not in str(settings)
    assert settings.smtp_url is not None
    assert settings.smtp_url.get_secret_value() == "smtp://me:hidden@localhost:25?starttls=false"
    assert settings.database == "postgresql://me:hidden@localhost/coach"


@pytest.mark.parametrize("url", ["http://me:hidden@x", "smtp://", "smtp://me:hidden@x:port", "smtp://h:99999", "?"])
def test_a_wrong_mail_server_is_refused_without_repeating_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_SMTP_URL", url)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == (
        "environment variable COACH_SMTP_URL: is not allowed; "
        "smtp://user:password@host:port or smtps://user:password@host:port"
    )
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_every_wrong_key_of_the_file_is_told_with_its_line(home: Path) -> None:
    (home / FILE).write_text(
        'mail_form = "a@b"\n\nmail_from = "nobody"\nmessage_folder = 7\nsmtp_url = 3\n',
        encoding="utf-8",
    )
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert sorted(str(caught.value).splitlines()) == [
        (
            "settings.toml, line 1, mail_form: is not a setting; "
            "one of allow_plain_server, allow_private_addresses, database_url, drop_folder, keep_access_log_months, "
            "keep_backups_days, keep_expired_days, keep_messages_months, keep_originals_months, listen, log, "
            "mail_from, message_folder, metrics, public_url, secret_key, secret_key_before, server_token, server_url, "
            "smtp_url"
        ),
        "settings.toml, line 3, mail_from: is not allowed; an address, such as coach@example.org",
        "settings.toml, line 4, message_folder: is not allowed; text",
        "settings.toml, line 5, smtp_url: is not allowed; text such as smtp://host",
    ]


def test_the_file_cannot_move_its_own_home(home: Path) -> None:
    (home / FILE).write_text('home = "/elsewhere"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"settings.toml, line 1, home: cannot move .*; set COACH_HOME"):
        load_settings()


def test_a_file_that_is_not_toml_is_a_settings_error(home: Path) -> None:
    (home / FILE).write_text("mail_from = coach@localhost\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"settings.toml, line 1: is not TOML here"):
        load_settings()
