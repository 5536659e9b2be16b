"""An organisation at its limit is refused one thing more, clearly, and loses nothing."""

from __future__ import annotations

import io
import threading

import pytest
from django.db import connection

from parvis.core.errors import Forbidden
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import create_dataset, update_card
from parvis.hub.datastore import services
from parvis.hub.datastore.factories import deposit_path, versions_folder
from parvis.hub.datastore.limits import taken_by
from parvis.hub.datastore.models import Import
from parvis.hub.quotas.limits import OrganisationLimit
from parvis.hub.quotas.services import set_limits

pytestmark = pytest.mark.django_db

CARD = {"title": "Arbres", "description": "Les arbres du domaine public.", "licence": "lov2"}
ROWS = b"essence;hauteur\nOrme;12\nTilleul;9\n"


def started(dataset: Dataset, body: bytes = ROWS) -> Import:
    deposit = services.open_deposit(OPERATOR, "arbres.csv", len(body))
    services.append(OPERATOR, deposit, 0, io.BytesIO(body))
    return services.start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=True)


def imported(dataset: Dataset, body: bytes = ROWS) -> Import:
    return services.run_import_here(OPERATOR, started(dataset, body))


@pytest.fixture
def owner(db):
    return make_organisation("Lieusaint")


def test_without_limits_everything_passes_and_is_measured(owner):
    imported(create_dataset(OPERATOR, owner, "arbres", CARD))
    taken = taken_by(owner.pk)
    assert (taken["datasets"], taken["rows"], taken["imports"]) == (1, 2, 1)
    assert taken["storage"] > len(ROWS)


def test_one_dataset_too_many_is_refused(owner):
    set_limits(OPERATOR, owner, {"datasets": 1})
    create_dataset(OPERATOR, owner, "arbres", CARD)
    with pytest.raises(OrganisationLimit, match="1 utilisés, 1 de plus demandés, 1 permis"):
        create_dataset(OPERATOR, owner, "bancs", CARD)
    create_dataset(OPERATOR, make_organisation("Moissy"), "bancs", CARD)


@pytest.mark.parametrize(("measure", "limit"), [("rows", 2), ("imports", 1), ("storage", 40)])
def test_an_import_over_a_limit_stops_and_the_file_received_is_kept(owner, measure, limit):
    dataset = create_dataset(OPERATOR, owner, "arbres", CARD)
    other = create_dataset(OPERATOR, owner, "bancs", CARD)
    if measure != "storage":
        imported(other)
    set_limits(OPERATOR, owner, {measure: limit})
    attempt = started(dataset)
    with pytest.raises(OrganisationLimit):
        services.run_import_here(OPERATOR, attempt)
    attempt.refresh_from_db()
    assert attempt.state == Import.State.REFUSED
    assert deposit_path(attempt.deposit).read_bytes() == ROWS
    assert not list(versions_folder(dataset.uid).glob("*"))
    set_limits(OPERATOR, owner, {})
    services.run_import_here(OPERATOR, attempt)
    dataset.refresh_from_db()
    assert dataset.current.rows == 2


def test_a_new_version_replaces_the_rows_of_the_former(owner):
    dataset = create_dataset(OPERATOR, owner, "arbres", CARD)
    imported(dataset)
    set_limits(OPERATOR, owner, {"rows": 3})
    imported(dataset, ROWS + "Frêne;7\n".encode())
    assert taken_by(owner.pk)["rows"] == 3


def test_what_is_online_stays_when_an_import_is_refused(owner):
    dataset = create_dataset(OPERATOR, owner, "arbres", CARD)
    first = imported(dataset)
    set_limits(OPERATOR, owner, {"rows": 2})
    with pytest.raises(OrganisationLimit):
        imported(dataset, ROWS + "Frêne;7\n".encode())
    dataset.refresh_from_db()
    assert dataset.current_id == first.version_id


def test_a_dataset_is_not_given_to_an_organisation_that_has_no_room(owner):
    dataset = create_dataset(OPERATOR, make_organisation("Moissy"), "arbres", CARD)
    imported(dataset)
    dataset.refresh_from_db()
    for measure, limit in (("datasets", 0), ("rows", 1), ("storage", 10)):
        set_limits(OPERATOR, owner, {measure: limit})
        with pytest.raises(OrganisationLimit):
            update_card(OPERATOR, dataset, {"organisation": owner.slug})
        dataset.refresh_from_db()
    set_limits(OPERATOR, owner, {"datasets": 1, "rows": 2})
    assert update_card(OPERATOR, dataset, {"organisation": owner.slug}).organisation == owner


def test_only_who_runs_the_instance_sets_limits_and_it_is_told_in_the_journal(owner):
    person = make_member(owner, Role.ADMINISTRATOR, email="chef@lieusaint.example", password=None)
    for actor in (ANONYMOUS, actor_of(person)):
        with pytest.raises(Forbidden):
            set_limits(actor, owner, {"datasets": 5})
    set_limits(OPERATOR, owner, {"datasets": 5})
    assert Entry.objects.get(action="organisation.limits").details["datasets"] == 5
    with pytest.raises(ValueError):
        set_limits(OPERATOR, owner, {"datasets": -1})


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_pass_the_limit_together():
    owner = make_organisation("Lieusaint")
    set_limits(OPERATOR, owner, {"datasets": 3})
    refused: list[OrganisationLimit] = []

    def create(rank: int) -> None:
        try:
            create_dataset(OPERATOR, owner, f"jeu-{rank}", CARD)
        except OrganisationLimit as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=create, args=(rank,)) for rank in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert Dataset.objects.filter(organisation=owner).count() == 3
    assert len(refused) == 3
