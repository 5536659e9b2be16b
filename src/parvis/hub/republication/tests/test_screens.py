"""« data.gouv.fr » in the back office: set, tried and removed by who administers the organisation; its key is shown to nobody."""

from __future__ import annotations

import json

import pytest

from parvis.core.metadata import FREQUENCY_BY_SLUG
from parvis.hub.accounts.encryption import decrypted
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.jobs.models import Job
from parvis.hub.republication.models import Portal
from parvis.hub.republication.portals import encrypt_keys_again, save_portal
from parvis.hub.republication.presentation import value_words
from parvis.hub.republication.rules import DATA_GOUV, PURPOSE

pytestmark = pytest.mark.django_db
KEY = "udata_tres-secrete-0123456789"


@pytest.fixture
def address(town):
    return f"/admin/data-gouv/{town.organisation.slug}/"


@pytest.fixture
def filled():
    return {
        "address": DATA_GOUV,
        "remote_organisation": "https://www.data.gouv.fr/organizations/ville-d-evry/",
        "key": KEY,
        "active": "on",
        "scope": "none",
        "retire": "archive",
        "acte": "enregistrer",
    }


@pytest.fixture
def portal(town):
    actor = actor_of(town.administrator)
    return save_portal(
        actor, town.organisation, address=DATA_GOUV, remote_organisation="ville-d-evry", key=KEY, active=True
    )


def test_an_administrator_sets_it_and_the_key_is_never_shown(town, filled, django_capture_on_commit_callbacks, address):
    browser = client_of(town.administrator)
    assert browser.get("/admin/data-gouv/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(address, filled).status_code == 302
    portal = Portal.objects.get()
    assert portal.remote_organisation == "ville-d-evry"
    assert KEY not in portal.key and decrypted(portal.key, purpose=PURPOSE) == KEY
    page = browser.get(address)
    assert KEY not in page.content.decode() and portal.key not in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    journal = json.dumps([entry.details for entry in Entry.objects.all()])
    assert KEY not in journal and portal.key not in journal
    jobs = Job.objects.filter(kind="republication.send")
    assert KEY not in json.dumps([job.arguments for job in jobs]) and jobs.count() == 1


def test_an_empty_key_keeps_it_but_not_for_another_address(town, portal, filled, address):
    browser = client_of(town.administrator)
    assert browser.post(address, {**filled, "key": "", "remote_organisation": "autre"}).status_code == 302
    portal.refresh_from_db()
    assert decrypted(portal.key, purpose=PURPOSE) == KEY
    assert browser.post(address, {**filled, "key": "", "address": "https://evil.example"}).status_code == 422
    portal.refresh_from_db()
    assert portal.address == DATA_GOUV


@pytest.mark.parametrize(
    "change",
    [
        {"address": "http://www.data.gouv.fr"},
        {"address": "https://www.data.gouv.fr/api/1/"},
        {"address": "https://a:b@www.data.gouv.fr"},
        {"address": "https://["},
        {"key": "udata_a\r\nX-Other: 1"},
        {"key": "é" * 20},
        {"remote_organisation": "../../me?"},
        {"remote_organisation": "a b"},
    ],
)
def test_what_cannot_be_right_is_refused_and_what_was_typed_stays(town, filled, change, address):
    answer = client_of(town.administrator).post(address, {**filled, **change})
    assert answer.status_code == 422
    assert not Portal.objects.exists()
    assert KEY not in answer.content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_other_roles_are_refused(town, portal, filled, role, address):
    browser = client_of(getattr(town, role.value))
    for answer in (browser.get(address), browser.post(address, filled), browser.get("/admin/data-gouv/")):
        assert answer.status_code in (302, 403, 404)
        assert KEY not in answer.content.decode()


def test_who_administers_another_organisation_does_not_see_it(town, portal, filled, address):
    browser = client_of(town.other)
    assert town.organisation.name not in browser.get("/admin/data-gouv/").content.decode()
    assert browser.get(address).status_code == 404
    assert browser.post(address, {**filled, "acte": "retirer"}).status_code == 404
    assert Portal.objects.exists()


def test_buttons_ask_for_a_trial_and_a_sending_and_remove(town, portal, address):
    browser = client_of(town.administrator)
    browser.post(address, {"acte": "essayer"})
    browser.post(address, {"acte": "envoyer"})
    asked_for = [job.arguments for job in Job.objects.filter(kind="republication.send").order_by("pk")]
    assert [(row["dry"], row["pressed"]) for row in asked_for if row.get("pressed")] == [(True, True), (False, True)]
    assert browser.post(address, {"acte": "autre"}).status_code == 404
    browser.post(address, {"acte": "retirer"})
    assert not Portal.objects.exists()


def test_it_is_tried_before_anything_leaves_then_begun(town, filled, address, django_capture_on_commit_callbacks):
    browser = client_of(town.administrator)
    assert "keep the one" not in browser.get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(address, {**filled, "scope": "all", "acte": "essayer"}).status_code == 302
        browser.post(address, {"acte": "essayer"})
    portal = Portal.objects.get()
    assert not portal.active and portal.scope == "all"
    (job,) = Job.objects.filter(kind="republication.send")
    assert job.arguments == {"portal": portal.pk, "dry": True, "pressed": True}, "pressed twice, it is tried once"
    progress = f"{address}avancement.json"
    assert browser.get(progress).json()["over"] is False
    assert progress in browser.get(address).content.decode()
    Job.objects.filter(pk=job.pk).update(state="done")
    assert browser.get(progress).json() == {"text": "", "percent": None, "over": True, "next": address}
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(address, {"acte": "commencer"})
    portal.refresh_from_db()
    assert portal.active and decrypted(portal.key, purpose=PURPOSE) == KEY and portal.scope == "all"
    assert Job.objects.filter(kind="republication.send", arguments__dry=False).count() == 1
    assert client_of(town.other).get(progress).status_code == 404


def test_organisations_that_are_set_come_first(town, portal):
    before = make_organisation("Aaa")
    page = client_of(town.superuser).get("/admin/data-gouv/").content.decode()
    assert page.index(f"/admin/data-gouv/{town.organisation.slug}/") < page.index(f"/admin/data-gouv/{before.slug}/")


def test_licences_and_frequencies_are_told_by_their_names():
    assert value_words("license", "lov2").startswith("Licence Ouverte")
    assert "ODbL" in value_words("license", "odc-odbl")
    assert value_words("frequency", "semiannual") == FREQUENCY_BY_SLUG["biannual"].label
    assert value_words("license", "fr-lo") == "fr-lo" and value_words("title", "daily") == "daily"


def test_another_organisation_there_is_another_beginning(town, portal, filled, address):
    portal.copies.create(dataset_id="a", remote_id="b")
    browser = client_of(town.administrator)
    browser.post(address, {**filled, "key": ""})
    assert portal.copies.exists()
    browser.post(address, {**filled, "remote_organisation": "autre"})
    assert not portal.copies.exclude(remote_id="").exists()


def test_a_renewed_secret_key_reads_the_keys_again(portal, settings):
    assert encrypt_keys_again(("another-signing-key", settings.SECRET_KEY)) == 1
    portal.refresh_from_db()
    assert decrypted(portal.key, purpose=PURPOSE) is None
    assert decrypted(portal.key, ("another-signing-key",), PURPOSE) == KEY


def test_a_report_is_told_dataset_by_dataset(town, portal, address):
    differences = [["title", "<b>Ancien</b>", "Nouveau", True]]
    steps = [["create", "Délibérations", differences], ["add", "<script>alert(1)</script>", []]]
    report = {"at": "2026-11-29T10:00:00+00:00", "outcome": "created", "steps": steps, "left": 3, "refused": []}
    copy = portal.copies.create(dataset_id="a", title="Délibérations", outcome="created", report=report, trial=report)
    counts = {"at": "2026-11-29T10:00:00+00:00", "counts": {"created": 1, "refused": 1200}, "left": 3}
    portal.report = portal.trial = counts
    portal.save()
    browser = client_of(town.administrator)
    page = browser.get(address).content.decode()
    assert "1\u202f200 refusés" in page and "?vue=essai&amp;issue=created" in page
    for query in ("", "?vue=essai", "?issue=created&page=9"):
        assert "Délibérations" in browser.get(f"{address}jeux/{query}").content.decode()
    page = browser.get(f"{address}jeux/{copy.pk}/").content.decode()
    assert "Créer la fiche" in page and "changé là-bas" in page and "et 3 autres changements" in page
    assert "<script>alert(1)" not in page and "<b>Ancien" not in page
    assert client_of(town.other).get(f"{address}jeux/{copy.pk}/").status_code == 404


def test_who_publishes_chooses_one_dataset_and_nobody_else(town, portal):
    dataset = make_dataset(town.organisation)
    address = f"/admin/data-gouv/choix/jeu/?jeu={dataset.dataset_id}"
    assert client_of(town.contributor).post(address, {"choice": "oui"}).status_code == 403
    assert client_of(town.other).get(address).status_code == 404
    assert not portal.copies.exists()
    assert client_of(town.steward).get(address).status_code == 200
    assert client_of(town.steward).post(address, {"choice": "oui"}).status_code == 302
    assert portal.copies.get().chosen is True
    assert client_of(town.steward).post(address, {"choice": ""}).status_code == 302
    assert portal.copies.get().chosen is None
