"""What a server's answers mean for the file at hand, and where a token never goes."""

import json

import httpx2
import pytest

from coach.errors import UsageError
from coach.pushing.pushing import fill, push
from coach.pushing.queue import State, queue_of
from coach.pushing.server import AwayError, DeniedError, Server, open_server
from devices.errors import SourceError
from devices.fit.sources import Source

NOT_THERE = (404, {"type": "/api/v1/problems/not-found", "detail": "No file of that content is there."})
STORED = (201, {"files": [{"outcome": "stored", "reason": None}]})


class Script:
    """A server that answers by script, and keeps what it was asked. An exception is raised."""

    def __init__(self, *answers) -> None:
        self.answers = list(answers)
        self.asked: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body, *headers = answer
        return httpx2.Response(status, content=json.dumps(body).encode(), headers=dict(*headers))

    def server(self) -> Server:
        return Server(httpx2.Client(base_url="https://coach.example.org", transport=httpx2.MockTransport(self)))


@pytest.fixture
def outgoing(tmp_path):
    return queue_of(tmp_path, "https://coach.example.org")


def pushed(outgoing, script, **given):
    return list(push(outgoing, script.server(), **{"sleep": lambda _: None, **given}))


def test_it_is_asked_for_before_it_is_sent(outgoing):
    entry = outgoing.add("walk.fit", b"content")
    script = Script(NOT_THERE, STORED)
    (told,) = pushed(outgoing, script)
    assert (told.name, told.outcome) == ("walk.fit", "stored")
    asked, sent = script.asked
    assert asked.url.path == f"/api/v1/files/{entry.sha256}"
    assert (sent.url.params["name"], sent.content) == ("walk.fit", b"content")
    assert outgoing.waiting() == []


def test_what_is_there_is_not_sent(outgoing):
    outgoing.add("walk.fit", b"content")
    (told,) = pushed(outgoing, Script((200, {})))
    assert told.outcome == "duplicate"
    assert outgoing.add("walk.fit", b"content").state is State.THERE


def test_it_waits_as_long_as_it_is_asked_to(outgoing):
    outgoing.add("walk.fit", b"content")
    waits = []
    script = Script(
        httpx2.ConnectError("no way"),
        (503, {}, {"retry-after": "7"}),
        (429, {}, {"retry-after": "aeons"}),
        NOT_THERE,
        httpx2.ReadTimeout("silence"),
        (200, {}),
    )
    (told,) = pushed(outgoing, script, sleep=waits.append)
    assert told.outcome == "duplicate"
    assert waits == [1, 7, 4, 8]


def test_it_gives_up_and_what_waits_goes_on_the_next_time(outgoing):
    for name in "abc":
        outgoing.add(name, name.encode())
    script = Script((200, {}), *[httpx2.ConnectError("no way")] * 3)
    results = push(outgoing, script.server(), tries=3, sleep=lambda _: None)
    assert next(results).name == "a"
    with pytest.raises(AwayError):
        next(results)
    assert [each.name for each in outgoing.waiting()] == ["b", "c"]
    assert [each.name for each in pushed(outgoing, Script((200, {}), (200, {})))] == ["b", "c"]


def test_what_is_refused_is_kept_and_told_once(outgoing):
    source = Source("notes.fit", lambda: b"dear diary")
    assert not list(fill(outgoing, [source]))
    refusal = (422, {"type": "/api/v1/problems/refused", "detail": "This is not a FIT file."})
    (told,) = pushed(outgoing, Script(NOT_THERE, refusal))
    assert (told.outcome, told.reason) == ("refused", "This is not a FIT file.")
    assert not list(fill(outgoing, [source]))
    assert not pushed(outgoing, Script())


@pytest.mark.parametrize(
    "answer",
    [
        (401, {"detail": "This token is not known."}),
        (403, {"detail": "It lacks the scope."}),
        (302, {}, {"location": "https://evil.example"}),
        (404, {"detail": "Not Found"}),
        (200, "no object"),
    ],
)
def test_where_nothing_is_let_in_nothing_is_lost(outgoing, answer):
    outgoing.add("walk.fit", b"content")
    script = Script(NOT_THERE, answer) if answer[0] == 200 else Script(answer)
    with pytest.raises(DeniedError):
        pushed(outgoing, script)
    assert outgoing.waiting()
    assert {each.url.host for each in script.asked} == {"coach.example.org"}


def test_what_cannot_be_read_here_is_told(outgoing):
    def read() -> bytes:
        raise SourceError("walk.fit cannot be read.")

    (told,) = fill(outgoing, [Source("walk.fit", read)])
    assert (told.outcome, told.reason) == ("refused", "walk.fit cannot be read.")


@pytest.mark.parametrize("url", ["http://coach.example.org", "http://192.168.0.7:8631", "http://localhost.example.org"])
def test_a_token_does_not_travel_in_the_clear(url):
    with pytest.raises(UsageError, match="allow_plain_server"):
        open_server(url, "coach_x", allow_plain=False)
    open_server(url, "coach_x", allow_plain=True).client.close()


@pytest.mark.parametrize("url", ["http://127.0.0.1:8631", "http://localhost", "http://[::1]:1", "https://x.example"])
def test_it_does_within_this_machine_and_over_tls(url):
    open_server(url, "coach_x", allow_plain=False).client.close()


@pytest.mark.parametrize("url", ["", "coach.example.org", "ftp://x", "https://", "https://x:99999", "https://[x"])
def test_what_is_no_address(url):
    with pytest.raises(UsageError):
        open_server(url, "coach_x", allow_plain=True)


def test_a_token_is_shown_nowhere():
    with open_server("https://x.example", "coach_secret", allow_plain=False) as server:
        assert "coach_secret" not in repr(server)
