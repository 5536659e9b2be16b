"""Reading jobs through somebody's eyes."""

from __future__ import annotations

import pytest

from parvis.core.errors import NotFound
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.jobs import selectors
from parvis.hub.jobs.models import Job

pytestmark = pytest.mark.django_db


def test_a_job_is_seen_by_who_asked_and_by_the_operator_only():
    owner, other = (Person.objects.create_user(f"{n}@exemple.fr") for n in ("un", "deux"))
    job = Job.objects.create(kind="paint", person=owner)
    assert selectors.job(actor_of(owner), job.pk) == job
    assert selectors.job(OPERATOR, job.pk) == job
    for stranger in (actor_of(other), ANONYMOUS):
        with pytest.raises(NotFound):
            selectors.job(stranger, job.pk)


def test_facts_say_whether_it_is_over():
    facts = selectors.job_facts(Job(kind="paint", state=Job.State.DONE))
    assert facts["over"] is True
    assert facts["state"] == "done"
