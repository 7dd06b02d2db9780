"""The guard, ntfy and webhooks against real web servers on this machine."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import shutil
import socket
import ssl
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from config.errors import SecretsError
from scheduler.channels import outbound
from scheduler.channels.base import Delivered, Outgoing, Permanent, Transient, Unknown
from scheduler.channels.registry import CHANNELS, ChannelSettings
from scheduler.errors import PrivateAddressError
from scheduler.messages import Action, Message
from scheduler.outbox import Address, State

AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
MESSAGE = Message(
    "Your coach", "Grüße. How is it?", actions=(Action("Tell", "https://coach.example.org/r/1", ("0", "1")),)
)
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
TOPIC = "hunter2"


def send(name, url, *messages, allow_private=True, resolve=None):
    """Each message one after the other; what came of them."""
    settings = ChannelSettings(clock=lambda: AT, resolve=resolve or {"7": url}.__getitem__, allow_private=allow_private)
    channel = CHANNELS[name](settings)

    async def all_of_them():
        try:
            return [await channel.send(each) for each in messages or [outgoing()]]
        finally:
            await channel.rest()

    return asyncio.run(all_of_them())


def outgoing(number=1, address="7"):
    return Outgoing(address, MESSAGE, f"<{number}@example.org>")


@pytest.fixture
def hook(receiver):
    return f"http://127.0.0.1:{receiver.port}/{TOPIC}?key=1#{SECRET}"


@pytest.fixture
def topic(receiver):
    return f"ntfy://:tk_{TOPIC}@127.0.0.1:{receiver.port}/{TOPIC}?tls=no"


def test_ntfy_publishes_a_message_with_its_buttons(receiver, topic):
    assert send("ntfy", topic) == [Delivered()]
    (request,) = receiver.received
    assert request.path == "/"
    assert request.headers["Authorization"] == f"Bearer tk_{TOPIC}"
    assert request.json.pop("sequence_id").isalnum()
    assert request.json == {
        "topic": TOPIC,
        "sequence_id": request.json["sequence_id"],
        "title": "Your coach",
        "message": "Grüße. How is it?",
        "actions": [{"action": "view", "label": "Tell", "url": "https://coach.example.org/r/1", "clear": True}],
    }
    assert "sciatica" not in f"{request.headers}".lower()


def test_a_webhook_is_signed_so_that_others_can_tell(receiver, hook):
    assert send("webhook", hook) == [Delivered()]
    (request,) = receiver.received
    assert request.path == f"/{TOPIC}?key=1"
    assert request.headers["Host"] == f"127.0.0.1:{receiver.port}"
    number, stamp = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    signed = b".".join([number.encode(), stamp.encode(), request.body])
    expected = hmac.new(base64.b64decode(SECRET.partition("_")[2]), signed, hashlib.sha256).digest()
    assert request.headers["webhook-signature"] == "v1," + base64.b64encode(expected).decode()
    assert int(stamp) == AT.timestamp()
    assert request.json == {
        "type": "coach.message",
        "timestamp": "2026-07-01T12:00:00+00:00",
        "data": {
            "id": number,
            "title": "Your coach",
            "text": "Grüße. How is it?",
            "actions": [{"label": "Tell", "url": "https://coach.example.org/r/1", "choices": ["0", "1"]}],
        },
    }


@pytest.mark.parametrize("name", ["ntfy", "webhook"])
def test_sent_again_a_message_can_be_known(receiver, hook, topic, name):
    send(name, {"ntfy": topic, "webhook": hook}[name], outgoing(1), outgoing(1), outgoing(2))
    known = [each.headers.get("webhook-id") or each.json["sequence_id"] for each in receiver.received]
    assert known[0] == known[1] != known[2]


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {}, Delivered()),
        (202, {}, Delivered()),
        (404, {}, Permanent("the server answered 404 (Not Found)")),
        (401, {}, Permanent("the server answered 401 (Unauthorized)")),
        (499, {}, Permanent("the server answered 499 (a status of its own)")),
        (408, {}, Transient("the server answered 408 (Request Timeout)")),
        (425, {}, Transient("the server answered 425 (Too Early)")),
        (500, {}, Transient("the server answered 500 (Internal Server Error)")),
        (503, {"Retry-After": "120"}, Transient("the server answered 503 (Service Unavailable)", timedelta(minutes=2))),
        (429, {}, Transient("the server answered 429 (Too Many Requests)")),
        (429, {"Retry-After": "soon"}, Transient("the server answered 429 (Too Many Requests)")),
        (429, {"Retry-After": "999999"}, Transient("the server answered 429 (Too Many Requests)", timedelta(hours=6))),
        (429, {"Retry-After": "9" * 99}, Transient("the server answered 429 (Too Many Requests)")),
        (
            429,
            {"Retry-After": "Wed, 01 Jul 2026 12:05:00 GMT"},
            Transient("the server answered 429 (Too Many Requests)", timedelta(minutes=5)),
        ),
        (
            429,
            {"Retry-After": "Wed, 01 Jul 2026 11:00:00 GMT"},
            Transient("the server answered 429 (Too Many Requests)", timedelta()),
        ),
    ],
)
def test_what_a_server_answers(receiver, hook, status, headers, expected):
    receiver.script = [(status, headers)]
    assert send("webhook", hook) == [expected]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(receiver, hook, web_server, status):
    with web_server() as inner:
        receiver.script = [(status, {"Location": f"http://127.0.0.1:{inner.port}/"})]
        (outcome,) = send("webhook", hook)
    assert isinstance(outcome, Permanent)
    assert outcome.reason.endswith("redirects are not followed")
    assert inner.received == []


def test_a_server_that_hangs_up_with_the_message_in_hand_is_unknown(receiver, hook):
    receiver.script = [None]
    lost, next_one = send("webhook", hook, outgoing(1), outgoing(2))
    assert isinstance(lost, Unknown)
    assert next_one == Delivered()


def test_a_server_that_never_answers_is_unknown(hook, monkeypatch):
    monkeypatch.setattr(outbound, "ANSWER_LIMIT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}/#{SECRET}"
        assert isinstance(send("webhook", url)[0], Unknown)


def test_an_answer_is_read_no_further_than_its_head(monkeypatch):
    """A body without an end neither fills the memory nor takes time."""
    monkeypatch.setattr(outbound, "ANSWER_LIMIT_S", 5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        async def endless():
            sending = asyncio.create_task(
                asyncio.to_thread(send, "webhook", f"http://127.0.0.1:{server.getsockname()[1]}/#{SECRET}")
            )
            connection, _ = await asyncio.to_thread(server.accept)
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
                return await asyncio.wait_for(sending, 4)

        assert asyncio.run(endless()) == [Delivered()]


def test_nobody_there_is_transient():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert send("webhook", f"http://127.0.0.1:{port}/#{SECRET}") == [Transient("the server could not be reached")]


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b", "a" * 70 + ".invalid"])
def test_a_name_that_is_not_found_is_transient(host):
    assert send("webhook", f"https://{host}/#{SECRET}") == [Transient("the server's name could not be found")]


PRIVATE = [
    *("localhost", "127.0.0.1", "127.1", "2130706433", "0x7f.1", "017700000001", "0", "[::1]", "[::ffff:127.0.0.1]"),
    *("169.254.169.254", "10.0.0.1", "192.168.1.1", "100.64.0.1", "[fe80::1]", "[fd00::1]", "224.0.0.1"),
]


@pytest.mark.parametrize("host", PRIVATE)
def test_private_addresses_are_refused(receiver, host):
    with pytest.raises(PrivateAddressError, match="COACH_ALLOW_PRIVATE_ADDRESSES"):
        asyncio.run(outbound.permitted(host.strip("[]"), receiver.port, allow_private=False))
    (outcome,) = send("webhook", f"https://{host}:{receiver.port}/#{SECRET}", allow_private=False)
    assert outcome == Transient("the server's name leads into a private network, which is not allowed")
    assert receiver.received == []


def test_without_tls_nothing_goes_out_once_that_is_no_longer_allowed(receiver, topic, hook):
    for name, url in (("ntfy", topic), ("webhook", hook)):
        (outcome,) = send(name, url, allow_private=False)
        assert isinstance(outcome, Permanent)
        assert TOPIC not in outcome.reason
    assert receiver.received == []


class Names:
    """What names lead to, as the test has it; each look-up is noted."""

    def __init__(self, monkeypatch, **addresses):
        self.asked = []
        self.addresses = {name.replace("_", "."): list(each) for name, each in addresses.items()}
        monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", self.getaddrinfo)

    async def getaddrinfo(self, host, port, **_):
        self.asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in self.addresses[host].pop(0)]


def test_a_name_is_looked_up_once_and_cannot_lead_elsewhere_a_moment_later(receiver, monkeypatch):
    names = Names(monkeypatch, coach_test=[["127.0.0.1"], ["169.254.169.254"]])
    assert send("webhook", f"http://coach.test:{receiver.port}/#{SECRET}") == [Delivered()]
    assert names.asked == ["coach.test"]
    assert receiver.received[0].headers["Host"] == f"coach.test:{receiver.port}"


def test_of_several_addresses_only_the_public_ones_are_for_strangers(monkeypatch):
    Names(monkeypatch, coach_test=[["127.0.0.1", "10.0.0.1", "9.9.9.9"], ["127.0.0.1", "10.0.0.1"]])
    assert asyncio.run(outbound.permitted("coach.test", 443, allow_private=False)) == ["9.9.9.9"]
    with pytest.raises(PrivateAddressError):
        asyncio.run(outbound.permitted("coach.test", 443, allow_private=False))


def test_an_address_out_of_reach_leaves_the_next_one(receiver, monkeypatch):
    Names(monkeypatch, coach_test=[["127.0.0.2", "127.0.0.1"]])
    assert send("webhook", f"http://coach.test:{receiver.port}/#{SECRET}") == [Delivered()]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Of coach.test, signed by itself."""
    folder = tmp_path_factory.mktemp("certificate")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=coach.test"]
    names = ["-addext", "subjectAltName=DNS:coach.test"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    return folder


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
@pytest.mark.parametrize(
    ("name", "trusted", "expected"),
    [
        ("coach.test", True, Delivered()),
        ("coach.test", False, Transient("the server's certificate is not trusted")),
        ("other.test", True, Transient("the server's certificate is not trusted")),
    ],
)
def test_a_server_shows_who_it_is_under_the_name_that_was_asked_for(
    web_server, certificate, monkeypatch, name, trusted, expected
):
    """Connected to by its address, and still held to its name."""
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    outbound._tls.cache_clear()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    asked_for = []
    context.sni_callback = lambda socket, name, context: asked_for.append(name)
    Names(monkeypatch, **{name.replace(".", "_"): [["127.0.0.1"]]})
    with web_server(context) as receiver:
        assert send("webhook", f"https://{name}:{receiver.port}/#{SECRET}") == [expected]
    outbound._tls.cache_clear()
    assert asked_for == [name]
    assert len(receiver.received) == (expected == Delivered())


def test_a_channel_that_was_removed_is_permanent(hook):
    assert send("webhook", hook, outgoing(address="8")) == [Permanent("the channel was removed")]
    assert send("ntfy", hook, resolve=ChannelSettings().resolve) == [Permanent("the channel was removed")]


@pytest.mark.parametrize("error", [SecretsError("Bring back the key."), OSError(f"{TOPIC} is busy")])
def test_a_url_that_cannot_be_looked_up_is_transient(error):
    def resolve(reference):
        raise error

    (outcome,) = send("webhook", "", resolve=resolve)
    assert isinstance(outcome, Transient)
    assert TOPIC not in outcome.reason


def test_no_reason_and_no_log_holds_a_secret(receiver, topic, hook, caplog):
    caplog.set_level(logging.DEBUG)
    receiver.script = [(404, {}), (500, {}), None, (302, {"Location": f"http://127.0.0.1/{TOPIC}"})] * 2
    outcomes = [*send("ntfy", topic, *map(outgoing, range(5))), *send("webhook", hook, *map(outgoing, range(5)))]
    assert len(receiver.received) >= 9
    for told in (repr(outcomes), caplog.text):
        assert TOPIC not in told
        assert SECRET.partition("_")[2] not in told


def test_a_whole_sweep(world, receiver, topic, hook):
    """429 with a wish for patience, which is granted; then all arrive, each once."""
    receiver.script = [(429, {"Retry-After": "1800"})]
    urls = {"1": topic, "2": hook}
    settings = ChannelSettings(clock=lambda: world.now, resolve=urls.__getitem__, allow_private=True)
    channels = {name: CHANNELS[name](settings) for name in ("ntfy", "webhook")}
    world.post(world.draft(to=(Address("ntfy", "1"),)), world.draft(period="a2", to=(Address("ntfy", "1"),)))
    world.post(world.draft(period="a3", to=(Address("webhook", "2"),)))

    states = [report.state for report in world.sweep(channels=channels)]
    assert sorted(states) == [State.PENDING, State.SENT, State.SENT]
    world.wait(minutes=29)
    assert world.sweep(channels=channels) == []
    world.wait(minutes=2)
    assert [report.state for report in world.sweep(channels=channels)] == [State.SENT]
    assert {json.dumps(row["address"]) for row in world.rows()} == {'"1"', '"2"'}
