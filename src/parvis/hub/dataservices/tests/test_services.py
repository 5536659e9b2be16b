"""Services of the catalogue: written and read with rights, found with datasets, read from their description, asked whether they answer."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from parvis.core.errors import Forbidden, ParvisError
from parvis.core.fetching import fetch
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import rename_dataset
from parvis.hub.charts.factories import make_stands
from parvis.hub.dataservices import factories, services
from parvis.hub.dataservices.models import DataService
from parvis.hub.dataservices.portal import portal_services
from parvis.hub.dataservices.portal_slugs import PORTAL_SLUGS
from parvis.hub.dataservices.rules import DOWN_AFTER, MOST_ENDPOINTS, written_keywords
from parvis.hub.dataservices.selectors import datasets_named, service_due
from parvis.hub.dataservices.tasks import night
from parvis.hub.jobs.models import Job
from parvis.hub.records.services import publish, withdraw
from parvis.hub.search.everything import search_everything
from parvis.hub.search.writing import write_changes
from parvis.hub.territories.models import Contour, Territory

pytestmark = pytest.mark.django_db

LIST = "/services/"
RECORDS = "/ogc/collections/catalogue/items"
BARE = {"/tiles/", "/api/parvis/v1", "/mcp"}
"""Addresses that are the beginning of others, or answer POST alone."""
OPENAPI = {
    "openapi": "3.0.0",
    "info": {"title": "Piscines", "version": "2", "description": "Lu.", "license": {"name": "ODbL"}},
    "paths": {"/bassins": {"get": {"summary": "Les bassins"}}},
}


@pytest.fixture
def city():
    return make_organisation("Ville d’Évry", slug="evry", email="donnees@evry.example")


def make_service(organisation, title="API des piscines", **columns) -> DataService:
    return factories.make_service(organisation, title, is_online=False, **columns)


def online(organisation, title="API des piscines", **columns) -> DataService:
    return factories.make_service(organisation, title, **columns)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def form_of(organisation, **fields) -> dict:
    return {
        "organisation": organisation.pk,
        "title": "API des piscines",
        "kind": "rest",
        "access": "open",
        "addresses": "https://api.evry.example/v1",
        **fields,
    }


def test_a_draft_is_its_editors_alone_and_what_is_withdrawn_leaves(client, city):
    service = make_service(city)
    address = service.get_absolute_url()
    assert client.get(address).status_code == 404
    editor = signed_in(make_member(city, Role.CONTRIBUTOR))
    assert editor.get(address).status_code == 200
    assert "API des piscines" not in client.get(LIST).text
    publish(OPERATOR, service)
    assert client.get(address).status_code == 200
    assert "API des piscines" in client.get(LIST).text
    withdraw(OPERATOR, service)
    assert client.get(address).status_code == 404
    acts = list(Entry.objects.filter(target=service.slug).order_by("pk").values_list("action", flat=True))
    assert acts[0] == "dataservice.create"
    assert {"dataservice.publish", "dataservice.unpublish"} <= set(acts)


def test_the_page_says_all_that_the_card_has(client, city):
    dataset = make_dataset(city, title="Bassins & lignes", dataset_id="bassins")
    service = online(
        city,
        kind="wms",
        text="Des cartes.\n<script>alert(1)</script>",
        endpoints=["https://a.example/wms", "https://b.example/wms"],
        description_address="https://a.example/wms?REQUEST=GetCapabilities",
        documentation="https://a.example/doc",
        version="1.3.0",
        licence="odbl",
        access="restricted",
        access_address="https://a.example/demande",
        rate="50 appels par seconde",
        availability="99,5 %",
        contact_name="Le SIG",
        contact_email="sig@evry.example",
        themes=["transports"],
        keywords=["voirie"],
        operations=[f"couche {rank}" for rank in range(60)],
        datasets=[dataset.permanent_id],
    )
    text = client.get(service.get_absolute_url()).text
    for words in (
        "WMS : images de cartes", "https://b.example/wms", "https://a.example/wms?REQUEST=GetCapabilities", "1.3.0",
        "Open Database License", "https://a.example/demande", "50 appels par seconde", "99,5 %", "Le SIG",
        "sig@evry.example", "Mobilité et transports", "voirie", "couche 59", "Bassins &amp; lignes",
    ):  # fmt: skip
        assert words in text, words
    assert "<script>alert" not in text
    start = text.index('<script type="application/ld+json">') + len('<script type="application/ld+json">')
    facts = json.loads(text[start : text.index("</script>", start)])
    assert (facts["@type"], facts["identifier"]) == ("WebAPI", str(service.identifier))
    assert [row["serviceUrl"] for row in facts["availableChannel"]] == service.endpoints
    english = client.get(f"/en{service.get_absolute_url()}").text
    assert "by authorisation" in english
    assert "Datasets served" in english


def test_datasets_are_told_to_those_who_may_know_of_them_and_follow_their_new_name(client, city, home):
    shown, hidden = make_stands(), make_dataset(city, dataset_id="interne", access=Access.INTERNAL)
    service = online(city, datasets=[shown.permanent_id, hidden.permanent_id])
    rename_dataset(OPERATOR, shown, "ouvert-bis")
    api = f"/api/parvis/v1/services/{service.slug}"
    assert client.get(api).json()["datasets"] == ["ouvert-bis"]
    member = signed_in(make_member(city, Role.CONTRIBUTOR))
    assert "/explore/dataset/interne/" in member.get(service.get_absolute_url()).text
    assert "interne" not in client.get(service.get_absolute_url()).text
    page = client.get("/explore/dataset/ouvert-bis/information/").text
    assert service.get_absolute_url() in page
    assert service.title in client.get(LIST, {"jeu": "ouvert-bis"}).text
    assert service.title not in client.get(LIST, {"jeu": "interne"}).text


def test_the_list_is_narrowed_by_words_and_facets_through_all_services(client, city):
    other = make_organisation("Lisses", slug="lisses")
    online(city, "Cartes de la voirie", kind="wms", themes=["transports"])
    online(other, "Piscines de Lisses", access="restricted", keywords=["baignade"])

    def titles(**query):
        body = client.get("/api/parvis/v1/services", query).json()
        assert body["total_count"] == len(body["results"])
        return [row["title"] for row in body["results"] if not row["of_the_portal"]]

    everything = client.get("/api/parvis/v1/services").json()["results"]
    assert {row["slug"] for row in everything if row["of_the_portal"]} == PORTAL_SLUGS
    assert titles(q="voirie") == ["Cartes de la voirie"]
    assert titles(q="BAIGNADE lisses") == ["Piscines de Lisses"]
    assert titles(nature="wms") == titles(theme="transports") == titles(organisation="evry") == ["Cartes de la voirie"]
    assert titles(acces="restricted") == ["Piscines de Lisses"]
    assert titles(q="rien de tel") == []
    assert [row["slug"] for row in client.get("/api/parvis/v1/services", {"q": "tableur"}).json()["results"]] == [
        "odata"
    ]


def test_pages_hold_each_service_once_those_of_the_portal_last(client, city):
    for rank in range(30):
        online(city, f"Service {rank:02}")
    pages = [client.get(LIST, {"page": number}).text for number in (1, 2)]
    seen = [f"Service {rank:02}" in pages[0] for rank in range(30)]
    assert seen == [True] * 24 + [False] * 6
    assert all(f"Service {rank:02}" in pages[1] for rank in range(24, 30))
    assert all(f"/services/{slug}/" in pages[1] for slug in PORTAL_SLUGS)
    assert not any(f'/services/{slug}/"' in pages[0] for slug in PORTAL_SLUGS)


def test_the_services_of_the_portal_answer_where_they_say(client, city):
    make_dataset(city)
    for service in portal_services():
        page = client.get(service.get_absolute_url())
        assert page.status_code == 200
        assert "Modifier" not in page.text
        for address in (service.description_address, service.documentation, *service.endpoints):
            path = address.removeprefix("http://127.0.0.1:8000")
            if path and path not in BARE:
                assert client.get(path, follow=True).status_code == 200, path
    superuser = make_member(city, Role.ADMINISTRATOR, is_superuser=True, is_staff=True)
    assert "Modifier" not in signed_in(superuser).get("/services/csw/").text


def test_nobody_takes_the_address_of_a_service_of_the_portal(city):
    assert make_service(city, "CSW").slug == "csw-2"


def test_a_closed_portal_says_that_its_services_want_an_account(city, settings):
    assert {row.access for row in portal_services()} == {"open"}
    settings.PARVIS = {**settings.PARVIS, "PARVIS_PRIVATE": True}
    assert {row.access for row in portal_services()} == {"open_with_account"}


def test_without_an_organisation_nothing_is_told(client):
    assert client.get(LIST).status_code == 200
    assert client.get("/api/parvis/v1/services").json()["total_count"] == 0
    assert client.get("/services/csw/").status_code == 404
    assert LIST not in client.get("/sitemap.xml").text


def test_the_permanent_identifier_leads_to_the_page_of_today(client, city):
    service = online(city)
    answer = client.get(f"/services/{service.identifier}/")
    assert answer.status_code in (301, 302)
    assert answer["Location"].endswith(service.get_absolute_url())
    draft = make_service(city, "Brouillon")
    assert client.get(f"/services/{draft.identifier}/").status_code == 404


def test_search_finds_services_and_those_of_the_portal(city):
    online(city, "Piscines en direct", keywords=["baignade"])
    write_changes()
    hits = {group.kind.name: [hit.title for hit in group.hits] for group in search_everything(OPERATOR, "baignade")}
    assert hits["dataservice"] == ["Piscines en direct"]
    hits = {group.kind.name: [hit.slug for hit in group.hits] for group in search_everything(OPERATOR, "Excel Power")}
    assert hits["portalservice"] == ["odata"]


def test_the_form_keeps_what_it_is_given_and_refuses_the_rest_in_words(city):
    dataset = make_dataset(city, dataset_id="bassins", title="Bassins")
    client = signed_in(make_member(city, Role.STEWARD))
    fields = form_of(
        city,
        addresses="https://a.example/1\n\nhttps://a.example/2\nhttps://a.example/1",
        words="eau, baignade ; eau",
        theme_choices=["transports"],
        served="http://127.0.0.1:8000/explore/dataset/bassins/information/",
        parts="GET /a\nGET /b",
    )
    assert client.post("/admin/services/add/", fields).status_code == 302
    service = DataService.objects.get()
    assert service.endpoints == ["https://a.example/1", "https://a.example/2"]
    assert (service.keywords, service.themes, service.datasets, service.operations) == (
        ["eau", "baignade"], ["transports"], [dataset.permanent_id], ["GET /a", "GET /b"],
    )  # fmt: skip
    for wrong, words in (
        ({"addresses": ""}, "Indiquez au moins une adresse."),
        ({"addresses": "https://a.example\nftp://a.example"}, "« ftp://a.example » n’est pas une adresse du web"),
        ({"addresses": "javascript:alert(1)"}, "« javascript:alert(1) » n’est pas une adresse du web"),
        (
            {"addresses": "\n".join(f"https://a.example/{n}" for n in range(MOST_ENDPOINTS + 1))},
            "Pas plus de 10 lignes ici.",
        ),
        ({"served": "rien-de-tel"}, "Ces jeux de données ne sont pas sur ce portail : rien-de-tel."),
        ({"description_address": "file:///etc/passwd"}, "Saisissez une URL valide."),
    ):
        answer = client.post("/admin/services/add/", form_of(city, title="Autre", **wrong))
        assert escape(words) in answer.text or words in answer.text, words
    assert DataService.objects.count() == 1


def test_two_people_at_once_do_not_undo_each_other(city):
    service = make_service(city)
    client = signed_in(make_member(city, Role.STEWARD))
    address = f"/admin/services/edit/{service.pk}/"
    first = form_of(city, title="Premier", opened_revision=service.revision)
    assert client.post(address, first).status_code == 302
    answer = client.post(address, form_of(city, title="Second", opened_revision=service.revision))
    assert "Quelqu’un d’autre a enregistré" in answer.text
    service.refresh_from_db()
    assert service.get_latest_revision_as_object().title == "Premier"


def test_only_who_writes_for_the_organisation_changes_a_service(city, monkeypatch):
    service = online(city)
    stranger = make_member(make_organisation("Lisses"), Role.ADMINISTRATOR)
    client = signed_in(stranger)
    calls = []
    monkeypatch.setattr("parvis.hub.dataservices.backoffice.read_description", calls.append)
    for fields in (form_of(city, title="Pris"), form_of(city, **{"action-read-description": "1"})):
        answer = client.post(f"/admin/services/edit/{service.pk}/", {**fields, "opened_revision": service.revision})
        assert answer.status_code in (302, 403)
    answer = client.post("/admin/services/add/", form_of(city, title="Pour d’autres"))
    assert "Pour d’autres" not in DataService.objects.values_list("title", flat=True)
    assert not calls
    service.refresh_from_db()
    assert service.title == "API des piscines"
    with pytest.raises(Forbidden):
        publish(actor_of(stranger), make_service(city, "Brouillon"))


@pytest.fixture
def server(monkeypatch):
    """A site of this machine, which answers what the test says."""
    state = {"status": 200, "body": json.dumps(OPENAPI).encode(), "paths": []}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            state["paths"].append(self.path)
            status = state["status"].get(self.path, 404) if isinstance(state["status"], dict) else state["status"]
            self.send_response(status)
            self.send_header("Content-Length", str(len(state["body"])))
            self.end_headers()
            self.wfile.write(state["body"])

        def log_message(self, *_):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=httpd.serve_forever, daemon=True).start()
    state["private"] = services.fetch
    monkeypatch.setattr(services, "fetch", partial(fetch, allowed=lambda _address, _port: True))
    state["address"] = f"http://127.0.0.1:{httpd.server_port}"
    yield state
    httpd.shutdown()
    httpd.server_close()


def test_reading_a_description_fills_what_is_empty_and_replaces_nothing(city, server):
    client = signed_in(make_member(city, Role.STEWARD))
    fields = form_of(
        city,
        title="Mon titre",
        text="",
        addresses="",
        description_address=f"{server['address']}/openapi.json",
        **{"action-read-description": "1"},
    )
    answer = client.post("/admin/services/add/", fields)
    assert answer.status_code == 200
    assert server["paths"] == ["/openapi.json"]
    form = answer.context["form"]
    assert form["title"].value() == "Mon titre"
    assert (form["text"].value(), form["version"].value(), form["licence"].value()) == ("Lu.", "2", "odbl")
    assert form["parts"].value() == "GET /bassins — Les bassins"
    assert "Piscines" in answer.text  # proposed beside, not written
    assert not DataService.objects.exists()

    service = make_service(city)
    edit = f"/admin/services/edit/{service.pk}/"
    answer = client.post(edit, {**fields, "opened_revision": "1"})
    assert 'name="opened_revision" value="1"' in answer.text
    service.refresh_from_db()
    assert (service.title, service.revision) == ("API des piscines", 1)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, b"openapi: 3.0.0", "YAML"),
        (200, b"<html><title>Connexion</title></html>", "Connexion"),
        (500, b"", "500"),
        (200, b"{", "JSON"),
    ],
)
def test_a_description_that_cannot_be_read_says_why_and_loses_nothing(city, server, status, body, words):
    server |= {"status": status, "body": body}
    client = signed_in(make_member(city, Role.STEWARD))
    fields = form_of(city, text="Tapé", description_address=server["address"], **{"action-read-description": "1"})
    answer = client.post("/admin/services/add/", fields)
    assert answer.status_code == 200
    alert = answer.text[answer.text.index('role="alert"') :][:600]
    assert words in alert
    assert answer.context["form"]["text"].value() == "Tapé"


def test_no_address_of_a_private_network_is_read(city, server, monkeypatch):
    monkeypatch.setattr(services, "fetch", server["private"])
    with pytest.raises(ParvisError):
        services.read_description(f"{server['address']}/openapi.json")
    assert server["paths"] == []


def test_a_service_is_told_down_after_days_of_silence_and_up_at_once(client, city, server):
    service = online(city, endpoints=[f"{server['address']}/api"])
    server["status"] = 404  # the bare address of an API often says nothing: a server is there
    assert services.check(service)
    server["status"] = 503
    for rank in range(DOWN_AFTER):
        service.refresh_from_db()
        assert not service.is_down
        assert not services.check(service), rank
    service.refresh_from_db()
    assert service.is_down
    assert "Ce service ne répond plus" in client.get(service.get_absolute_url()).text
    assert client.get(f"/api/parvis/v1/services/{service.slug}").json()["answers"] is False
    server["status"] = 200
    assert services.check(service)
    service.refresh_from_db()
    assert (service.failures, service.down_since) == (0, None)


def test_a_description_that_is_gone_is_no_sign_of_life_but_an_address_is(city, server):
    server["status"] = {"/gone": 404, "/api": 200, "/other": 500}
    address = server["address"]
    assert services.answers(DataService(description_address=f"{address}/gone", endpoints=[f"{address}/api"]))
    assert not services.answers(DataService(description_address=f"{address}/gone", endpoints=[f"{address}/other"]))


def test_each_is_asked_once_a_night_and_nothing_is_noted_of_what_changed_meanwhile(city, server):
    service = online(city, endpoints=[f"{server['address']}/api"])
    make_service(city, "Brouillon")
    night(_Context(), "2026-12-01")
    night(_Context(), "2026-12-01")
    assert [job.arguments for job in Job.objects.filter(kind="dataservices.check")] == [{"service": service.pk}]
    stale = DataService.objects.get(pk=service.pk)
    DataService.objects.filter(pk=service.pk).update(endpoints=["https://ailleurs.example/"])
    server["status"] = 500
    services.check(stale)
    service.refresh_from_db()
    assert (service.failures, service.checked) == (0, None)
    DataService.objects.filter(pk=service.pk).update(checked=timezone.now() - timedelta(hours=2))
    assert service_due(service.pk) is None


class _Context:
    actor = OPERATOR


def test_words_of_forms_are_read_as_people_write_them(city):
    assert written_keywords(" eau,  eau douce ;eau\nmer,, ") == ["eau", "eau douce", "mer"]
    dataset = make_dataset(city, dataset_id="bassins", title="Bassins")
    for text in ("bassins", "Bassins", "https://x.example/explore/dataset/bassins/table/", "bassins\nBassins"):
        assert datasets_named(OPERATOR, text) == [dataset.permanent_id]


def test_feeds_and_the_map_of_the_site_have_them(client, city):
    service = online(city)
    assert service.title in client.get("/services/flux.atom").text
    site_map = client.get("/sitemap.xml").text
    assert service.get_absolute_url() in site_map
    assert "/services/csw/" in site_map


def test_a_service_is_found_by_the_place_of_its_territory(client, city):
    service = online(city)
    place = {"bbox": "2.3,48.5,2.5,48.7", "type": "service"}
    assert client.get(RECORDS, place).json()["numberMatched"] == 0
    territory = Territory.objects.create(kind="commune", code="91228", name="Évry-Courcouronnes", folded="evry")
    edges = {"west": 2.38, "south": 48.6, "east": 2.46, "north": 48.65}
    Contour.objects.create(territory=territory, **edges, area=13.0, geojson="{}")
    service.territory = territory
    service.save()
    (feature,) = client.get(RECORDS, place).json()["features"]
    assert feature["id"] == str(service.identifier)
    assert feature["geometry"]["coordinates"][0][0] == [2.38, 48.6]
    assert client.get(RECORDS, {**place, "bbox": "0,0,1,1"}).json()["numberMatched"] == 0
