"""The screens of sources, without a line of script: tried, saved, read, told item by item, decided."""

import pytest

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting.models import Item, Run, Source
from parvis.hub.harvesting.notices import taken_over
from parvis.hub.harvesting.rules import NOTICE, Decision
from parvis.hub.harvesting.selectors import items_of, reasons_of
from parvis.hub.harvesting.sources import decide, save_source
from parvis.hub.harvesting.takeovers import take_over
from parvis.hub.harvesting.tests.catalogue_server import dataset
from parvis.hub.notifications.models import Outgoing


def filled(town, portal, **changes) -> dict:
    return {
        "dialect": "explore",
        "url": portal.address,
        "title": "Portail voisin",
        "organisation": town.organisation.pk,
        "mode": "copy",
        "publish": "on",
        "schedule": "le lundi à 6 h 30",
        "theme": "Transports, Santé",
        "licences": "Licence maison = odbl",
        "header": "Authorization",
        "secret": "Apikey s3cret",
        "gone_after": 3,
        "active": "on",
        **changes,
    }


def test_a_source_is_tried_saved_read_and_told(home, town, portal, work, monkeypatch):
    portal.datasets = [dataset("a"), dataset("b", license="Licence maison"), dataset("c", theme=["Eau"])]
    client = client_of(town.steward)
    trial = client.post("/admin/sources/ajouter/", {**filled(town, portal), "acte": "essayer"})
    shown = trial.content.decode()
    assert all(
        words in shown
        for words in (
            "Jeu a",
            "<td>Licence Ouverte 2.0 (Etalab)</td>",
            "écarté par le filtre des thèmes",
            "en annonce 3",
        )
    )
    assert not Source.objects.exists()
    assert "s3cret" not in shown
    saved = client.post("/admin/sources/ajouter/", {**filled(town, portal), "acte": "enregistrer"})
    source = Source.objects.get()
    assert saved.url == f"/admin/sources/{source.slug}/"
    assert (source.schedule, source.mapping, source.filters) == (
        "30 6 * * 1",
        {"licences": {"Licence maison": "odbl"}},
        {"theme": ["Transports", "Santé"]},
    )
    form = client.get(f"/admin/sources/{source.slug}/regler/").content.decode()
    assert "le lundi à 6 h 30" in form
    assert "s3cret" not in form
    client.post(saved.url, {"acte": "lire"})
    work()
    work()
    run = Run.objects.get()
    page = client.get(f"/admin/sources/lecture/{run.pk}/").content.decode()
    assert "créé (2)" in page
    skipped = client.get(f"/admin/sources/lecture/{run.pk}/?issue=skipped").content.decode()
    assert "écarté par le filtre des thèmes" in skipped
    assert "Jeu a" not in skipped
    monkeypatch.setattr("parvis.hub.harvesting.backoffice.PER_PAGE", 1)
    first = client.get(f"/admin/sources/lecture/{run.pk}/?issue=created").content.decode()
    assert 'href="?issue=created&amp;page=2"' in first, "the next page is of the same outcome"
    second = client.get(f"/admin/sources/lecture/{run.pk}/?issue=created&page=2").content.decode()
    assert ("Jeu a" in first, "Jeu a" in second, "Jeu b" in second) == (True, False, True)
    assert "terminée" in client.get("/admin/sources/").content.decode()
    assert Dataset.objects.get(dataset_id="b").licence == "odbl"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"schedule": "bientôt"}, "ne dit pas quand"),
        ({"licences": "maison"}, "ne mène à rien"),
        ({"url": "pas une adresse"}, "https://"),
        ({"options": "inconnue = 1"}, "n’existe pas"),
    ],
)
def test_what_is_wrong_is_told_in_the_form(home, town, portal, changes, words):
    answer = client_of(town.steward).post(
        "/admin/sources/ajouter/", {**filled(town, portal, **changes), "acte": "enregistrer"}
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Source.objects.exists()


def test_a_source_is_for_those_who_publish_for_its_organisation(source, town):
    for person, status in ((town.contributor, 403), (town.other, 404), (town.steward, 200)):
        assert client_of(person).get(f"/admin/sources/{source.slug}/").status_code == status
    refused = client_of(town.other).post(f"/admin/sources/{source.slug}/", {"acte": "retirer"})
    assert refused.status_code == 404
    assert Source.objects.exists()


def test_a_dataset_that_is_here_already_waits_for_an_answer_and_its_owner_is_told(source, town, portal, read):
    portal.datasets = [dataset("a")]
    read(source)
    second = save_source(OPERATOR, town.other_organisation, dialect="explore", url=portal.address, title="Relais")
    assert read(second).counts["twin"] == 1
    assert Dataset.objects.count() == 1
    item = Item.objects.get(source=second)
    screen = client_of(town.superuser).get(f"/admin/sources/{second.slug}/").content.decode()
    assert "C’est le même" in screen
    nobody = client_of(town.superuser).post(f"/admin/sources/{second.slug}/", {"acte": "meme", "jeu": "9" * 5_000})
    assert nobody.status_code == 404
    client_of(town.superuser).post(f"/admin/sources/{second.slug}/", {"acte": "meme", "jeu": item.pk})
    letter = Outgoing.objects.select_related("person").get()
    assert letter.person == town.administrator
    assert "Une autre source va tenir à jour « Jeu a »" in taken_over(letter).subject
    assert read(second, complete=True).counts["twin"] == 1, "not before its time"
    item.refresh_from_db()
    Item.objects.filter(pk=item.pk).update(takes_over=item.takes_over - NOTICE)
    run = read(second, complete=True)
    item.refresh_from_db()
    assert (item.dataset.dataset_id, "twin" in run.counts) == ("a", False)
    assert read(source, complete=True).counts["skipped"] == 1


def test_who_answers_for_a_dataset_prevents_another_source_from_keeping_it(source, town, portal, read):
    portal.datasets = [dataset("a")]
    read(source)
    second = save_source(OPERATOR, town.other_organisation, dialect="explore", url=portal.address, title="Relais")
    read(second)
    item = Item.objects.get(source=second)
    listing, address = f"/admin/sources/{second.slug}/", f"/admin/sources/passage/{item.pk}/"
    client_of(town.superuser).post(listing, {"acte": "meme", "jeu": item.pk})
    assert address in taken_over(Outgoing.objects.get()).facts["address"]
    for person in (town.steward, town.contributor, town.other):
        assert client_of(person).post(address).status_code == 404
    assert "Annuler ce passage" in client_of(town.administrator).get(address).content.decode()
    assert client_of(town.administrator).post(address).status_code == 302
    stale = item
    stale.refresh_from_db()
    assert (stale.takes_over, stale.decision) == (None, "")
    assert client_of(town.administrator).post(address).status_code == 404, "it is given up already"
    assert read(second, complete=True).counts["twin"] == 1
    screen = client_of(town.superuser).get(listing).content.decode()
    assert "C’est le même" in screen, "the question is there again"
    client_of(town.superuser).post(listing, {"acte": "meme", "jeu": item.pk})
    assert address in client_of(town.superuser).get(listing).content.decode(), "who wanted it may think again"
    late = Item.objects.get(pk=item.pk)
    late.takes_over -= NOTICE
    Item.objects.filter(pk=item.pk).update(takes_over=None)
    assert take_over(late) is None, "prevented since the reading began"


def test_those_that_are_here_already_are_decided_at_once(source, town, portal, read):
    portal.datasets = [dataset("a"), dataset("b")]
    read(source)
    second = save_source(OPERATOR, town.other_organisation, dialect="explore", url=portal.address, title="Relais")
    read(second)
    listing = f"/admin/sources/{second.slug}/"
    assert "Ce sont tous les mêmes" in client_of(town.superuser).get(listing).content.decode()
    town.administrator.memberships.all().delete()
    client_of(town.superuser).post(listing, {"acte": "tous-memes"})
    assert Item.objects.filter(source=second, takes_over__isnull=False).count() == 2
    reasons = [text for row in items_of(read(second, complete=True)) for text in reasons_of(row)]
    assert all("personne d’autre n’en répond" in text for text in reasons)
    assert len(reasons) == 2
    (by_hand,) = Dataset.objects.filter(dataset_id="a")
    Dataset.objects.filter(pk=by_hand.pk).update(source_url=f"{portal.address}/villes.csv", title="Saisi à la main")
    source.delete()
    third = save_source(OPERATOR, town.organisation, dialect="file", url=f"{portal.address}/villes.csv")
    assert read(third).counts["twin"] == 1, "the same file"


def test_said_to_be_another_it_is_created(source, town, portal, read):
    portal.datasets = [dataset("a")]
    read(source)
    second = save_source(OPERATOR, town.organisation, dialect="explore", url=portal.address, title="Relais")
    read(second)
    decide(OPERATOR, Item.objects.get(source=second), Decision.SEPARATE)
    assert read(second, complete=True).counts["created"] == 1
    assert Dataset.objects.count() == 2
