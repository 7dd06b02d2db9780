"""Apprise's services: where they really connect to, and what is told of it. Requests is caught at its door."""

import asyncio
import logging
import sys
from urllib.parse import urlsplit

import pytest
import requests

from scheduler.channels.base import Delivered, Outgoing, Permanent, Transient, Unknown
from scheduler.channels.push import SERVICES
from scheduler.channels.recognising import recognise
from scheduler.channels.registry import CHANNELS, ChannelSettings
from scheduler.errors import ChannelError
from scheduler.messages import Action, Message

TOKEN = "a1" * 16
PHONE = "15551233456"
EXAMPLES = {
    "tgram": ("tgram://123456789:abcdefg_hijklmnop/12315544/", "api.telegram.org"),
    "discord": ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "discord.com"),
    "slack": ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/", "hooks.slack.com"),
    "gchat": ("gchat://workspace/key/token", "chat.googleapis.com"),
    "line": (f"line://{TOKEN}/target", "api.line.me"),
    "threema": (f"threema://*ABCDEFG@{TOKEN}/{PHONE}", "msgapi.threema.ch"),
    "pover": (f"pover://{'u' * 30}@{'t' * 30}", "api.pushover.net"),
    "pbul": (f"pbul://{TOKEN}", "api.pushbullet.com"),
    "prowl": (f"prowl://{TOKEN}{TOKEN[:8]}", "api.prowlapp.com"),
    "spush": ("spush://HuxgkU", "api.simplepu.sh"),
    "sinch": (f"sinch://{TOKEN}:{TOKEN}@{PHONE}/{PHONE}?region=eu", "eu.sms.api.sinch.com"),
    "twilio": (f"twilio://AC{TOKEN}:{TOKEN}@{PHONE}/{PHONE}", "api.twilio.com"),
    "vonage": (f"vonage://{TOKEN[:8]}:{TOKEN[:16]}@{PHONE}/{PHONE}", "rest.nexmo.com"),
    "clicksend": (f"clicksend://user:pass@{PHONE}", "rest.clicksend.com"),
    "seven": (f"seven://{TOKEN}/{PHONE}", "gateway.seven.io"),
}
MESSAGE = Message("Your coach", "How <is> it?", actions=(Action("Tell", "https://coach.example.org/r/1"),))


class Door:
    """Stands where requests would connect."""

    def __init__(self):
        self.asked = []
        self.status = 200
        self.error = None

    def request(self, session, method, url, **options):
        self.asked.append((url, options))
        if self.error is not None:
            raise self.error
        response = requests.Response()
        response.status_code = self.status
        response._content = b'{"ok": true, "status": "OK", "result": [], "messages": [{"status": "0"}]}'
        return response


@pytest.fixture
def door(monkeypatch):
    door = Door()

    def request(session, method, url, **options):
        return door.request(session, method, url, **options)

    monkeypatch.setattr(requests.Session, "request", request)
    return door


def send(url, message=MESSAGE):
    channel = CHANNELS["push"](ChannelSettings(resolve={"7": url}.__getitem__))
    return asyncio.run(channel.send(Outgoing("7", message, "<1@example.org>")))


def test_there_is_an_example_of_each():
    assert EXAMPLES.keys() == SERVICES.keys()


@pytest.mark.parametrize("scheme", SERVICES)
def test_a_service_is_reached_at_its_own_host_over_tls_and_nowhere_else(door, scheme):
    url, host = EXAMPLES[scheme]
    assert recognise(url, allow_plain=False).label == SERVICES[scheme]
    send(url)
    assert door.asked
    for asked, options in door.asked:
        assert (urlsplit(asked).scheme, urlsplit(asked).hostname) == ("https", host)
        assert options["verify"] is True
        assert options["allow_redirects"] is False
        assert max(options["timeout"]) < 60


@pytest.mark.parametrize("scheme", SERVICES)
def test_no_host_can_be_chosen(scheme):
    from apprise.manager_plugins import NotificationManager

    plugin = NotificationManager()[scheme]
    assert not [template for template in plugin.templates if "{host}" in template or "{port}" in template]
    assert not plugin.protocol


def test_text_and_links_go_along(door):
    assert send(EXAMPLES["pover"][0]) == Delivered()
    sent = door.asked[0][1]["data"]
    assert (sent["title"], sent["message"]) == ("Your coach", "How <is> it?\n\nTell: https://coach.example.org/r/1")


@pytest.mark.parametrize(("scheme", "limit"), [("pover", 1024), ("sinch", 160)])
def test_a_long_text_is_cut_and_goes_once(door, scheme, limit):
    assert send(EXAMPLES[scheme][0], Message("Your coach", "word " * 1000)) == Delivered()
    assert len(door.asked) == 1
    assert "word …" in str(door.asked[0][1]["data"]) or "word \\u2026" in str(door.asked[0][1]["data"])


def test_what_came_of_it_and_no_secret_in_it(door, caplog):
    caplog.set_level(logging.DEBUG)
    url = EXAMPLES["tgram"][0]
    outcomes = []
    for door.status, door.error in (
        (401, None),
        (500, None),
        (200, requests.ConnectionError(url)),
        (200, KeyError(url)),
    ):
        outcomes.append(send(url))
    out_of_reach = Transient("Telegram could not be reached, or did not take it")
    assert outcomes == [
        Transient("Telegram answered 401 (Unauthorized)"),
        Transient("Telegram answered 500 (Internal Server Error)"),
        out_of_reach,
        out_of_reach,
    ]
    for told in (repr(outcomes), caplog.text):
        assert "abcdefg" not in told
        assert "12315544" not in told


def test_an_exception_on_the_way_is_unknown(monkeypatch):
    import apprise

    def notify(self, **_):
        raise RuntimeError("abcdefg")

    monkeypatch.setattr(apprise.Apprise, "notify", notify)
    assert send(EXAMPLES["tgram"][0]) == Unknown("lost on the way to Telegram: RuntimeError")


def test_a_url_that_is_none_any_more_is_permanent():
    assert isinstance(send("tgram://nonsense"), Permanent)
    assert isinstance(send("json://127.0.0.1/"), Permanent)


def test_without_apprise_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ChannelError, match=r"Telegram needs .*sciatica-coach\[push\]"):
        recognise(EXAMPLES["tgram"][0], allow_plain=False)
    assert isinstance(send(EXAMPLES["tgram"][0]), Transient)
