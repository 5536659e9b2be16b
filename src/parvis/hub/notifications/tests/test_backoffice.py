"""« Webhooks »: made by who administers an organisation, secret shown once, tried, its calls read and sent again."""

from __future__ import annotations

import re

import pytest

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.notifications.deliveries import announce
from parvis.hub.notifications.models import Delivery, Webhook
from parvis.hub.notifications.webhooks import create_webhook, secrets_of

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/webhooks/", "/admin/webhooks/-/nouveau/"
SECRET = re.compile(r"whsec_[\w+/=]{44}")
EVENTS = ["dataset.published", "dataset.withdrawn"]


@pytest.fixture
def filled(town):
    return {
        "name": "Agenda de la ville",
        "organisation": town.organisation.pk,
        "url": "https://agenda.exemple.fr/crochet",
        "events": EVENTS,
        "acte": "enregistrer",
    }


@pytest.fixture
def webhook(town):
    """One that the administrator made."""
    made, _secret = create_webhook(
        actor_of(town.administrator),
        town.organisation,
        name="Agenda",
        url="https://agenda.exemple.fr/",
        events=EVENTS,
    )
    return made


def test_an_administrator_makes_one_whose_secret_is_shown_once(town, filled):
    browser = client_of(town.administrator)
    answer = browser.post(ADD, filled)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    secret = SECRET.search(answer.content.decode())[0]
    made = Webhook.objects.get()
    assert (made.organisation, made.events, made.active) == (town.organisation, EVENTS, True)
    assert secrets_of(made) == [secret]
    page = f"/admin/webhooks/{made.pk}/"
    assert f'action="{page}"' in answer.content.decode(), "the buttons of that answer act on what was made"
    again = browser.get(page).content.decode()
    assert not SECRET.search(again)
    assert 'value="https://agenda.exemple.fr/crochet"' in again
    assert "Agenda de la ville" in browser.get(LIST).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"url": "ftp://agenda.exemple.fr/"},
        {"url": "javascript:alert(1)"},
        {"url": "http://169.254.169.254/"},
        {"events": ["webhook.test"]},
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(town, filled, wrong):
    answer = client_of(town.administrator).post(ADD, {**filled, **wrong})
    assert answer.status_code == 422
    assert "bo-error" in answer.content.decode()
    assert not Webhook.objects.exists()


def test_nobody_makes_one_for_an_organisation_of_others(town, filled):
    answer = client_of(town.other).post(ADD, filled)
    assert answer.status_code == 422
    assert client_of(town.steward).post(ADD, filled).status_code == 403
    assert not Webhook.objects.exists()


def test_it_is_changed_stopped_and_put_in_service_again(town, webhook):
    browser, page = client_of(town.administrator), f"/admin/webhooks/{webhook.pk}/"
    changed = {"name": "Journal", "url": webhook.url, "events": ["record.published"], "acte": "enregistrer"}
    assert browser.post(page, changed).status_code == 302
    webhook.refresh_from_db()
    assert (webhook.name, webhook.events, webhook.active) == ("Journal", ["record.published"], False)
    assert "arrêté" in browser.get(LIST).content.decode()
    browser.post(page, {**changed, "active": "on"})
    webhook.refresh_from_db()
    assert webhook.active


def test_its_secret_is_changed_and_the_new_one_shown_once(town, webhook):
    browser, page = client_of(town.administrator), f"/admin/webhooks/{webhook.pk}/"
    before = secrets_of(webhook)
    answer = browser.post(page, {"acte": "secret"}).content.decode()
    new = SECRET.search(answer)[0]
    assert "L’ancien secret signe encore" in answer
    assert secrets_of(Webhook.objects.get()) == [new, *before]


def test_it_is_tried_and_what_was_answered_is_read(town, webhook, work):
    browser = client_of(town.administrator)
    answer = browser.post(f"/admin/webhooks/{webhook.pk}/", {"acte": "essayer"}, follow=True)
    assert "en attente" in answer.content.decode()
    Webhook.objects.update(url="http://127.0.0.1:9/")
    work()
    delivery = Delivery.objects.get()
    journal = browser.get(f"/admin/webhooks/{webhook.pk}/envois/").content.decode()
    assert "abandonné" in journal
    page = browser.get(f"/admin/webhooks/{webhook.pk}/envois/{delivery.pk}/").content.decode()
    assert "refusée par sécurité" in page
    assert "&quot;type&quot;: &quot;webhook.test&quot;" in page
    assert delivery.message_id in page


def test_the_answer_of_a_stranger_is_shown_as_text(town, webhook):
    announce("dataset.published", town.organisation.pk, "dataset", "a", "A", "https://x.example/", version="v1")
    Delivery.objects.update(answer="<script>alert(1)</script>", status=500)
    delivery = Delivery.objects.get()
    page = client_of(town.administrator).get(f"/admin/webhooks/{webhook.pk}/envois/{delivery.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)" in page


def test_a_message_is_sent_again(town, webhook):
    announce("dataset.published", town.organisation.pk, "dataset", "a", "A", "https://x.example/", version="v1")
    first = Delivery.objects.get()
    answer = client_of(town.administrator).post(f"/admin/webhooks/{webhook.pk}/envois/{first.pk}/")
    again = Delivery.objects.exclude(pk=first.pk).get()
    assert answer.url == f"/admin/webhooks/{webhook.pk}/envois/{again.pk}/"
    assert again.message_id == first.message_id


def test_it_is_removed(town, webhook):
    browser = client_of(town.administrator)
    assert browser.post(f"/admin/webhooks/{webhook.pk}/", {"acte": "supprimer"}).url == LIST
    assert not Webhook.objects.exists()
    assert Entry.objects.filter(action="webhook.delete", person=town.administrator).exists()


@pytest.mark.parametrize(("who", "status"), [("other", 404), ("steward", 403), ("contributor", 403)])
def test_it_does_not_exist_for_who_does_not_administer_its_organisation(town, webhook, who, status):
    announce("dataset.published", town.organisation.pk, "dataset", "a", "A", "https://x.example/", version="v1")
    delivery = Delivery.objects.get()
    browser, page = client_of(getattr(town, who)), f"/admin/webhooks/{webhook.pk}/"
    before = list(Webhook.objects.values()), Delivery.objects.count()
    for address in (page, f"{page}envois/", f"{page}envois/{delivery.pk}/"):
        assert browser.get(address).status_code == status, address
    for act in ("enregistrer", "secret", "essayer", "supprimer"):
        assert browser.post(page, {"acte": act}).status_code == status, act
    assert browser.post(f"{page}envois/{delivery.pk}/").status_code == status
    assert (list(Webhook.objects.values()), Delivery.objects.count()) == before
    assert webhook.name not in browser.get(LIST).content.decode()


def test_a_delivery_is_not_read_through_the_webhook_of_another(town, webhook):
    other, _secret = create_webhook(
        actor_of(town.other), town.other_organisation, name="x", url="https://x.example/", events=EVENTS
    )
    announce("dataset.published", town.organisation.pk, "dataset", "a", "A", "https://x.example/", version="v1")
    delivery = Delivery.objects.get()
    assert client_of(town.other).get(f"/admin/webhooks/{other.pk}/envois/{delivery.pk}/").status_code == 404
