"""Daily work is asked for once a day, from its hour on."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from parvis.hub import registry
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.jobs.daily import Daily, ask_for_due
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.rules import Kind
from parvis.hub.jobs.services import enqueue, forget_jobs
from parvis.hub.registry import Module

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def rows(monkeypatch):
    kind = Kind("essai.jour", lambda context, day: None)
    module = Module(slug="essai", jobs=(kind,), daily=(Daily("essai.jour", hour=7),))
    monkeypatch.setattr(registry, "MODULES", {"essai": module})


def at(day: int, hour: int) -> list[dict]:
    return [job.arguments for job in ask_for_due(datetime(2026, 3, day, hour, 5, tzinfo=PARIS))]


def test_nothing_is_asked_before_its_hour_in_the_time_zone_of_the_portal():
    assert at(2, 6) == []
    assert ask_for_due(datetime(2026, 7, 1, 5, 30, tzinfo=ZoneInfo("UTC"))) != []


def test_it_is_asked_once_a_day_however_often_one_looks():
    assert at(2, 7) == [{"day": "2026-03-02"}]
    assert at(2, 7) == at(2, 23) == []
    assert at(3, 9) == [{"day": "2026-03-03"}]
    assert Job.objects.count() == 2


def test_two_workers_that_ask_at_the_same_moment_ask_once(monkeypatch):
    assert at(2, 7) == [{"day": "2026-03-02"}]
    monkeypatch.setattr(Job.objects, "filter", lambda **_sought: Job.objects.none())  # the other has not seen it yet
    assert at(2, 7) == []
    assert Job.objects.count() == 1


def test_jobs_that_have_been_over_for_months_are_forgotten():
    old, late, waiting = (enqueue(OPERATOR, "essai.jour", day=day) for day in "abc")
    Job.objects.filter(pk=old.pk).update(state=Job.State.DONE, finished=timezone.now() - timedelta(days=91))
    Job.objects.filter(pk=late.pk).update(state=Job.State.DONE, finished=timezone.now() - timedelta(days=89))
    assert forget_jobs() == 1
    assert set(Job.objects.values_list("pk", flat=True)) == {late.pk, waiting.pk}


def test_a_portal_stopped_at_that_hour_asks_when_it_starts_again():
    assert at(2, 21) == [{"day": "2026-03-02"}]
