"""An organisation, its people, a dataset, and a schema of three fields that its file may follow or not."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace

import pytest

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore import services
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.running import claim, run
from parvis.hub.validation.services import keep_schema

SCHEMA = {
    "name": "places",
    "title": "Places",
    "version": "1.0.0",
    "fields": [
        {"name": "code", "type": "string", "constraints": {"required": True, "pattern": "^[0-9]{5}$"}},
        {"name": "jour", "type": "date", "constraints": {"required": True}},
        {"name": "places", "type": "integer"},
    ],
}
RIGHT = "code,jour,places\n91228,2024-02-03,12\n91286,2024-02-04,7\n"
WRONG = "code,jour,places\n91228,03/02/2024,12\n1004,2024-02-04,sept\n"


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    """A home of its own for each test."""
    settings.PARVIS_HOME = tmp_path / "home"
    settings.PARVIS_HOME.mkdir()


@pytest.fixture
def town():
    """A town with a contributor and a steward, and a stranger; all as actors."""
    organisation = make_organisation("Évry-Courcouronnes")
    people = {role: actor_of(make_member(organisation, role, email=f"{role}@evry.example")) for role in Role}
    other = actor_of(make_member(make_organisation("Lieusaint"), Role.ADMINISTRATOR, email="autre@lieusaint.example"))
    return SimpleNamespace(
        organisation=organisation,
        contributor=people[Role.CONTRIBUTOR],
        steward=people[Role.STEWARD],
        administrator=people[Role.ADMINISTRATOR],
        stranger=other,
    )


@pytest.fixture
def dataset(town):
    """A draft."""
    card = {"title": "Places", "description": "<p>Les places de stationnement, par commune.</p>"}
    return create_dataset(town.steward, town.organisation, "places", card)


@pytest.fixture
def ref(db):
    """The schema, as a file that somebody gave."""
    return keep_schema(json.dumps(SCHEMA).encode(), "places.json")


@pytest.fixture
def bring():
    """``bring(actor, dataset, text)`` imports a CSV in this process; what held or refused it comes as the error."""

    def imported(actor, dataset, text, *, publish=True, **choices):
        body = text.encode()
        deposit = services.open_deposit(actor, "places.csv", len(body))
        services.append(actor, deposit, 0, io.BytesIO(body))
        row = services.start_import(actor, deposit=deposit, dataset=dataset, publish=publish, **choices)
        return services.run_import_here(actor, row)

    return imported


@pytest.fixture
def work():
    """Run the background work that waits."""

    def run_all() -> None:
        for job in Job.objects.filter(state=Job.State.QUEUED).order_by("pk"):
            run(claim(job.pk))

    return run_all
