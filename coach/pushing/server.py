"""A coach's server as a program asks it (docs/api.md), and what its answers mean for the file at hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpx2

from coach.errors import CoachError, UsageError
from scheduler.channels.outbound import BUSY

_FILES: Final = "/api/v1/files"
# A server is there within seconds or not at all; for a large file on a slow line, and its reading, it may take longer.
_OPEN_S: Final = 10.0
_ANSWER_S: Final = 120.0
# A server may ask for patience; nobody sits before a command for longer.
_LONGEST_PATIENCE_S: Final = 300

_NOT_OURS: Final = "what answers there is no coach's server, or not one that knows this program"


class AwayError(CoachError):
    """It may be well again later. `patience_s`: for how long it asks to be left alone."""

    def __init__(self, why: str, patience_s: int | None = None) -> None:
        super().__init__(why)
        self.patience_s = patience_s


class DeniedError(CoachError):
    """No file can go there: the token, or the address, is not good."""


class RefusedError(CoachError):
    """It does not take this file, and says why."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where files go. Use it as a context: one connection serves many files."""

    client: httpx2.Client = field(repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def knows(self, sha256: str) -> bool:
        """Whether it has a content already.

        Raises:
            AwayError, DeniedError: it cannot be asked.
        """
        answer = self._ask("GET", f"{_FILES}/{sha256}")
        if answer.status_code == HTTPStatus.NOT_FOUND and _problem(answer).get("type", "").endswith("/not-found"):
            return False
        if answer.status_code != HTTPStatus.OK:
            raise DeniedError(_detail(answer))
        return True

    def send(self, name: str, data: bytes) -> tuple[str, str | None]:
        """What became of it there (`coach.ingest.files.Outcome`), and the sentence to it.

        Raises:
            AwayError, DeniedError: it cannot be asked.
            RefusedError: it does not take this file.
        """
        headers = {"content-type": "application/octet-stream"}
        answer = self._ask("POST", _FILES, params={"name": name[-255:]}, content=data, headers=headers)
        if answer.status_code in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}:
            raise RefusedError(_detail(answer))
        try:
            (file,) = answer.json()["files"]
            return str(file["outcome"]), file["reason"]
        except (ValueError, KeyError, TypeError):
            raise DeniedError(_detail(answer)) from None

    def _ask(self, method: str, path: str, **given: Any) -> httpx2.Response:
        try:
            answer = self.client.request(method, path, **given)
        except httpx2.HTTPError as error:
            raise AwayError("The server cannot be reached" + (f" ({error})." if str(error) else ".")) from None
        if answer.status_code in BUSY:
            raise AwayError(
                f"The server is busy or out of order (it answered {answer.status_code}).", _patience(answer)
            )
        if answer.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            raise DeniedError(_detail(answer))
        return answer


def open_server(url: str, token: str, *, allow_plain: bool) -> Server:
    """
    Raises:
        UsageError: the address is none, or would carry the token in the clear.
    """
    try:
        there = urlsplit(url)
        host, scheme, _ = there.hostname, there.scheme, there.port
        address = httpx2.URL(url)
    except (ValueError, httpx2.InvalidURL):
        host, scheme, address = None, "", httpx2.URL("")
    if not host or scheme not in {"https", "http"}:
        raise UsageError("The server's address is none. Write it as https://coach.example.org.")
    if scheme == "http" and not (allow_plain or _is_this_machine(host)):
        raise UsageError(
            "Over http:// anybody on the way could read the token. Use https://, or set allow_plain_server where the "
            "way is your own."
        )
    timeout = httpx2.Timeout(_ANSWER_S, connect=_OPEN_S)
    headers = {"authorization": f"Bearer {token}", "accept": "application/json"}
    return Server(httpx2.Client(base_url=address, headers=headers, timeout=timeout, trust_env=False))


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _problem(answer: httpx2.Response) -> Mapping[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _detail(answer: httpx2.Response) -> str:
    """The server's own sentence, or that it is no coach's server."""
    detail = _problem(answer).get("detail")
    return detail if isinstance(detail, str) else f"The server answered {answer.status_code}: {_NOT_OURS}."


def _patience(answer: httpx2.Response) -> int | None:
    asked = answer.headers.get("retry-after", "")
    return min(int(asked), _LONGEST_PATIENCE_S) if asked.isdecimal() and len(asked) < 6 else None  # noqa: PLR2004
