"""The settings: environment over `settings.toml` in the home over defaults."""

import os
from pathlib import Path
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from config.document import Document, read
from config.errors import LibraryError, SettingsError
from config.schema import allowed

PREFIX = "COACH_"
FILE = "settings.toml"

_DATABASE = "an SQLAlchemy URL, such as postgresql+psycopg://user:password@host/name"
_SERVER = "text such as smtp://host"
_PUBLIC = "an address such as https://coach.example.org, without a question mark"
_LISTEN = "host and port, such as 127.0.0.1:8631"
_LONG_TEXT = "text of 32 characters or more, such as `openssl rand -hex 32` prints"
_SHOWN_ONCE = "a token as `coach tokens add` prints it"
_ADDRESS = "an address, such as coach@example.org"


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _default_home() -> Path:
    """`sciatica-coach` in the XDG data folder."""
    return _absolute(Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share") / "sciatica-coach")


def _mail_server(secret: SecretStr) -> SecretStr:
    if not _is_url(secret.get_secret_value(), "smtp", "smtps"):
        raise ValueError("smtp://user:password@host:port or smtps://user:password@host:port")
    return secret


def _public(url: str) -> str:
    if not _is_url(url, "https", "http") or urlsplit(url).query or urlsplit(url).fragment:
        raise ValueError(_PUBLIC)
    return url.rstrip("/")


def _token(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value().isascii() or not secret.get_secret_value().isprintable():  # it goes into a header
        raise ValueError(_SHOWN_ONCE)
    return secret


def _listening(text: str) -> str:
    if not _is_url(f"http://{text}", "http") or urlsplit(f"http://{text}").port is None:
        raise ValueError(_LISTEN)
    return text


def _is_url(text: str, *schemes: str) -> bool:
    try:
        url = urlsplit(text)
        return url.scheme in schemes and bool(url.hostname) and url.port != 0  # .port raises past 65535
    except ValueError:
        return False


Months = Annotated[int, Field(ge=0, le=1_200)]
Days = Annotated[int, Field(ge=0, le=36_500)]


class Settings(BaseSettings):
    """What an installation can set: `COACH_<FIELD>` in the environment, or (all but `home`) in the file.

    Arguments come before both: `Settings(home=folder)`. `load_settings` turns errors into sentences.

    Attributes:
        home: the folder of all that is kept.
        database_url: an SQLAlchemy URL (`postgresql+psycopg://...`); may hold a password.
        smtp_url: where mail goes out; `smtps` is TLS from the start, `?starttls=` is for the channel to read.
        mail_from: the address that letters come from.
        message_folder: messages are written there too, a file each; none by default.
        drop_folder: files that appear there are imported while the service runs; none by default.
        public_url: where this machine's pages are reached from outside (`https://coach.example.org`); without it no
            message has a link.
        listen: host and port on which the pages are served, for a proxy that speaks TLS to stand before.
        secret_key: what links are signed and channels' secrets are sealed with; by default `secret.key` in the home.
        secret_key_before: the one that it took the place of: it still opens what it sealed and signed.
        allow_private_addresses: whether channels may reach machines on this network.
        server_url: the coach's server that live sessions go on to, and `coach sync --from`; none by default.
        server_token: what lets them in there.
        allow_plain_server: whether it may be one without TLS, on another machine.
        metrics: whether the pages' port answers `/metrics`.
        log: how a service writes its log: lines for a person, or an object each for programs.
        keep_originals_months: how long files stay after they came, in calendar months; 0 is for ever, here and below.
        keep_messages_months: how long the texts of messages stay after they were due.
        keep_access_log_months: how long it stays written who looked and who changed something.
        keep_expired_days: how long tokens, invitations and signed-in browsers stay listed that are no longer good.
        keep_backups_days: how long backups stay in the home's own folder of them.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )
    SENDER_NAME: ClassVar[str] = "Your coach"  # the From of a letter stands on lock screens: nothing of health

    home: Annotated[Path, AfterValidator(_absolute)] = Field(default_factory=_default_home)
    database_url: Annotated[str | None, Field(min_length=1, repr=False, description=_DATABASE)] = None
    smtp_url: Annotated[SecretStr, AfterValidator(_mail_server)] | None = Field(default=None, description=_SERVER)
    mail_from: Annotated[str, Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$", description=_ADDRESS)] = "coach@localhost"
    message_folder: Annotated[Path, AfterValidator(_absolute)] | None = None
    drop_folder: Annotated[Path, AfterValidator(_absolute)] | None = None
    public_url: Annotated[str, AfterValidator(_public)] | None = Field(default=None, description=_PUBLIC)
    listen: Annotated[str, AfterValidator(_listening)] = Field(default="127.0.0.1:8631", description=_LISTEN)
    secret_key: Annotated[SecretStr, Field(min_length=32)] | None = Field(default=None, description=_LONG_TEXT)
    secret_key_before: Annotated[SecretStr, Field(min_length=32)] | None = Field(default=None, description=_LONG_TEXT)
    allow_private_addresses: bool = False
    server_url: Annotated[str, AfterValidator(_public)] | None = Field(default=None, description=_PUBLIC)
    server_token: Annotated[SecretStr, AfterValidator(_token)] | None = Field(default=None, description=_SHOWN_ONCE)
    allow_plain_server: bool = False
    metrics: bool = False
    log: Literal["text", "json"] = "text"
    keep_originals_months: Months = 0
    keep_messages_months: Months = 12
    keep_access_log_months: Months = 0
    keep_expired_days: Days = 30
    keep_backups_days: Days = 0

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in effect: `database_url`, or an SQLite file in the home."""
        return self.database_url or f"sqlite:///{self.home / 'coach.db'}"

    @property
    def plans(self) -> Path:
        """The folder where a clinician adds conditions; it may be missing."""
        return self.home / "plans"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, environment, then the file of the home that those name."""
        home = init_settings().get("home") or env_settings().get("home") or _default_home()
        file = InitSettingsSource(settings_cls, dict(_file(_absolute(Path(home))).data))
        return init_settings, env_settings, file


def load_settings() -> Settings:
    """The settings of this installation.

    Raises:
        SettingsError: a sentence for each setting that is not known or not allowed, with the variable's name
            or the file, line and key. It never repeats a value, which may be a secret.
    """
    try:
        return Settings()
    except LibraryError as error:
        raise SettingsError(str(error)) from None
    except ValidationError as error:
        # The home itself is always good: any text is a path.
        document = _file(_absolute(Path(os.environ.get(f"{PREFIX}HOME") or _default_home())))
        raise SettingsError("\n".join(_sentence(document, each) for each in error.errors())) from None


def _file(home: Path) -> Document:
    path = home / FILE
    document = read(path) if path.exists() else Document(path, {})
    if "home" in document.data:
        raise LibraryError(document.problem(("home",), f"cannot move the home it lies in; set {PREFIX}HOME"))
    return document


def _sentence(document: Document, error: ErrorDetails) -> str:
    schema = Settings.model_json_schema()
    key_path = error["loc"]
    if error["type"] == "extra_forbidden":
        known = ", ".join(sorted(set(Settings.model_fields) - {"home"}))
        return str(document.problem(key_path, f"is not a setting; one of {known}"))
    wanted = error["ctx"]["error"] if error["type"] == "value_error" else allowed(schema, key_path)
    variable = f"{PREFIX}{key_path[0]}".upper()
    if os.environ.get(variable):
        return f"environment variable {variable}: is not allowed; {wanted}"
    return str(document.problem(key_path, f"is not allowed; {wanted}"))
