"""URLs of a person's own channels: what they stand for, what is wrong with them, and that they are not repeated."""

import json
from base64 import b64encode
from string import ascii_letters, digits

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.channels import ntfy, webhook
from scheduler.channels.base import Outgoing
from scheduler.channels.recognising import recognise
from scheduler.channels.shortening import bytes_of, shortened
from scheduler.errors import ChannelError
from scheduler.messages import Action, Message

TELEGRAM = "tgram://123456789:abcdefg_hijklmnop/12315544/"


@pytest.mark.parametrize(
    ("url", "channel", "label", "host"),
    [
        ("ntfy://ntfy.sh/robin", "ntfy", "ntfy ntfy.sh", "ntfy.sh"),
        (
            " NTFY://user:pa%40ss@Ntfy.Example.org:8443/robin \n",
            "ntfy",
            "ntfy ntfy.example.org:8443",
            "ntfy.example.org",
        ),
        ("ntfy://[2606:4700::1111]/robin", "ntfy", "ntfy [2606:4700::1111]", "2606:4700::1111"),
        ("https://example.org/hook?key=1", "webhook", "webhook example.org", "example.org"),
        ("https://user:pass@example.org/hook", "webhook", "webhook example.org", "example.org"),
        (TELEGRAM, "push", "Telegram", None),
        ("pover://" + "u" * 30 + "@" + "t" * 30 + "?priority=high", "push", "Pushover", None),
    ],
)
def test_what_a_url_stands_for(url, channel, label, host):
    found = recognise(url, allow_plain=False)
    assert (found.channel, found.label, found.host) == (channel, label, host)
    assert found.url.partition("#")[0] == url.strip()
    assert found.url not in repr(found)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("gopher://hunter2.example.org", "no channel for such a URL"),
        ("ntfys://hunter2.example.org/topic", "no channel for such a URL"),
        ("json://hunter2.example.org", "no channel for such a URL"),
        ("file://hunter2.example.org/a", "no channel for such a URL"),
        ("hunter2", "no channel for such a URL"),
        ("", "no channel for such a URL"),
        ("ntfy://", "names no host"),
        ("ntfy:///hunter2", "names no host"),
        ("https://", "names no host"),
        ("https:///hunter2", "names no host"),
        ("ntfy://hunter2.example.org", "names no topic"),
        ("ntfy://hunter2.example.org/", "names no topic"),
        ("ntfy://ntfy.sh/hunter2/more", "up to 64 letters"),
        ("ntfy://ntfy.sh/hunter2%20topic", "up to 64 letters"),
        ("ntfy://ntfy.sh/" + "hunter2" * 10, "up to 64 letters"),
        ("ntfy://hunter2@ntfy.sh/topic", "needs a password"),
        ("ntfy://:hunter2%0Atoken@ntfy.sh/topic", "letters and digits"),
        ("ntfy://ntfy.sh/topic?tls=no&hunter2=1", r"only \?tls=no"),
        ("ntfy://ntfy.sh/topic?tls=maybe", r"only \?tls=no"),
        ("ntfy://ntfy.sh/topic#hunter2", r"only \?tls=no"),
        ("ntfy://ntfy.sh/topic?tls=no", "COACH_ALLOW_PRIVATE_ADDRESSES"),
        ("http://hunter2.example.org/hook", "COACH_ALLOW_PRIVATE_ADDRESSES"),
        ("https://[::1/hunter2", "not a URL"),
        ("https://example.org:99999/hunter2", "not a URL"),
        ("https://example.org:port/hunter2", "not a URL"),
        ("https://example.org/hun ter2", "per cent"),
        ("https://example.org/hun\nter2", "per cent"),
        ("https://example.org/hünter2", "per cent"),
        ("https://example.org/hook#hunter2", "24 to 64 bytes"),
        ("https://example.org/hook#whsec_hunter2", "24 to 64 bytes"),
        ("https://example.org/hook#whsec_" + b64encode(b"hunter2").decode(), "24 to 64 bytes"),
        ("https://example.org/hook#whsec_" + b64encode(b"hunter2" * 20).decode(), "24 to 64 bytes"),
        ("tgram://hunter2", "not how Apprise writes"),
        (f"{TELEGRAM}?template=/etc/hunter2", "1 of the options"),
        (f"{TELEGRAM}?verify=no&redirect=yes&silent=yes", "2 of the options"),
        (f"{TELEGRAM}?to=hunter2;verify=no", "1 of the options"),
        (f"{TELEGRAM}#?verify=no", "1 of the options"),
        (f"{TELEGRAM}?to=hunter2;redirect=yes", "1 of the options"),
        (f"{TELEGRAM}?+X-Secret=1", "1 of the options"),
    ],
)
def test_what_is_wrong_with_a_url(url, sentence):
    with pytest.raises(ChannelError, match=sentence) as caught:
        recognise(url, allow_plain=False)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_on_ones_own_network_it_goes_without_tls():
    assert ntfy.parse("ntfy://pi/topic?tls=no", allow_plain=True).server == "http://pi/"
    assert ntfy.parse("ntfy://pi/topic?tls=yes", allow_plain=False).server == "https://pi/"
    assert recognise("http://pi:8080/hook", allow_plain=True).label == "webhook pi:8080"


def test_who_may_publish():
    def entry(url):
        return ntfy.parse(url, allow_plain=False).entry.get("Authorization")

    assert entry("ntfy://ntfy.sh/topic") is None
    assert entry("ntfy://ada:pa%3Ass@ntfy.sh/topic") == "Basic " + b64encode(b"ada:pa:ss").decode()
    assert entry("ntfy://:tk_abc@ntfy.sh/topic") == "Bearer tk_abc"


def test_a_webhook_has_a_secret_of_its_own_or_gets_one():
    made, again = (recognise("https://example.org/hook", allow_plain=False) for _ in range(2))
    assert made.url == f"https://example.org/hook#{made.secret}"
    assert len(webhook.parse(made.url, allow_plain=False).key) == 24
    assert made.secret != again.secret
    assert again.is_same(made.url)
    assert not again.is_same("https://example.org/other#whsec_x")
    given_one = "https://example.org/hook#whsec_" + b64encode(bytes(32)).decode()
    assert recognise(given_one, allow_plain=False).secret is None
    assert webhook.parse(given_one, allow_plain=False).url == "https://example.org/hook"


SECRETS = st.text(ascii_letters + digits, min_size=12, max_size=40)


@example("0" * 12, "0" * 12, "0" * 12, "?")
@given(SECRETS, SECRETS, SECRETS, st.sampled_from(["", ":8443", ":99999", "/../", "?", "@", "[", "%"]))
def test_no_label_sentence_or_repr_holds_a_secret(user, password, path, oddity):
    for url in (
        f"ntfy://{user}:{password}@ntfy.sh{oddity}/{path}",
        f"ntfy://:{password}@ntfy.sh/{path}{oddity}",
        f"https://{user}:{password}@example.org{oddity}/{path}?key={password}",
        f"https://example.org/{path}#{password}{oddity}",
        f"tgram://{user}:{password}/{path}{oddity}",
        f"{user}://{password}/{path}{oddity}",
    ):
        try:
            found = recognise(url, allow_plain=False)
            shown = f"{found.label} {found!r} {ntfy.EXAMPLE}"
        except ChannelError as error:
            shown = f"{error} {error!r}"
        assert not [secret for secret in (user, password, path) if secret in shown]


def test_what_is_published():
    actions = tuple(Action(f"{number}", f"https://coach.example.org/{number}", ("a",)) for number in range(5))
    message = Message("Your coach", "word " * 2000, actions=actions)
    sent = ntfy.published("topic", Outgoing("7", message, "<6f1c@example.org>"))
    assert (sent["topic"], sent["title"]) == ("topic", "Your coach")
    assert [each["url"][-2:] for each in sent["actions"]] == ["/0", "/1", "/2"]
    assert {each["action"] for each in sent["actions"]} == {"view"}
    assert 4080 < len(sent["message"].encode()) <= 4096
    assert sent["message"].endswith("word …")
    assert "priority" not in sent
    assert len(json.dumps(sent, ensure_ascii=False).encode()) <= 8192
    assert sent["sequence_id"] == ntfy.published("topic", Outgoing("7", message, "<6f1c@example.org>"))["sequence_id"]
    assert sent["sequence_id"] != ntfy.published("topic", Outgoing("7", message, "<6f1d@example.org>"))["sequence_id"]


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("all of it", 9, "all of it"),
        ("all of it\n", 9, "all of it"),
        ("all of it", 8, "all of …"),
        ("all of it", 7, "all …"),
        ("all of it", 6, "all …"),
        ("unbroken", 5, "unb …"),
        ("ab cd", 2, " …"),
    ],
)
def test_what_is_too_long_ends_with_a_whole_word(text, limit, expected):
    assert shortened(text, limit) == expected


@given(st.text(), st.integers(4, 60), st.sampled_from([len, bytes_of]))
def test_a_shortened_text_is_a_beginning_and_fits(text, limit, size):
    short = shortened(text, limit, size)
    assert size(short) <= limit
    assert short == text.strip() or text.strip().startswith(short.removesuffix(" …"))
