"""The services of an organisation on data.gouv.fr, with a udata of this machine."""

from __future__ import annotations

import functools

import pytest
from django.test import Client

from parvis.core.fetching import send
from parvis.core.progress import no_progress
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.addresses import absolute_url
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.dataservices.elsewhere import percent_of
from parvis.hub.dataservices.factories import make_service
from parvis.hub.jobs.models import Job
from parvis.hub.records.services import publish, update, withdraw
from parvis.hub.republication import rules, udata
from parvis.hub.republication.factories import make_portal
from parvis.hub.republication.models import Copy
from parvis.hub.republication.package import Document, Package, service_key
from parvis.hub.republication.proof import is_as_sent
from parvis.hub.republication.selectors import item_facts, portal_facts
from parvis.hub.republication.sending import send_portal
from parvis.hub.republication.tests.udata_server import API_KEY, ORGANISATION, SLUG, running

pytestmark = pytest.mark.django_db

COLUMNS = {
    "kind": "rest",
    "text": "Le remplissage des piscines, minute par minute.",
    "endpoints": ["https://api.evry.example/v1", "https://secours.evry.example/v1"],
    "description_address": "https://api.evry.example/openapi.json",
    "documentation": "https://api.evry.example/docs",
    "licence": "odbl",
    "access": "restricted",
    "access_address": "https://evry.example/cle",
    "rate": "50 appels par seconde",
    "availability": "99,5 %, hors maintenance",
    "contact_name": "Service des sports",
    "contact_email": "sports@evry.example",
    "themes": ["administration"],
    "keywords": ["piscine", "vie d’ici"],
}


@pytest.fixture
def there(monkeypatch):
    """A udata of this machine; of a dataset only the card is sent."""
    monkeypatch.setattr(rules, "PAUSE", 0)
    monkeypatch.setattr(udata, "send", functools.partial(send, allowed=lambda _address, _port: True))
    monkeypatch.setattr("parvis.hub.republication.selection.package_of", _package)
    with running() as server:
        yield server


def _package(dataset: Dataset) -> Package:
    page = f"https://evry.example/explore/dataset/{dataset.dataset_id}/"
    table = Document(key="t", title="Tableau", url=f"{page}t.csv", format="csv", kind="main")
    return Package(key=dataset.dataset_id, page=page, title=dataset.title, description="x", documents=(table,))


@pytest.fixture
def organisation(db, home):
    return make_organisation("Évry-Courcouronnes")


@pytest.fixture
def portal(organisation, there):
    return make_portal(organisation, there.url, API_KEY, SLUG, scope=rules.Scope.ALL, services=True)


@pytest.fixture
def sent(portal):
    """``sent(**options)``: a sending; the portal as it then is."""

    def run(**options):
        send_portal(portal.pk, no_progress, **{"pressed": True, **options})
        portal.refresh_from_db()
        return portal

    return run


def copy_of(portal, service) -> Copy:
    return Copy.objects.get(portal=portal, dataset_id=service_key(str(service.identifier)))


def change(service, **columns):
    service.refresh_from_db()
    return update(OPERATOR, service, columns, revision=service.revision)


def test_a_service_is_there_after_the_datasets_that_it_serves_and_is_seen_so(organisation, sent, there, portal):
    dataset, restricted = make_dataset(organisation), make_dataset(organisation, access="restricted")
    service = make_service(organisation, datasets=[dataset.permanent_id, restricted.permanent_id], **COLUMNS)
    assert sent().error is None
    (card,) = there.state.services.values()
    (served,) = there.state.datasets
    expected = {
        "title": "API des piscines",
        "base_api_url": "https://api.evry.example/v1",
        "machine_documentation_url": "https://api.evry.example/openapi.json",
        "technical_documentation_url": "https://api.evry.example/docs",
        "authorization_request_url": "https://evry.example/cle",
        "access_type": "restricted",
        "rate_limiting": "50 appels par seconde",
        "availability": 99.5,
        "format": "REST",
        "license": "odc-odbl",
        "tags": ["administration-et-vie-publique", "piscine", "vie-d-ici"],
        "datasets": [served],
        "private": False,
        "organization": {"id": ORGANISATION},
    }
    assert {name: card[name] for name in expected} == expected
    assert (
        card["description"].startswith("Le remplissage des piscines") and "secours.evry.example" in card["description"]
    )
    assert card["business_documentation_url"].endswith("/services/api-des-piscines/")
    assert card["extras"]["parvis:page"].endswith(f"/services/{service.identifier}/")
    assert [row["email"] for row in card["contact_points"]] == ["sports@evry.example"]
    copy = copy_of(portal, service)
    assert copy.outcome == "created" and is_as_sent(copy.proof), copy.proof
    assert copy.page == card["self_web_url"]
    count = len(there.state.writes)
    sent()
    assert len(there.state.writes) == count and copy_of(portal, service).outcome == "unchanged"


def test_a_trial_tells_each_field_and_sends_nothing(organisation, sent, there, portal):
    service = make_service(organisation, **COLUMNS)
    sent(dry=True)
    assert not there.state.writes
    trial = copy_of(portal, service).trial
    assert trial["outcome"] == "created"
    ((gesture, _title, rows),) = trial["steps"]
    fields = {row[0]: row[2] for row in rows}
    assert gesture == "create" and fields["availability"] == "99.5" and fields["access_type"] == "restricted"


def test_what_changes_here_changes_there_and_what_is_emptied_is_emptied(
    organisation, sent, there, portal, django_capture_on_commit_callbacks
):
    service = make_service(organisation, **COLUMNS)
    sent()
    with django_capture_on_commit_callbacks(execute=True):
        change(service, documentation="", availability="", contact_email="", rate="", keywords=[], access="open")
    assert Job.objects.filter(kind="republication.send").exists()
    sent(everything=False)
    (card,) = there.state.services.values()
    assert (card["technical_documentation_url"], card["availability"], card["rate_limiting"]) == (None, None, "")
    assert card["contact_points"] == [] and card["access_type"] == "open"
    ((_gesture, _title, rows),) = copy_of(portal, service).report["steps"]
    assert {"availability", "contact_points", "rate_limiting", "tags"} <= {row[0] for row in rows}
    assert is_as_sent(copy_of(portal, service).proof)


def test_what_people_changed_there_stays_until_the_same_field_changes_here(organisation, sent, there, portal):
    service = make_service(organisation, **COLUMNS)
    sent()
    (card,) = there.state.services.values()
    card["title"], card["acronym"] = "Piscines, l’API", "API-P"
    change(service, rate="10 par minute")
    sent()
    assert (card["title"], card["acronym"], card["rate_limiting"]) == ("Piscines, l’API", "API-P", "10 par minute")
    proof = copy_of(portal, service).proof
    assert [(row[0], row[3]) for row in proof["differences"]] == [("title", True)]
    change(service, title="API des bassins")
    sent()
    assert card["title"] == "API des bassins" and card["acronym"] == "API-P"


@pytest.mark.parametrize(("retire", "mark"), [("archive", "archived_at"), ("delete", "deleted_at")])
def test_one_withdrawn_here_is_taken_away_and_comes_back_at_its_address(
    organisation, sent, there, portal, retire, mark
):
    portal.retire = retire
    portal.save()
    service = make_service(organisation, **COLUMNS)
    sent()
    (card,) = there.state.services.values()
    withdraw(OPERATOR, service)
    sent()
    assert card[mark] and copy_of(portal, service).outcome == "retired"
    count = len(there.state.writes)
    sent()
    assert len(there.state.writes) == count
    publish(OPERATOR, service)
    sent()
    assert len(there.state.services) == 1
    assert (card["archived_at"], card["deleted_at"]) == (None, None)
    assert copy_of(portal, service).proof["public"]


def test_services_stay_here_until_somebody_wants_them_there_and_go_when_nobody_does(organisation, sent, there, portal):
    portal.services = False
    portal.save()
    service = make_service(organisation, **COLUMNS)
    sent()
    assert not there.state.services
    portal.services = True
    portal.save()
    sent()
    portal.services = False
    portal.save()
    sent()
    (card,) = there.state.services.values()
    assert card["archived_at"] and copy_of(portal, service).error["code"] == "republication-not-chosen"


def test_a_portal_that_forgot_its_copies_recognises_the_service_by_its_mark(organisation, sent, there, portal):
    service = make_service(organisation, **COLUMNS)
    sent()
    Copy.objects.all().delete()
    sent()
    assert len(there.state.services) == 1 and copy_of(portal, service).remote_id in there.state.services


def test_an_answer_that_was_lost_makes_nothing_twice(organisation, sent, there, portal):
    service = make_service(organisation, **{**COLUMNS, "contact_email": ""})
    there.state.lost = ["POST"]
    assert sent().error["code"] == "republication-unavailable"
    assert len(there.state.services) == 1
    there.state.lost = []
    sent()
    assert len(there.state.services) == 1 and copy_of(portal, service).remote_id in there.state.services
    assert is_as_sent(copy_of(portal, service).proof)


def test_what_the_portal_refuses_by_name_is_left_out_and_told(organisation, sent, there, portal):
    service = make_service(organisation, **{**COLUMNS, "access_address": "https://localhost/cle"})
    sent()
    (card,) = there.state.services.values()
    assert card["authorization_request_url"] is None and card["base_api_url"]
    copy = copy_of(portal, service)
    assert copy.report["refused"][0][0] == "authorization_request_url"
    assert copy.proof["refused"] == ["authorization_request_url"] and is_as_sent(copy.proof)


def test_one_that_is_refused_stops_no_other_and_says_why(organisation, sent, there, portal):
    bad = make_service(organisation, "API cassée", **{**COLUMNS, "endpoints": ["https://localhost/"]})
    good = make_service(organisation, **COLUMNS)
    assert sent().error["code"] == "republication-refused"
    assert "base_api_url" in str(copy_of(portal, bad).error)
    assert copy_of(portal, good).outcome == "created"
    there.state.broken.add("API des piscines")
    there.state.may_edit = False
    change(good, rate="1 par jour")
    sent()
    assert copy_of(portal, good).error["code"] == "republication-unavailable"


def test_a_portal_that_limits_the_pace_is_waited_for(organisation, sent, there, portal, monkeypatch):
    monkeypatch.setattr(udata.time, "sleep", lambda _seconds: None)
    there.state.pace = 2
    for number in range(3):
        make_service(organisation, f"API {number}", **COLUMNS)
    assert sent().error is None
    assert len(there.state.services) == 3


def test_a_service_that_the_portal_harvests_from_here_is_not_sent_twice(organisation, sent, there, portal):
    service = make_service(organisation, **COLUMNS)
    there.state.services["5eharvested"] = {
        **{"archived_at": None, "deleted_at": None, "extras": {}, "private": False, "datasets": []},
        **{"id": "5eharvested", "title": "x", "self_web_url": f"{there.url}/dataservices/x/"},
        "organization": {"id": ORGANISATION},
        "harvest": {"uri": absolute_url(f"/services/{service.identifier}/"), "remote_id": str(service.identifier)},
    }
    sent()
    assert copy_of(portal, service).error["code"] == "republication-twin"
    assert list(there.state.services) == ["5eharvested"]


def test_a_dataset_that_arrives_later_is_said_to_be_served_in_the_same_sending(organisation, sent, there, portal):
    first = make_dataset(organisation)
    make_service(organisation, datasets=[first.permanent_id], **COLUMNS)
    first_there = there.state.broken
    first_there.add(first.title)
    sent()
    (card,) = there.state.services.values()
    assert card["datasets"] == []
    first_there.clear()
    Copy.objects.update(due=None)
    Copy.objects.filter(source=first).update(due="2020-01-01T00:00:00Z")
    sent(everything=False)
    assert card["datasets"] == list(there.state.datasets)


def test_who_administers_leaves_one_service_here_and_nobody_else_does(organisation, sent, there, portal):
    service, administrator = make_service(organisation, **COLUMNS), make_member(organisation, Role.ADMINISTRATOR)
    sent()
    browser = Client()
    browser.force_login(administrator)
    copy = copy_of(portal, service)
    address = f"/admin/data-gouv/{organisation.slug}/jeux/{copy.pk}/"
    page = browser.get(address).content.decode()
    assert "Ne pas envoyer ce service" in page and "La fiche y est comme ici" in page and "Fichiers" not in page
    assert "Voir le service là-bas" in page
    assert "service" in browser.get(f"/admin/data-gouv/{organisation.slug}/jeux/").content.decode()
    other = Client()
    other.force_login(make_member(organisation, Role.STEWARD))
    assert other.post(address, {"acte": "laisser"}).status_code in (302, 403, 404)
    assert copy_of(portal, service).chosen is None
    assert browser.post(address, {"acte": "laisser"}).status_code == 302
    sent()
    (card,) = there.state.services.values()
    assert card["archived_at"] and "Envoyer ce service" in browser.get(address).content.decode()
    assert browser.post(address, {"acte": "choisir"}).status_code == 302
    sent()
    assert card["archived_at"] is None


def test_scripts_are_told_services_among_the_others(organisation, sent, portal):
    make_service(organisation, **COLUMNS)
    sent(dry=True)
    (row,) = item_facts(portal, trial=True)
    assert (row["kind"], row["title"], row["outcome"]) == ("service", "API des piscines", "created")
    assert portal_facts(portal)["services"] is True


@pytest.mark.parametrize(
    ("text", "number"), [("99,5 %, hors maintenance", 99.5), ("100%", 100.0), ("de 9 h à 18 h", None), ("120 %", None)]
)
def test_a_percentage_is_read_where_one_is_written(text, number):
    assert percent_of(text) == number
