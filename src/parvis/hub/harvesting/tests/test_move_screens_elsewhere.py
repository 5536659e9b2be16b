"""« Emménager » from every kind of portal by the screen: recognised by the dry run, its key shown as that kind wants it, moved, reported."""

import json

import pytest

from parvis.core.metadata import THEME_BY_SLUG
from parvis.core.text import fold
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import update_card
from parvis.hub.harvesting import move_services
from parvis.hub.harvesting.asking import secrets_of
from parvis.hub.harvesting.models import MovePlan, Run, Source
from parvis.hub.harvesting.move_services import set_move
from parvis.hub.harvesting.sources import save_source
from parvis.hub.harvesting.tests.far_catalogues import KEY, VILLES, FarCkan, FarDataFair, FarUdata
from parvis.hub.harvesting.tests.far_portal import API, FarPortal, rows
from parvis.hub.jobs.models import Job

WISHES = {"only": [], "without": [], "licence": "", "draft": False, "ignore_robots": False}


@pytest.fixture
def through(home, town, portal, work):
    """A client that goes through the first step; the address of the move."""

    def begin(**changes) -> tuple:
        client = client_of(town.superuser)
        values = {"url": portal.address, "organisation": town.organisation.pk, **changes}
        answer = client.post("/admin/emmenager/", values)
        assert answer.status_code == 302, answer.content.decode()
        work()
        return client, answer.url.removesuffix("mots/")

    return begin


def shown(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def ckan(portal) -> None:
    far = FarCkan(portal)
    for name, private in (("villes", False), ("reserve", True)):
        far.resource(far.add(name, private=private), "villes.csv", VILLES.encode())


def udata(portal) -> None:
    far = FarUdata(portal)
    for name, private in (("villes", False), ("reserve", True)):
        far.resource(far.add(name, private=private), "villes.csv", VILLES.encode())


def data_fair(portal) -> None:
    far = FarDataFair(portal)
    schema, lines = [{"key": "commune", "type": "string"}], [{"commune": "Évry"}, {"commune": "Corbeil"}]
    far.add("villes", schema, lines)
    far.add("reserve", schema, lines, visibility="private")


@pytest.mark.parametrize(
    ("fill", "kind", "name", "header", "limit"),
    [
        (ckan, "ckan", "CKAN", "Authorization", "aperçus des fichiers joints"),
        (udata, "udata", "udata", "X-API-KEY", "fichiers de la communauté"),
        (data_fair, "data_fair", "Data Fair", "x-apiKey", "fichiers de lignes remplacés"),
    ],
)
def test_a_portal_of_another_kind_is_recognised_shown_its_key_and_moves_in_by_the_screen(
    through, portal, work, fill, kind, name, header, limit
):
    fill(portal)
    client, address = through(key=KEY, each_table="on", parts_left=["users"])
    source = Source.objects.get()
    assert (source.dialect, secrets_of(source)) == (kind, {header: KEY})
    assert source.options == ({} if kind == "data_fair" else {"files": "each"}), "one table a dataset is not parted"
    page = shown(client, f"{address}mots/")
    assert f"Reconnu : {name} : " in page
    assert "<dt>Jeux</dt> <dd>2</dd>" in page, "with the key, what is private there is seen"
    assert "personnes à inviter" not in page, "nothing else of it is read"
    form = shown(client, f"{address}portail/")
    assert ("Un jeu par tableau" in form, "Parties du portail à laisser" in form) == (kind != "data_fair",) * 2
    client.post(f"{address}mots/", {"acte": "commencer"})
    work()
    facts = client.get(f"{address}suivi.json").json()
    assert (facts["over"], facts["seen"], facts["compared"], facts["figures"]["failed"]) == (True, 2, 2, "0"), facts
    assert sorted(Dataset.objects.values_list("access", flat=True)) == sorted([Access.PUBLIC, Access.RESTRICTED])
    run = Run.objects.get()
    report = shown(client, f"/admin/sources/lecture/{run.pk}/rapport/")
    assert limit in report
    has_rest = kind != "data_fair"
    assert ("/admin/emmenagement/" in report) == has_rest, "no page of a rest that there is not"
    whole_report = client.get(f"/admin/sources/lecture/{run.pk}/rapport/?format=json").json()
    assert whole_report["totals"]["same"] == 2, whole_report
    everything = (
        page
        + form
        + report
        + json.dumps(whole_report)
        + json.dumps(list(Job.objects.values_list("arguments", flat=True)))
    )
    assert KEY not in everything


def test_a_portal_that_is_none_of_them_says_so_and_nothing_of_it_can_begin(through, portal):
    portal.answers[API] = lambda handler: handler.send_error(404)
    client, address = through(key="une-cle")
    page = shown(client, f"{address}mots/")
    assert "n’est reconnu comme aucun genre de portail" in page
    assert "« Genre de portail » à l’écran" in page
    assert "Commencer l’emménagement" not in page
    answer = client.post(f"{address}mots/", {"acte": "commencer"}, follow=True)
    assert "n’est pas encore reconnu" in answer.content.decode()
    assert not Run.objects.exists()
    # Somebody says what it is: the key that is kept is shown as that kind wants it, without being typed again.
    source = Source.objects.get()
    assert secrets_of(source) == {"Authorization": "Apikey une-cle"}
    form = {"url": portal.address, "organisation": source.organisation_id, "kind": "udata"}
    assert client.post(f"{address}portail/", form).status_code == 302
    source.refresh_from_db()
    assert (source.dialect, secrets_of(source)) == ("udata", {"X-API-KEY": "une-cle"})
    save_source(OPERATOR, source.organisation, source, dialect="explore")
    assert secrets_of(source) == {"Authorization": "Apikey une-cle"}


def test_an_address_that_changes_while_it_is_recognised_keeps_nothing_of_the_former(
    through, portal, work, town, monkeypatch
):
    ckan(portal)
    real = move_services.kind_of_portal

    def changed_meanwhile(source, *some):
        monkeypatch.setattr(move_services, "kind_of_portal", real)
        set_move(OPERATOR, town.organisation, source, "", url=f"{portal.address}/autre", kind="udata", **WISHES)
        return "ckan", real(source, *some)[1]

    monkeypatch.setattr(move_services, "kind_of_portal", changed_meanwhile)
    through()
    source, plan = Source.objects.get(), MovePlan.objects.get()
    assert (source.url, source.dialect) == (f"{portal.address}/autre", "udata")
    assert plan.facts.get("recognised") is None


def test_a_move_set_before_goes_on_unless_datasets_came_by_another_kind(through, portal, work, town):
    ckan(portal)
    client, address = through()
    client.post(f"{address}mots/", {"acte": "commencer"})
    work()
    again = set_move(OPERATOR, town.organisation, None, "", url=portal.address, **WISHES)
    assert (Source.objects.count(), again.asks_kind, again.source.dialect) == (1, False, "ckan")
    other = set_move(OPERATOR, town.organisation, None, "", url=portal.address, kind="udata", **WISHES)
    assert other.source_id != again.source_id, "what came is named as the other kind names it"


def test_words_that_somebody_chose_are_no_difference_and_what_is_changed_since_is_one(through, portal, work):
    far = FarCkan(portal)
    row = far.add("villes", groups=[{"title": "Mobilité douce"}])
    far.resource(row, "villes.csv", VILLES.encode())
    far.resource(far.add("rues", groups=[{"title": "Mobilité douce"}]), "villes.csv", VILLES.encode())
    client, address = through()
    words = {"acte": "mots", "genre": "theme", "mot-0": "Mobilité douce", "avant-0": "", "ici-0": "transports"}
    client.post(f"{address}mots/", words)
    client.post(f"{address}mots/", {"acte": "commencer"})
    work()
    report = f"/admin/sources/lecture/{Run.objects.get().pk}/rapport/?format=json"
    assert {row["state"] for row in client.get(report).json()["datasets"]} == {"same"}
    update_card(OPERATOR, Dataset.objects.get(dataset_id="rues"), {"themes": ["sante"]})
    client.post(f"{address}suivi/", {"acte": "recommencer"})
    work()
    report = f"/admin/sources/lecture/{Run.objects.order_by('pk').last().pk}/rapport/?format=json"
    states = {row["there"]: (row["state"], row["differences"]) for row in client.get(report).json()["datasets"]}
    assert states["villes"][0] == "same"
    assert [(row["name"], row["there"]) for row in states["rues"][1]] == [
        ("theme", fold(THEME_BY_SLUG["transports"].label))
    ]


def test_a_licence_chosen_for_what_has_none_leaves_the_others_theirs_and_is_no_difference(through, portal, work):
    far = FarPortal(portal)
    far.add("libre", rows(2), license="Open Database License (ODbL)")
    far.add("maison", rows(2), license="Licence maison", theme=["Mobilité douce"])
    far.add("rien", rows(2), license="")
    client, address = through()
    assert "Reconnu : Opendatasoft / Parvis (API Explore) : " in shown(client, f"{address}mots/")
    words = {"acte": "mots", "genre": "licence", "mot-0": "", "avant-0": "", "ici-0": "lov2"}
    client.post(f"{address}mots/", {**words, "mot-1": "Licence maison", "avant-1": "", "ici-1": "odbl"})
    client.post(f"{address}mots/", {**words, "genre": "theme", "mot-0": "Mobilité douce", "ici-0": "transports"})
    client.post(f"{address}mots/", {"acte": "commencer"})
    work()
    licences = dict(Dataset.objects.values_list("dataset_id", "licence"))
    assert licences == {"libre": "odbl", "maison": "odbl", "rien": "lov2"}
    report = f"/admin/sources/lecture/{Run.objects.get().pk}/rapport/?format=json"
    assert [row["differences"] for row in client.get(report).json()["datasets"]] == [[], [], []]
    update_card(OPERATOR, Dataset.objects.get(dataset_id="maison"), {"licence": "lov2"})
    client.post(f"{address}suivi/", {"acte": "recommencer"})
    work()
    report = f"/admin/sources/lecture/{Run.objects.order_by('pk').last().pk}/rapport/?format=json"
    differences = {row["there"]: row["differences"] for row in client.get(report).json()["datasets"]}
    assert "default.license" in [row["name"] for row in differences["maison"]]
