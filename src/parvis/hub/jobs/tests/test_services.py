"""Jobs: asked for, run alone, stopped, taken up when their process dies."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.core.errors import Cancelled, DataError, Forbidden
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Actor
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.jobs import running, services
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.process_locks import is_alive, living, this_process
from parvis.hub.jobs.rules import Kind
from parvis.hub.jobs.worker import drain
from parvis.hub.registry import MODULES, Module

pytestmark = pytest.mark.django_db


class WrongColour(DataError):
    """An error as jobs raise them."""

    code = "wrong-colour"
    sentence = gettext_noop("La couleur « {colour} » est inconnue.")
    advice = "Choisissez le bleu."


@pytest.fixture
def ran(monkeypatch):
    """What the jobs of the kind ``paint`` did, in order; their endings as ``(state, code)``."""
    seen = []

    def paint(context, colour):
        context.progress("read", 1, 3)
        seen.append((context.actor.name, colour))
        if colour == "rouge":
            raise WrongColour(colour=colour)
        if colour == "bug":
            raise ZeroDivisionError

    def ended(job):
        seen.append((str(job.state), job.error and job.error["code"]))

    monkeypatch.setitem(MODULES, "essai", Module(slug="essai", jobs=(Kind("paint", paint, ended),)))
    return seen


@pytest.fixture
def person():
    return Person.objects.create_user("agent@exemple.fr", first_name="Ana", last_name="Agent")


def test_a_job_runs_on_behalf_of_the_person_who_asked(ran, person):
    job = services.enqueue(actor_of(person), "paint", colour="bleu")
    assert job.state == Job.State.QUEUED
    drain()
    job.refresh_from_db()
    assert (job.state, job.stage, job.done, job.total, job.attempts, job.holder) == ("done", "read", 1, 3, 1, "")
    assert job.finished
    assert ran == [("Ana Agent", "bleu"), ("done", None)]


def test_a_job_of_somebody_since_deleted_has_no_right_left(ran, person):
    services.enqueue(actor_of(person), "paint", colour="bleu")
    person.delete()
    drain()
    assert ran[0] == ("anonyme", "bleu")


def test_nobody_in_particular_cannot_ask_for_work(ran):
    with pytest.raises(Forbidden):
        services.enqueue(ANONYMOUS, "paint", colour="bleu")
    assert not Job.objects.exists()


def test_an_error_is_kept_with_its_code_message_and_hint(ran):
    job = services.enqueue(OPERATOR, "paint", colour="rouge")
    drain()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.error["code"] == "wrong-colour"
    assert job.error["message"] == "La couleur « rouge » est inconnue."
    assert job.error["hint"] == "Choisissez le bleu."
    assert ran[-1] == ("failed", "wrong-colour")


def test_a_fault_of_parvis_is_logged_with_its_trace_and_stored_without_it(ran, caplog):
    job = services.enqueue(OPERATOR, "paint", colour="bug")
    drain()
    job.refresh_from_db()
    assert job.error["code"] == "unexpected"
    assert "ZeroDivisionError" in caplog.text
    assert "Traceback" in caplog.text


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(ran, person):
    actor = actor_of(person)
    job = services.cancel(actor, services.enqueue(actor, "paint", colour="bleu"))
    assert job.state == Job.State.CANCELLED
    drain()
    assert ran == [("cancelled", "cancelled")]
    assert Entry.objects.filter(action="job.cancel", target=str(job.pk), person=person).count() == 1


def test_a_running_job_stops_at_its_next_progress(ran, monkeypatch):
    def endless(context):
        services.cancel(OPERATOR, context.job)
        context.progress("read", 1)
        raise AssertionError("not stopped")

    monkeypatch.setitem(MODULES, "essai", Module(slug="essai", jobs=(Kind("endless", endless),)))
    job = services.enqueue(OPERATOR, "endless")
    drain()
    job.refresh_from_db()
    assert (job.state, job.error["code"]) == ("cancelled", "cancelled")


def test_only_who_asked_or_a_superuser_may_cancel(ran, person):
    job = services.enqueue(actor_of(person), "paint", colour="bleu")
    for stranger in (ANONYMOUS, Actor("autre", person_id=person.pk + 1)):
        with pytest.raises(Forbidden):
            services.cancel(stranger, job)
    assert services.cancel(OPERATOR, job).state == Job.State.CANCELLED


def test_a_job_that_is_over_stays_so_when_cancelled(ran):
    job = services.enqueue(OPERATOR, "paint", colour="bleu")
    drain()
    assert services.cancel(OPERATOR, job).state == Job.State.DONE


def test_a_job_can_be_claimed_only_once(ran):
    job = services.enqueue(OPERATOR, "paint", colour="bleu")
    assert running.claim(job.pk).holder == this_process()
    assert running.claim(job.pk) is None


def test_a_message_sent_twice_runs_its_job_once(ran):
    job = services.enqueue(OPERATOR, "paint", colour="bleu")
    running.send(job)
    drain()
    assert ran == [("administration du serveur", "bleu"), ("done", None)]


def test_run_here_tells_the_watcher_and_raises_what_ended_the_job(ran):
    progress = []
    services.run_here(OPERATOR, "paint", lambda *told_: progress.append(told_), colour="bleu")
    assert progress == [("read", 1, 3)]
    with pytest.raises(WrongColour):
        services.run_here(OPERATOR, "paint", colour="rouge")


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_an_interrupted_command_is_a_cancelled_job(monkeypatch, raised):
    def interrupted(context):
        raise raised

    monkeypatch.setitem(MODULES, "essai", Module(slug="essai", jobs=(Kind("interrupted", interrupted),)))
    with pytest.raises(Cancelled):
        services.run_here(OPERATOR, "interrupted")
    assert Job.objects.get().state == Job.State.CANCELLED


def dead_holder() -> str:
    """The name of a process of this machine that held a lock and was killed."""
    code = (
        "import os, signal; import django; django.setup();"
        "from parvis.hub.jobs.process_locks import this_process; print(this_process(), flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "parvis.config.settings"}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment).stdout.strip()


def test_the_job_of_a_killed_process_is_queued_again_and_done(ran):
    holder = dead_holder()
    assert holder
    assert not is_alive(holder)
    job = services.enqueue(OPERATOR, "paint", colour="bleu")
    DBTaskResult.objects.update(status="RUNNING", worker_ids=[holder], started_at=timezone.now())
    Job.objects.update(state=Job.State.RUNNING, holder=holder, heartbeat=timezone.now(), attempts=1)
    assert services.reap() == [job]
    assert DBTaskResult.objects.filter(status="FAILED").count() == 1
    drain()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert holder not in living()


def test_the_job_of_a_living_process_is_left_to_it(ran):
    job = services.enqueue(OPERATOR, "paint", colour="bleu")
    running.claim(job.pk)
    Job.objects.update(heartbeat=timezone.now() - timedelta(hours=1))
    assert services.reap() == []


def test_a_job_of_another_machine_is_taken_up_after_a_minute_of_silence(ran):
    job = services.enqueue(OPERATOR, "paint", colour="bleu")
    lease = {"state": Job.State.RUNNING, "holder": "ailleurs-12-abcdef01"}
    Job.objects.update(**lease, heartbeat=timezone.now() - timedelta(seconds=30))
    assert services.reap() == []
    Job.objects.update(heartbeat=timezone.now() - timedelta(seconds=61))
    assert services.reap() == [job]
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_a_job_that_killed_three_processes_is_given_up(ran):
    job = services.enqueue(OPERATOR, "paint", colour="bleu")
    Job.objects.update(state=Job.State.RUNNING, holder="ailleurs-12-abcdef01", heartbeat=None, attempts=3)
    services.reap()
    job.refresh_from_db()
    assert (job.state, job.error["code"]) == ("failed", "job-abandoned")
    assert ran == [("failed", "job-abandoned")]


def test_the_dead_job_of_a_command_is_not_run_by_a_worker(ran):
    services.enqueue(OPERATOR, "paint", colour="bleu")
    Job.objects.update(state=Job.State.RUNNING, holder="ailleurs-12-abcdef01", heartbeat=None, in_place=True)
    services.reap()
    assert Job.objects.get().state == Job.State.FAILED


def test_who_lost_the_job_to_another_process_stops_and_writes_nothing(monkeypatch):
    def slow(context):
        Job.objects.filter(pk=context.job.pk).update(holder="ailleurs-12-abcdef01")
        context.progress("read", 99)
        raise AssertionError("not stopped")

    monkeypatch.setitem(MODULES, "essai", Module(slug="essai", jobs=(Kind("slow", slow),)))
    job = services.enqueue(OPERATOR, "slow")
    drain()
    job.refresh_from_db()
    assert (job.state, job.done, job.holder) == ("running", 0, "ailleurs-12-abcdef01")


def test_a_stopping_worker_gives_its_job_back_without_counting_the_attempt(monkeypatch):
    stopping = threading.Event()
    monkeypatch.setattr(running, "stopping", stopping)
    runs = []

    def long(context):
        runs.append(context.job.attempts)
        if len(runs) == 1:
            stopping.set()
        context.progress("read", 1)

    monkeypatch.setitem(MODULES, "essai", Module(slug="essai", jobs=(Kind("long", long),)))
    job = services.enqueue(OPERATOR, "long")
    running.run(running.claim(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts, job.holder) == ("queued", 0, "")
    stopping.clear()
    drain()
    job.refresh_from_db()
    assert (job.state, runs) == ("done", [1, 1])


def test_what_is_asked_once_for_later_waits_for_its_moment(ran):
    later = timezone.now() + timedelta(hours=1)
    jobs = [services.enqueue_once(OPERATOR, "paint", "monday", after=later, colour="bleu") for _twice in range(2)]
    assert [job is None for job in jobs] == [False, True]
    assert DBTaskResult.objects.get().run_after == later
    drain()
    assert ran == []
