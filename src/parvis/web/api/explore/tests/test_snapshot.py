"""The catalogue kept in memory: built once a change, for each caller, never older than the catalogue."""

from __future__ import annotations

import shutil

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.catalogue.attachments import add_attachment
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import publish as publish_again
from parvis.hub.catalogue.services import set_access, unpublish, update_card
from parvis.hub.datastore.factories import versions_folder
from parvis.web.api.explore import snapshot
from parvis.web.api.explore.catalogue_stock import Stock
from parvis.web.api.explore.snapshot import Remembered, empty_view
from parvis.web.api.explore.tests.objects_made import note_objects

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


def test_memory_is_bounded_in_views_and_in_rows_of_their_own():
    memory, stock, view = Remembered(views=3, rows=10), Stock(), empty_view()
    keys = [("fr", frozenset({rank}), None) for rank in range(6)]
    for key in keys[:5]:
        memory.keep(key, stock, view, 4)
    assert [memory.get(key, stock) is not None for key in keys[:5]] == [False, False, False, True, True]
    memory.keep(keys[5], stock, view, 99)
    assert memory.get(keys[5], stock) is not None
    assert memory.get(keys[4], stock) is None


def test_views_of_a_catalogue_that_is_no_more_are_forgotten():
    memory, stock, view = Remembered(), Stock(), empty_view()
    memory.keep(("fr", None, None), stock, view, 0)
    memory.keep(("en", None, None), stock, view, 0)
    memory.keep(("fr", frozenset({1}), None), Stock(), view, 0)
    assert memory.get(("fr", None, None), stock) is None
    assert memory.get(("en", None, None), stock) is not None


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """The identifiers of the datasets whose objects are made, one after another."""
    return note_objects(monkeypatch)


def test_a_change_makes_the_object_of_its_dataset_alone_for_every_host(client, publish, settings, made):
    settings.ALLOWED_HOSTS = ["*"]
    for name in ("arbres", "bancs", "stades"):
        publish(dataset_id=name, title=name.capitalize())
    assert titles(client) == ["Arbres", "Bancs", "Stades"]
    assert sorted(made) == ["arbres", "bancs", "stades"]
    made.clear()
    update_card(OPERATOR, Dataset.objects.get(dataset_id="bancs"), {"title": "Vieux bancs"})
    assert titles(client) == ["Arbres", "Stades", "Vieux bancs"]
    client.get(LIST, headers={"host": "autre.exemple.fr"})
    assert made == ["bancs"]


def test_a_dataset_that_comes_goes_and_comes_back_is_listed_as_it_is(client, publish, made):
    publish(dataset_id="arbres", title="Arbres")
    bancs = publish(dataset_id="bancs", title="Bancs")
    assert titles(client) == ["Arbres", "Bancs"]
    unpublish(OPERATOR, bancs)
    assert titles(client) == ["Arbres"]
    update_card(OPERATOR, bancs, {"title": "Anciens bancs"})
    assert titles(client) == ["Arbres"]
    publish_again(OPERATOR, bancs)
    assert titles(client) == ["Anciens bancs", "Arbres"]
    Dataset.objects.filter(pk=bancs.pk).update(current=None)
    Dataset.objects.filter(pk=bancs.pk).delete()
    update_card(OPERATOR, Dataset.objects.get(dataset_id="arbres"), {"title": "Grands arbres"})
    assert titles(client) == ["Grands arbres"]


def test_links_of_documents_are_those_of_the_host_that_was_asked(client, publish, settings):
    settings.ALLOWED_HOSTS = ["*"]
    dataset = publish(dataset_id="arbres", title="Arbres")
    title = 'Note "url": "/ailleurs'
    add_attachment(OPERATOR, dataset, title, "note.txt", ContentFile(b"Lisez-moi."))
    for host in ("un.exemple.fr", "deux.exemple.fr"):
        expected = f"http://{host}{LIST}/arbres/attachments/note-txt"
        (whole,) = client.get(LIST, headers={"host": host}).json()["results"]
        (chosen,) = client.get(LIST, {"select": "attachments"}, headers={"host": host}).json()["results"]
        for attachments in (whole["attachments"], chosen["attachments"]):
            assert [(row["url"], row["title"]) for row in attachments] == [(expected, title)]


def test_what_is_custom_in_hidden_datasets_names_no_column(client, publish):
    publish(dataset_id="arbres", title="Arbres", custom={"saison": "été"})
    publish(dataset_id="secret", title="Secret", custom={"code_secret": 7}, access=Access.INTERNAL)
    rows = client.get(LIST, {"select": "custom.saison"}).json()["results"]
    assert rows == [{"custom.saison": "été"}]
    assert client.get(LIST, {"select": "custom.code_secret"}).status_code == 400


def test_many_gaps_between_what_one_may_see_change_nothing(client, publish, monkeypatch):
    monkeypatch.setattr(snapshot, "_MOST_PIECES", 8)  # many, of fewer datasets
    organisation = make_organisation()
    for rank in range(2 * snapshot._MOST_PIECES + 4):
        dataset = publish(dataset_id=f"jeu-{rank}", title=f"Jeu {rank:03}", organisation=organisation)
        if rank % 2:
            set_access(OPERATOR, dataset, Access.INTERNAL, [], [], announced=rank == 1)
    every_second = [f"Jeu {rank:03}" for rank in range(0, 2 * snapshot._MOST_PIECES + 4, 2)]
    answer = client.get(LIST, {"select": "title,records_count", "limit": 100}).json()
    assert answer["total_count"] == len(every_second) + 1
    assert [row["title"] for row in answer["results"]] == [every_second[0], "Jeu 001", *every_second[1:]][:100]
    assert [row["records_count"] for row in answer["results"]][:3] == [4, None, 4]
    client.force_login(make_member(organisation, Role.READER))
    assert client.get(LIST).json()["total_count"] == 2 * snapshot._MOST_PIECES + 4


def test_a_folder_that_is_away_does_not_empty_the_catalogue(client, publish):
    dataset = publish(dataset_id="arbres", title="Arbres")
    publish(dataset_id="bancs", title="Bancs")
    shutil.rmtree(versions_folder(dataset.uid))
    assert titles(client) == ["Arbres", "Bancs"]
    assert client.get(LIST, {"where": 'dataset_id = "arbres"'}).json()["results"][0]["fields"] == []
