"""What was said and left unsaid, what is wanted, and the ways to a person."""

import re
import threading
from datetime import datetime, time
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlmodel import select

from coach.nudges import policy
from coach.store import channels, preferences
from coach.store.accounts import FormSent
from coach.store.engine import reading, writing
from coach.store.tables import key
from coach.store.told import PersonChannel
from coach.web.messages import reason_key
from config.messages.catalogue import pages
from config.secrets import open_secrets
from scheduler import outbox, suspensions
from scheduler.drafts import Address, Draft
from scheduler.messages import Kind, Policy
from scheduler.suspensions import Suspension
from scheduler.tables import DELIVERY, State


def post(world, person, rule: str, period: str, **columns):
    """A nudge in the outbox, its delivery as it is told here."""
    draft = Draft(
        recipient_id=str(key(person)),
        rule=rule,
        period=period,
        reason="because",
        timezone=person.timezone,
        due_at=world.now,
        expires_at=None,
        policy=Policy.RESEND,
        kind=Kind.CHECK_IN,
        to=(Address("email", "ada@example.org"), Address("ntfy", "1")),
    )
    with writing(world.app.engine, None) as session:
        (nudge,) = outbox.post(session, [draft], world.now)
        if columns:
            session.connection().execute(DELIVERY.update().where(DELIVERY.c.nudge_id == nudge).values(**columns))


def wishes(world, person):
    with reading(world.app.engine) as session:
        return preferences.wishes(session, key(person)).by_rule


def test_nothing_was_said_yet(ada, words):
    assert "Nothing was sent yet, and nothing is due." in words(ada.open("/messages"))


def test_of_what_was_sent_long_ago_the_text_is_gone_and_each_still_has_a_line(world, ada, words):
    for rule in ("R2", "R8"):
        post(world, ada.person, rule, "1", state=State.SENT, not_before=None, sent_at=world.now)
    assert words(ada.open("/messages")).count("The text is no longer kept.") == 2


def test_what_was_sent_is_due_and_was_left_unsaid(world, ada, bo, words):
    sent = {"state": State.SENT, "not_before": None, "sent_at": world.now, "title": "Your coach"}
    post(
        world,
        ada.person,
        "R2",
        "2026-06-04",
        text="How is it <today>? `coach pain 2` notes a 2.",
        message_id="<1@x>",
        **sent,
    )
    post(world, ada.person, "R13", "2026-W22", text="Ready.\n\nYour week\n=========\nWalks", message_id="<2@x>", **sent)
    post(world, ada.person, "R8", "2026-06-04")
    post(world, ada.person, "R4", "2026-W23", state=State.SUPPRESSED, not_before=None, detail="the plan is locked")
    post(world, ada.person, "R0", "x", state=State.FAILED, not_before=None, detail="the server answered 404")
    page = ada.open("/messages")
    read = words(page)
    assert "Due A word when nothing has synced Thu 4 June 2026, 17:00 · waits for its time" in read
    assert "Thu 4 June 2026, 17:00 · e-mail, ntfy Your coach How is it &lt;today&gt;?" in read
    assert "coach pain" not in read
    assert "Walks" not in read
    assert 'href="/week/2026-W22"' in page.text
    assert "A word in the middle of the week Thu 4 June 2026, 17:00 · not for now: the plan is locked" in read
    assert "Warning signs Thu 4 June 2026, 17:00 · could not be delivered: the server answered 404" in read
    assert "Nothing was sent yet" in words(bo.open("/messages"))


def test_why_it_was_left_unsaid_is_told_in_the_language(world, words):
    person = world.person("Cleo", language="de")
    post(world, person, "R4", "2026-W23", state=State.SUPPRESSED, not_before=None, detail="nothing is asked today")
    assert "jetzt nicht: an dem Tag wird um nichts gebeten" in words(world.browser(person).open("/messages"))


def test_every_reason_of_the_policy_has_its_words():
    known = pages("de").names("why")
    thinned = [policy.thinned(1, ignored=True, week=1), policy.thinned(2, ignored=False, week=7)]
    for reason in [each.reason for each in policy.LIMITS] + thinned:
        assert reason_key(reason) in known, reason


@pytest.mark.thorough
def test_the_coming_week_is_played_and_nothing_of_it_is_kept(world, ada, words):
    read = words(ada.open("/messages/preview"))
    assert "Your week is ready" in read
    assert "Nothing was sent yet" in words(ada.open("/messages"))


def test_rules_are_turned_off_put_to_sleep_and_on(world, ada, words):
    at = "/messages/rules"
    read = words(ada.send(f"{at}/R4", at=at, do="off"))
    assert read.startswith("Noted: A word in the middle of the week.")
    assert wishes(world, ada.person)["R4"].off
    ada.send(f"{at}/R4", at=at, do="on")
    assert not wishes(world, ada.person)["R4"].off
    read = words(ada.send(f"{at}/R4", at=at, do="snooze"))
    assert "Silent until 11 June 2026." in read
    assert wishes(world, ada.person)["R4"].snoozed_until == datetime.fromisoformat("2026-06-11T00:00+02:00")


def test_the_morning_question_has_a_time(world, ada, words):
    form = {"path": "/messages/rules/R2", "at": "/messages/rules", "do": "on"}
    assert "On, at 09:15." in words(ada.send(**form, time="09:15"))
    assert wishes(world, ada.person)["R2"].at == time(9, 15)
    for wrong in ("13:00", "<b>", "9"):
        page = ada.send(**form, time=wrong, status=422)
        assert "between 04:00 and 12:00" in words(page)
        assert f'value="{escape(wrong)}"' in page.text
    assert wishes(world, ada.person)["R2"].at == time(9, 15)
    assert "On, at 08:00: the time that you chose lies within quiet hours" in words(ada.send(**form, time="05:00"))


@pytest.mark.parametrize("code", ["R0", "R99", "x"])
def test_a_warning_sign_cannot_be_turned_off(world, ada, words, code):
    page = ada.open("/messages/rules")
    assert "cannot be turned off" in words(page)
    assert 'action="/messages/rules/R0"' not in page.text
    ada.post(f"/messages/rules/{code}", status=404, do="off", **hidden(page))
    assert code not in wishes(world, ada.person)


def test_a_rule_that_waits_to_be_asked_for(world, ada, words):
    form = {"path": "/messages/rules/R3", "at": "/messages/rules"}
    assert "Reminders of planned sessions Off, until you turn it on." in words(ada.open("/messages/rules"))
    ada.send(**form, do="snooze", status=422)
    ada.send(**form, do="nonsense", status=422)
    ada.send(**form, do="on")
    assert not wishes(world, ada.person)["R3"].off


# The ways to a person.


@pytest.fixture
def private(world):
    """Where private addresses may be reached: this machine's, for the test."""
    object.__setattr__(world.app, "settings", world.app.settings.model_copy(update={"allow_private_addresses": True}))


@pytest.fixture
def server():
    """One that takes messages, or refuses them."""
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            taken.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(410 if "gone" in self.path else 200)
            self.end_headers()

        def log_message(self, *_):
            pass

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}", taken
    listening.shutdown()
    listening.server_close()


def rows(world):
    with reading(world.app.engine) as session:
        session.expire_on_commit = False
        return list(session.exec(select(PersonChannel).order_by(PersonChannel.id)))


AT = "/messages/channels"


def test_a_way_is_added_once_sealed_and_named(world, ada, words):
    form = hidden(ada.open(AT))
    read = words(ada.post(AT, **form, url="ntfy://ntfy.sh/quiet-topic-1", name="<b>My phone</b>"))
    assert "Added: &lt;b&gt;My phone&lt;/b&gt;." in read
    assert "Added:" in words(ada.post(AT, **form, url="ntfy://ntfy.sh/quiet-topic-1", name="")), "sent twice"
    (row,) = rows(world)
    assert "quiet-topic-1" not in row.sealed_url
    assert "quiet-topic-1" in open_secrets(world.app.settings).unseal(row.sealed_url)
    assert "quiet-topic-1" not in ada.open(AT).text
    assert "It is there already" in words(ada.send(AT, url="ntfy://ntfy.sh/quiet-topic-1"))


@pytest.mark.parametrize(
    ("url", "name", "sentence"),
    [
        ("gopher://x", "", "There is no way for such an address."),
        ("", "", "There is no way for such an address."),
        ("https://127.0.0.1/hook", "", "private network"),
        ("https://10.1.2.3/hook?<i>", "", "private network"),
        ("ntfy://ntfy.sh/quiet-topic-1", "n" * 81, "1 to 80 characters"),
    ],
)
def test_what_is_no_way_is_said_and_nothing_typed_is_lost(world, ada, words, url, name, sentence):
    page = ada.send(AT, status=422, url=url, name=name)
    assert sentence in words(page)
    assert f'value="{escape(url)}"' in page.text
    assert name in page.text
    assert rows(world) == []


def test_a_webhooks_secret_is_shown_once_and_kept_nowhere(world, ada, private, server, words):
    url, _ = server
    page = ada.send(AT, url=f"{url}/hook")
    secret = re.search(r'<p class="code">(whsec_[^<]+)</p>', page.text)[1]
    assert secret not in ada.open(AT).text
    with reading(world.app.engine) as session:
        assert secret not in str(session.exec(select(FormSent)).all())


def test_a_test_is_sent_and_told(world, ada, private, server, words):
    url, taken = server
    ada.send(AT, url=f"{url}/hook", name="Desk")
    ada.send(AT, url=f"{url}/gone", name="Attic")
    form = hidden(ada.open(AT))
    assert "Desk: sent. Look whether it is there." in words(ada.post(f"{AT}/1/test", **form))
    assert "Desk: sent" in words(ada.post(f"{AT}/1/test", **form)), "sent twice"
    assert len(taken) == 1
    assert b"This is a test" in taken[0]
    assert "Attic: not sent (the server answered 410 (Gone))." in words(ada.send(f"{AT}/2/test", at=AT))


def test_a_suspended_one_is_used_again(world, ada, words):
    ada.send(AT, url="ntfy://ntfy.sh/quiet-topic-1", name="Phone")
    (row,) = rows(world)
    with writing(world.app.engine, None) as session:
        suspensions.suspend(session.connection(), [Suspension(channels.address(row), world.now, "it answered <410>")])
    assert "refused: it answered &lt;410&gt;" in words(ada.open(AT))
    assert "Phone: messages go there again." in words(ada.send(f"{AT}/1/resume", at=AT))
    assert "refused" not in words(ada.open(AT))


def test_one_is_removed_after_a_second_look(world, ada, words):
    ada.send(AT, url="ntfy://ntfy.sh/quiet-topic-1", name="Phone")
    assert "Phone: nothing is sent there any more" in words(ada.open(f"{AT}/1/remove"))
    assert len(rows(world)) == 1
    assert "Removed: Phone." in words(ada.send(f"{AT}/1/remove"))
    assert rows(world) == []


def test_anothers_ways_are_not_there(world, ada, bo):
    bo.send(AT, url="ntfy://ntfy.sh/quiet-topic-1", name="Bo's phone")
    form = hidden(ada.open(AT))
    assert "Bo" not in ada.open(AT).text
    ada.open(f"{AT}/1/remove", 404)
    for action in ("remove", "test", "resume"):
        ada.post(f"{AT}/1/{action}", status=404, **form)
    ada.post(f"{AT}/email/test", status=404, **form)
    assert len(rows(world)) == 1


def hidden(page):
    """What a form of the page bears."""
    found = (re.search(rf'name="{name}" value="([^"]+)"', page.text) for name in ("csrf", "once"))
    return {name: match[1] for name, match in zip(("csrf", "once"), found, strict=True)}
