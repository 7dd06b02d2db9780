"""The e-mail channel against a real SMTP server that answers what the test wants."""

import asyncio
import gc
import shutil
import socket
import ssl
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.smtp import AuthResult

from scheduler.channels import email as module
from scheduler.channels.base import Delivered, Outgoing, Permanent, Transient, Unknown
from scheduler.channels.registry import CHANNELS, ChannelSettings
from scheduler.messages import Message
from scheduler.outbox import Address, State

SENDER = "coach@example.org"


class Mailbox:
    """An aiosmtpd handler: answers by script at RCPT and DATA, and keeps what it took."""

    def __init__(self) -> None:
        self.letters: list = []
        self.connections: set = set()
        self.rcpt: list[str] = []
        self.data: list[str] = []
        self.drop = False
        self.hang = False

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.rcpt:
            return self.rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.connections.add(session.peer)
        if self.drop:
            server.transport.abort()
            return ""
        if self.hang:
            await asyncio.sleep(5)
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        return self.data.pop(0) if self.data else "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def url(mailbox, mail_server) -> Iterator[str]:
    with mail_server(mailbox) as port:
        yield f"smtp://127.0.0.1:{port}"


def outgoing(number: int = 1) -> Outgoing:
    return Outgoing("ada@example.org", Message("Your week is ready", "72 %", "<p>72 %</p>"), f"<{number}@example.org>")


def send(url: str, *letters: Outgoing) -> list:
    channel = CHANNELS["email"](ChannelSettings(mail_from=SENDER, smtp_url=url))

    async def all_of_them():
        try:
            return [await channel.send(letter) for letter in letters or [outgoing()]]
        finally:
            await channel.rest()

    outcomes = asyncio.run(all_of_them())
    gc.collect()  # a connection that was left open is complained of here, while it is known whose it was
    return outcomes


def test_a_letter_arrives_whole(url, mailbox):
    assert send(url) == [Delivered()]
    (letter,) = mailbox.letters

    assert letter["From"] == "Your coach <coach@example.org>"
    assert letter["Message-ID"] == "<1@example.org>"
    assert letter["Subject"] == "Your week is ready"
    assert letter.get_body(("plain",)).get_content().strip() == "72 %"
    assert letter.get_body(("html",)).get_content().strip() == "<p>72 %</p>"


def test_lines_that_begin_with_full_stops_arrive_as_they_were_written(url, mailbox):
    page = ".first\n<p>\n.\n..\n.hidden</p>\n"
    first, second = send(url, Outgoing("ada@example.org", Message("x", page, page), "<1@example.org>"), outgoing(2))

    assert first == second == Delivered()
    assert len(mailbox.letters) == 2
    for kind in ("plain", "html"):
        assert mailbox.letters[0].get_body((kind,)).get_content().splitlines() == page.splitlines()


def test_a_connection_serves_a_whole_sweep(url, mailbox):
    assert send(url, *map(outgoing, range(5))) == [Delivered()] * 5
    assert len(mailbox.connections) == 1


def test_letters_at_the_same_time_have_connections_of_their_own(url, mailbox):
    channel = CHANNELS["email"](ChannelSettings(mail_from=SENDER, smtp_url=url))

    async def at_once():
        for _ in range(3):
            assert await asyncio.gather(*(channel.send(outgoing(n)) for n in range(3))) == [Delivered()] * 3
        await channel.rest()

    asyncio.run(at_once())
    assert len(mailbox.letters) == 9
    assert len(mailbox.connections) == 3


class Slow(Mailbox):
    """Takes its time to greet; with `letters_each` it hangs up after as many letters of one connection."""

    letters_each: int = 1_000

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        await asyncio.sleep(0.02)
        session.host_name, session.taken = hostname, 0
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if session.taken == self.letters_each:
            server.transport.close()
            return "421 4.7.0 That is enough"
        session.taken += 1
        envelope.mail_from = address
        return "250 OK"


@asynccontextmanager
async def bearing(port: int, most: int) -> AsyncIterator[tuple[int, Counter]]:
    """A door before a server: `most` connections at a time go through, others are told so and shown out."""
    seen: Counter = Counter()

    async def pump(reader, writer):
        while data := await reader.read(65_536):
            writer.write(data)
        writer.close()
        await writer.wait_closed()

    async def let_in(reader, writer):
        if seen["inside"] == most:
            seen["refused"] += 1
            writer.write(b"421 4.7.0 Too many connections\r\n")
            writer.close()
            return
        seen["inside"] += 1
        seen["let in"] += 1
        behind, to_it = await asyncio.open_connection("127.0.0.1", port)
        try:
            await asyncio.gather(pump(reader, to_it), pump(behind, writer), return_exceptions=True)
        finally:
            writer.close()
            to_it.close()
            seen["inside"] -= 1

    door = await asyncio.start_server(let_in, "127.0.0.1", 0)
    async with door:
        yield door.sockets[0].getsockname()[1], seen


def swept(mailbox: Mailbox, mail_server, letters: int, most: int) -> tuple[list, Counter]:
    """Through such a door, eight at a time; at the end nobody is inside."""

    async def all_of_them(port: int):
        async with bearing(port, most) as (entry, seen):
            channel = CHANNELS["email"](ChannelSettings(mail_from=SENDER, smtp_url=f"smtp://127.0.0.1:{entry}"))
            waiting = [outgoing(number) for number in range(letters)]
            outcomes = []

            async def carry():
                while waiting:
                    outcomes.append(await channel.send(waiting.pop()))

            await asyncio.gather(*(carry() for _ in range(8)))
            await channel.rest()
            for _ in range(100):
                if not seen["inside"]:
                    break
                await asyncio.sleep(0.01)
            assert not seen["inside"], "a connection was left open"
            return outcomes, seen

    with mail_server(mailbox) as port:
        return asyncio.run(all_of_them(port))


@pytest.mark.parametrize("most", [1, 2, 5])
def test_a_server_that_bears_few_connections_is_served_by_those(mail_server, most):
    mailbox = Slow()
    outcomes, seen = swept(mailbox, mail_server, 30, most)
    assert outcomes == [Delivered()] * 30
    assert seen["let in"] == len(mailbox.connections) == most
    assert seen["refused"] <= 8 - most, "nobody knocks again"


def test_where_it_hangs_up_now_and_then_others_take_the_place(mail_server):
    mailbox = Slow()
    mailbox.letters_each = 3
    outcomes, seen = swept(mailbox, mail_server, 30, 2)
    assert outcomes.count(Delivered()) >= 15
    assert len(mailbox.letters) == outcomes.count(Delivered())
    assert seen["let in"] >= 5


def test_who_waits_for_a_connection_is_told_when_there_is_none_left(mail_server):
    mailbox = Slow()
    mailbox.drop = True
    outcomes, seen = swept(mailbox, mail_server, 8, 2)
    assert {type(each) for each in outcomes} <= {Transient, Unknown}
    assert seen["let in"] >= 2


def test_who_waits_for_a_connection_does_not_for_ever(mail_server, monkeypatch):
    monkeypatch.setattr(module, "OPEN_LIMIT_S", 0.3)
    mailbox = Slow()
    mailbox.hang = True

    async def two(port: int):
        async with bearing(port, 1) as (entry, _):
            channel = CHANNELS["email"](ChannelSettings(mail_from=SENDER, smtp_url=f"smtp://127.0.0.1:{entry}"))
            first = asyncio.create_task(channel.send(outgoing(1)))
            await asyncio.sleep(0.1)
            second = await channel.send(outgoing(2))
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            await channel.rest()
            return second

    with mail_server(mailbox) as port:
        assert isinstance(asyncio.run(two(port)), Transient), "it was not begun"


@pytest.mark.parametrize("stage", ["rcpt", "data"])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [("451 4.3.0 greylisted", Transient), ("550 5.1.1 <Ada@example.org> unknown", Permanent)],
)
def test_what_the_server_says_of_the_recipient_or_the_letter(url, mailbox, stage, answer, expected):
    setattr(mailbox, stage, [answer])
    refused, next_one = send(url, outgoing(1), outgoing(2))

    assert isinstance(refused, expected)
    assert refused.reason == answer.replace("Ada@example.org", "<address>")
    assert next_one == Delivered()


def test_a_connection_lost_after_the_letter_was_begun_is_unknown(url, mailbox):
    mailbox.drop = True
    (outcome,) = send(url)
    assert isinstance(outcome, Unknown)


def test_a_server_that_never_answers_the_letter_is_unknown(url, mailbox, monkeypatch):
    monkeypatch.setattr(module, "ANSWER_LIMIT_S", 0.2)
    mailbox.hang = True
    (outcome,) = send(url)
    assert isinstance(outcome, Unknown)


def test_nobody_there_is_transient():
    port = free_port()
    (outcome,) = send(f"smtp://ada:hidden@127.0.0.1:{port}")
    assert outcome == Transient(f"the mail server 127.0.0.1:{port} could not be reached")


def test_a_server_that_does_not_greet_is_waited_for_once_a_sweep(monkeypatch):
    monkeypatch.setattr(module, "OPEN_LIMIT_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        outcomes = send(f"smtp://127.0.0.1:{mute.getsockname()[1]}", *map(outgoing, range(5)))
        mute.setblocking(False)
        mute.accept()[0].close()
        with pytest.raises(BlockingIOError):
            mute.accept()

    assert {type(outcome) for outcome in outcomes} == {Transient}


def test_a_server_that_went_away_between_two_sweeps_is_found_again(mailbox, mail_server):
    port = free_port()
    channel = CHANNELS["email"](ChannelSettings(mail_from=SENDER, smtp_url=f"smtp://127.0.0.1:{port}"))

    async def through_thick_and_thin():
        outcomes = [await channel.send(outgoing())]
        await channel.rest()
        with mail_server(mailbox, port=port):
            outcomes.append(await channel.send(outgoing()))
        outcomes.append(await channel.send(outgoing()))
        await channel.rest()
        return outcomes

    outcomes = asyncio.run(through_thick_and_thin())
    assert [type(outcome) for outcome in outcomes] == [Transient, Delivered, Transient]


@pytest.mark.parametrize(("password", "expected"), [("right", Delivered), ("wr0ng", Transient)])
def test_sign_in(mailbox, mail_server, password, expected):
    def check(server, session, envelope, mechanism, credentials):
        return AuthResult(success=credentials.password == b"right", handled=False)

    with mail_server(mailbox, authenticator=check, auth_require_tls=False) as port:
        outcomes = send(f"smtp://coach:{password}@127.0.0.1:{port}?starttls=false")

    assert isinstance(outcomes[0], expected)
    assert password not in repr(outcomes)


def test_a_password_does_not_travel_in_the_clear(url, mailbox):
    (outcome,) = send(url.replace("//", "//coach:secret@"))

    assert isinstance(outcome, Transient)
    assert "secret" not in repr(outcome)
    assert mailbox.letters == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Of 127.0.0.1, signed by itself."""
    folder = tmp_path_factory.mktemp("certificate")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    return folder


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
@pytest.mark.parametrize("kind", ["smtps", "starttls"])
@pytest.mark.parametrize(("trusted", "expected"), [(True, Delivered), (False, Transient)])
def test_over_tls_to_a_server_whose_certificate_is_trusted(
    mailbox, mail_server, certificate, monkeypatch, kind, trusted, expected
):
    """The password travels by then; nobody in between may have it."""
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    seen = []

    def check(server, session, envelope, mechanism, credentials):
        seen.append(credentials.password)
        return AuthResult(success=True)

    own = {"ssl_context": context, "auth_require_tls": False} if kind == "smtps" else {"tls_context": context}
    with mail_server(mailbox, authenticator=check, **own) as port:
        scheme = "smtps" if kind == "smtps" else "smtp"
        (outcome,) = send(f"{scheme}://coach:secret@127.0.0.1:{port}")

    assert isinstance(outcome, expected)
    assert seen == ([b"secret"] if trusted else [])
    assert len(mailbox.letters) == int(trusted)


def test_an_address_that_cannot_stand_in_a_header_is_permanent(url, mailbox):
    bad = Outgoing("ada@example.org\nBcc: all@example.org", Message("x", "y"), "<1@example.org>")
    assert isinstance(send(url, bad)[0], Permanent)
    assert mailbox.letters == []


def test_an_address_that_no_letter_can_be_packed_for_stops_no_other(world, url, mailbox):
    channel = CHANNELS["email"](ChannelSettings(mail_from=SENDER, smtp_url=url))
    world.post(*(world.draft(period=to, to=(Address("email", to),)) for to in ("ädä@example.org", "ada@example.org")))

    states = {report.period: report.state for report in world.sweep(channels={"email": channel})}
    assert states == {"ädä@example.org": State.FAILED, "ada@example.org": State.SENT}


def test_a_whole_sweep_by_mail(world, url, mailbox):
    mailbox.rcpt = ["451 4.3.0 busy"]
    channel = CHANNELS["email"](ChannelSettings(mail_from=SENDER, smtp_url=url))
    drafts = [world.draft(period=str(number), to=(Address("email", f"p{number}@example.org"),)) for number in range(30)]
    world.post(*drafts)

    states = [report.state for report in world.sweep(channels={"email": channel})]
    assert sorted(states) == [State.PENDING, *[State.SENT] * 29]
    world.wait(minutes=5)
    assert [report.state for report in world.sweep(channels={"email": channel})] == [State.SENT]
    assert len({letter["Message-ID"] for letter in mailbox.letters}) == len(mailbox.letters) == 30
