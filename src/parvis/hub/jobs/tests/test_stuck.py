"""A job that stands still ends with its process, is tried again, then given up; other queues go on meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import ctypes, sys
from pathlib import Path
import django
from django.conf import settings
from parvis.config.cli.prepared import put_empty_database
django.setup()
from django.core.management import call_command
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.jobs import services, worker
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.rules import Kind
from parvis.hub.registry import Module, register

def stand_still(context):
    ctypes.PyDLL(None).sleep(600)  # holds the interpreter's lock for longer than anybody waits, as a regular expression may

register(Module(slug="essai", jobs=(Kind("stuck", stand_still, queue="heavy"), Kind("mail", lambda context: None))))
for what in sys.argv[1:]:
    if what == "ask":
        put_empty_database(Path(settings.DATABASES["default"]["NAME"]))
        call_command("migrate", verbosity=0)
        services.enqueue(OPERATOR, "stuck")
        services.enqueue(OPERATOR, "mail")
    elif what == "tell":
        services.reap()
        for job in Job.objects.filter(kind__in=["stuck", "mail"]).order_by("kind"):
            print(job.kind, job.state, job.attempts, (job.error or {}).get("code"))
    else:
        worker.drain(what)
"""


@pytest.fixture
def run(tmp_path):
    """Run some of the script's parts in a process of its own, and tell how it ended and what it said."""
    environment = {
        **os.environ,
        "PARVIS_HOME": str(tmp_path),
        "PARVIS_DATABASE_URL": "",
        "PARVIS_JOB_STALLED_SECONDS": "2",
        "DJANGO_SETTINGS_MODULE": "parvis.config.settings",
    }
    script = Path(tmp_path, "script.py")
    script.write_text(SCRIPT, encoding="utf-8")

    def one(*parts: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(script), *parts]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)

    return one


@pytest.mark.slow
def test_a_job_that_stands_still_is_ended_tried_again_then_given_up(run):
    first = run("ask", "heavy")
    assert first.returncode == 1 and "stand_still" in first.stderr, "where it stood is in the log"
    second = run("default", "tell")
    assert second.returncode == 0
    assert second.stdout.splitlines() == ["mail done 1 None", "stuck queued 1 None"]
    assert run("heavy").returncode == 1
    assert run("tell").stdout.splitlines() == ["mail done 1 None", "stuck failed 2 job-stalled"]
