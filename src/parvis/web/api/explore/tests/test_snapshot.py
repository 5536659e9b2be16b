"""The catalogue kept in memory: built once a change, for each caller, never older than the catalogue."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.core.engine import MemorySource
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import unpublish, update_card
from parvis.web.api.explore.catalogue_table import catalogue_table
from parvis.web.api.explore.snapshot import CatalogueView, Remembered

pytestmark = pytest.mark.django_db
LIST = "/api/explore/v2.1/catalog/datasets"


def titles(client) -> list[str]:
    return [row["title"] for row in client.get(LIST, {"select": "title"}).json()["results"]]


def test_the_second_call_reads_the_mark_of_the_catalogue_only(client, dataset):
    titles(client)
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST, {"select": "title,dataset_id"})
    # what is remembered for some seconds (the site of a host name, what callers have spent) may be asked again meanwhile
    of_the_catalogue = [query["sql"] for query in queries if "catalogue_" in query["sql"]]
    assert len(of_the_catalogue) == 1
    assert "revision" in of_the_catalogue[0]


def test_every_change_is_seen_at_the_next_call(client, dataset, publish):
    assert titles(client) == ["Équipements sportifs"]
    update_card(OPERATOR, dataset, {"title": "Équipements"})
    assert titles(client) == ["Équipements"]
    other = publish(dataset_id="arbres", title="Arbres")
    assert titles(client) == ["Arbres", "Équipements"]
    unpublish(OPERATOR, other)
    assert titles(client) == ["Équipements"]
    dataset.organisation.name = "Ville nouvelle"
    dataset.organisation.save()
    assert client.get(LIST, {"select": "publisher"}).json()["results"] == [{"publisher": "Ville nouvelle"}]


def test_what_one_caller_may_see_is_never_given_to_another(client, publish):
    organisation = make_organisation()
    publish(dataset_id="interne", title="Interne", organisation=organisation, access=Access.INTERNAL)
    client.force_login(make_member(organisation, Role.READER))
    assert titles(client) == ["Interne"]
    client.logout()
    assert titles(client) == []


def test_memory_is_bounded_in_views_and_in_objects():
    source, names = catalogue_table([])
    assert isinstance(source, MemorySource)
    memory = Remembered(views=3, objects=10)
    for rank in range(5):
        memory.keep(rank, CatalogueView({str(n): {} for n in range(4)}, source, names, ""))
    assert [memory.get(rank) is not None for rank in range(5)] == [False, False, False, True, True]
    memory.keep("large", CatalogueView({str(n): {} for n in range(99)}, source, names, ""))
    assert memory.get("large") is not None
    assert memory.get(4) is None
