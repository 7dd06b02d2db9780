"""`/readyz` and `/metrics`, as those see them who keep the service running."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text, update
from sqlmodel import Session

from coach.app import App
from coach.tasks import soon
from coach.web.pages import site
from config.settings import Settings
from scheduler.outbox import Address, Draft, post
from scheduler.tables import DELIVERY, State

NOW = datetime.fromisoformat("2026-06-04T15:00:00+00:00")
SAMPLE = re.compile(r'^([a-z_]+)(?:\{((?:[a-z]+="[^"\n]*",?)+)\})? (\S+)$')


@pytest.fixture
def app(engine, database_url) -> App:
    return App(Settings(database_url=database_url, metrics=True), engine, lambda: NOW)


@pytest.fixture
def client(app) -> TestClient:
    return TestClient(site(app, None))


def figures(client: TestClient) -> dict[tuple[str, str], float]:
    """By name and labels; fails where a line is none of the format."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.text.endswith("\n")
    found, declared = {}, ""
    for line in answer.text.splitlines():
        if (about := re.match(r"# (?:HELP|TYPE) ([a-z_]+) \S", line)) is not None:
            declared = about[1]
            continue
        name, labels, value = SAMPLE.match(line).groups()
        assert name == declared
        found[name, labels or ""] = float(value)
    return found


def test_ready(client, engine):
    assert client.get("/readyz").text == "ok"
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "5"
    assert "version 0001" in answer.json()["detail"]
    assert client.get("/healthz").text == "ok"


@pytest.mark.sqlite
def test_not_ready_without_a_database(client, database_url):
    Path(database_url.removeprefix("sqlite:///")).write_bytes(b"rubbish" * 1000)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["type"]) == (503, "/api/v1/problems/not-ready")
    assert "rubbish" not in answer.text


def test_figures_only_where_they_are_asked_for(app):
    object.__setattr__(app, "settings", Settings(metrics=False))
    assert TestClient(site(app, None)).get("/metrics").status_code == 404


def test_requests_are_counted(client):
    before = figures(client)
    client.get("/nothing-here")
    after = figures(client)
    name = ("coach_requests_total", 'status="404"')
    assert after[name] == before.get(name, 0) + 1
    assert after["process_cpu_seconds_total", ""] > 0
    assert after["process_resident_memory_bytes", ""] > 10_000_000


def test_what_waits_to_be_done_by_queue(client, engine):
    found = figures(client)
    assert found["coach_tasks_waiting", 'queue="plan"'] == found["coach_task_oldest_wait_seconds", 'queue="weeks"'] == 0
    with Session(engine) as session, session.begin():
        soon(session, 1)
    found = figures(client)
    assert found["coach_tasks_waiting", 'queue="plan"'] == found["coach_tasks_waiting", 'queue="weeks"'] == 1
    assert found["coach_task_oldest_wait_seconds", 'queue="plan"'] >= 0


def test_deliveries_by_rule(client, engine):
    assert figures(client)["coach_delivery_oldest_wait_seconds", ""] == 0
    ago_min = {"sooner": ("R1", 60), "late": ("R1", 40), "due": ("R8", 30), "to come": ("R8", -30), "old": ("R8", 3000)}
    sent = {"sooner": NOW - timedelta(minutes=59), "late": NOW}
    drafts = [
        Draft("7", rule, period, "Ada hurts", "Europe/Berlin", NOW - timedelta(minutes=ago), (Address("file", "Ada"),))
        for period, (rule, ago) in ago_min.items()
    ]
    with engine.begin() as connection:
        for draft, nudge_id in zip(drafts, post(connection, drafts, NOW), strict=True):
            if (at := sent.get(draft.period)) is not None:
                done = {"state": State.SENT, "sent_at": at, "not_before": None}
                connection.execute(update(DELIVERY).where(DELIVERY.c.nudge_id == nudge_id).values(done))
    found = figures(client)
    assert found["coach_deliveries", 'rule="R1",state="sent"'] == 2
    assert found["coach_deliveries", 'rule="R8",state="pending"'] == 2, "not the one of two days ago"
    assert found["coach_deliveries", 'rule="R8",state="failed"'] == 0
    assert found["coach_deliveries_late", 'rule="R1"'] == 1
    assert found["coach_delivery_lateness_seconds_max", 'rule="R1"'] == 2400
    assert found["coach_delivery_oldest_wait_seconds", ""] == 3000 * 60
    assert "Ada" not in client.get("/metrics").text
