"""« Créer une alerte »: nothing leaves without a yes, one mail for one passing, one click stops and erases."""

from __future__ import annotations

import email.policy
import re
import smtplib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from parvis.core.indicators.bounds import Bound
from parvis.core.indicators.definition import Definition
from parvis.domains.indicators import mails, selectors, services, subscriptions
from parvis.domains.indicators.subscriptions import tell_owners
from parvis.domains.indicators.tests.test_views import BODY, places, published
from parvis.domains.indicators.tiles import tile
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.rules import Access
from parvis.hub.charts.factories import make_stands
from parvis.hub.jobs.models import Job
from parvis.hub.notifications import outbox
from parvis.hub.notifications.mails import stop_address
from parvis.hub.notifications.models import ConfirmationRequest, Outgoing, Recipient, Subscription, ToldOnce
from parvis.hub.notifications.rules import MOST_PER_ADDRESS, MOST_PER_CALLER, UNCONFIRMED_HOURS, week_of
from parvis.hub.notifications.services import confirm, forget_unconfirmed, stop, write_weekly_mails
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db

ADDRESS = "/indicateurs/places/prevenir/"


@pytest.fixture
def open_mail(settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}


@pytest.fixture
def dataset(home, open_mail):
    return make_stands()


def ask(client, number="1000", side="dessus", email="habitante@exemple.fr", **more):
    return client.post(ADDRESS, {"email": email, "sens": side, "seuil": number}, **more)


def followed(client, **fields) -> Subscription:
    """A confirmed alert, by the ways a person takes: the form, the mail, its link, the button."""
    ask(client, **fields)
    outbox.post_due()
    link = re.search(r"https?://\S+/confirmer/", mail.outbox[-1].body)[0]
    address = "/" + link.split("/", 3)[3]
    assert client.get(address).status_code == 200
    assert Subscription.objects.get().confirmed is None
    assert "C’est confirmé" in client.post(address).content.decode()
    mail.outbox.clear()
    return Subscription.objects.get()


def change(indicator, formula):
    """A new definition, computed: the figure moves."""
    indicator.refresh_from_db()
    body = {**indicator.definition, "formula": formula}
    services.update_indicator(OPERATOR, indicator, Definition.from_dict(body), revision=indicator.revision)
    services.compute_indicator(OPERATOR, indicator)
    outbox.post_due()


def following_address(subscription) -> str:
    return f"http://127.0.0.1:8000/compte/abonnements/{subscription.key}/arreter/"


def test_what_was_asked_on_the_site_of_a_commune_is_mailed_with_its_name_and_its_addresses(client, dataset):
    commune = Territory.objects.create(kind="commune", code="77251", name="Lieusaint", folded="lieusaint")
    site = make_site(OPERATOR, commune, "lieusaint.exemple.fr", parent=main_site(), prefix="lieusaint")
    published()
    client.post("/lieusaint/indicateurs/semaine/", {"email": "elue@exemple.fr", "i": ["places"]})
    outbox.post_due()
    (sent,) = mail.outbox
    assert Subscription.objects.get().site == site
    for body in (sent.body, sent.alternatives[0].content):
        assert "« Les données de Lieusaint »" in body
        assert set(re.findall(r"http://127.0.0.1:8000/(\w+)", body)) == {"lieusaint"}
    page = re.search(r"http://127.0.0.1:8000(/lieusaint/compte/\S+confirmer/)", sent.body)[1]
    assert client.post(page).status_code == 200
    assert Subscription.objects.get().confirmed


def test_a_site_taken_away_a_moment_ago_keeps_nobody_from_asking(client, dataset):
    indicator = published()
    subscriptions.ask_alert("somebody", "a@exemple.fr", indicator, "", Bound.read("", "3"), site=987_654)
    assert Subscription.objects.get().site is None


def test_a_stranger_gets_one_mail_that_says_what_it_is_and_nothing_more_without_a_yes(
    client, dataset, django_capture_on_commit_callbacks
):
    indicator = published()
    with django_capture_on_commit_callbacks(execute=True):
        assert "Un courriel vous attend" in ask(client).content.decode()
    assert Job.objects.filter(kind="notifications.post").exists()
    outbox.post_due()
    sent = mail.outbox[0]
    assert (len(mail.outbox), sent.to) == (1, ["habitante@exemple.fr"])
    assert "« Places de vélo » passe au-dessus de 1 000 places" in sent.subject
    assert sent.alternatives[0].mimetype == "text/html"
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent.subject.startswith("Confirmez : un courriel quand « Places") and len(sent.subject) <= 95
    address = following_address(Subscription.objects.get())
    left = sent.message(policy=email.policy.SMTP).as_bytes()
    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in left, "in one piece, or no mail program follows it"
    assert len(address) > 78
    change(indicator, "places * 100")
    assert len(mail.outbox) == 1


def test_a_passing_is_told_once_and_again_only_after_coming_back(client, dataset):
    indicator = published()
    followed(client)
    assert places("2023") < 1000
    change(indicator, "places * 100")
    assert len(mail.outbox) == 1
    sent = mail.outbox[0]
    assert f"{places('2023') * 100:,}".replace(",", "\u202f") in sent.body
    assert "/valeurs/" in sent.body
    change(indicator, "places * 101")
    assert len(mail.outbox) == 1
    change(indicator, "places")
    change(indicator, "places * 102")
    assert len(mail.outbox) == 2


def test_a_figure_seen_for_the_first_time_has_passed_nothing(client, dataset):
    indicator = published()
    followed(client)
    Subscription.objects.update(mark="")
    change(indicator, "places * 100")
    assert mail.outbox == []
    change(indicator, "places")
    change(indicator, "places * 102")
    assert len(mail.outbox) == 1


def test_the_other_side_is_told_too(client, dataset):
    indicator = published()
    followed(client, number="1", side="dessous")
    change(indicator, "places / 1000")
    assert len(mail.outbox) == 1
    assert "passe au-dessous de 1" in mail.outbox[0].subject


def test_one_click_stops_and_erases_without_cookie_or_page(client, dataset):
    indicator = published()
    subscription = followed(client)
    key = subscription.key
    strict = type(client)(enforce_csrf_checks=True)
    address = "/" + stop_address(subscription).split("/", 3)[3]
    assert strict.get(address).status_code == 200
    assert Subscription.objects.exists()
    answer = strict.post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not Subscription.objects.exists()
    assert not Recipient.objects.exists()
    assert not Outgoing.objects.exists()
    change(indicator, "places * 100")
    assert mail.outbox == []
    assert not any("habitante" in str(entry.details) + entry.actor for entry in Entry.objects.all())
    assert strict.post(address).status_code == 200, "stopping twice is not an error"
    assert strict.get(f"/compte/abonnements/{key}/confirmer/").status_code == 404


def test_stopping_one_thing_keeps_the_address_for_the_others(client, dataset):
    published()
    first = followed(client)
    ask(client, number="2000")
    stop(first.key)
    assert Recipient.objects.get().subscriptions.count() == 1


def test_what_nobody_confirmed_is_erased_after_two_days(client, dataset):
    published()
    ask(client)
    subscription = Subscription.objects.get()
    late = timezone.now() - timedelta(hours=UNCONFIRMED_HOURS, minutes=1)
    Subscription.objects.update(created=late)
    assert client.get(f"/compte/abonnements/{subscription.key}/confirmer/").status_code == 404
    assert client.post(f"/compte/abonnements/{subscription.key}/confirmer/").status_code == 404
    assert forget_unconfirmed() == 1
    assert not Recipient.objects.exists()


def test_nobody_can_fill_the_mailbox_of_somebody_else(client, dataset):
    published()
    for number in range(MOST_PER_ADDRESS):
        assert ask(client, number=str(number), REMOTE_ADDR=f"203.0.113.{number}").status_code == 200
    refused = ask(client, number="99", REMOTE_ADDR="203.0.113.99")
    assert refused.status_code == 400
    assert "Trop de courriels de confirmation" in refused.content.decode()
    outbox.post_due()
    assert len(mail.outbox) == MOST_PER_ADDRESS
    assert Subscription.objects.count() == MOST_PER_ADDRESS


def test_one_caller_asks_for_few_addresses(client, dataset):
    published()
    for number in range(MOST_PER_CALLER):
        assert ask(client, email=f"a{number}@exemple.fr").status_code == 200
    assert ask(client, email="une-de-trop@exemple.fr").status_code == 400
    assert not Recipient.objects.filter(email="une-de-trop@exemple.fr").exists()
    assert not ConfirmationRequest.objects.filter(mark__contains="exemple").exists()


def test_the_answer_does_not_tell_who_follows_what(client, dataset):
    published()
    followed(client)
    again, first = ask(client), ask(client, email="autre@exemple.fr")
    assert again.content == first.content
    outbox.post_due()
    assert [sent.to for sent in mail.outbox] == [["autre@exemple.fr"]]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({"email": "rien"}, "n’est pas une adresse"), ({"number": "beaucoup"}, "n’est pas un seuil")],
)
def test_what_is_written_wrong_is_said_and_kept(client, dataset, fields, expected):
    published()
    answer = ask(client, **fields)
    assert answer.status_code == 400
    assert expected in answer.content.decode()
    assert next(iter(fields.values())) in answer.content.decode()
    assert not Recipient.objects.exists()


def test_a_failing_server_is_tried_again_later_and_nothing_is_lost(client, dataset, monkeypatch):
    published()
    ask(client)

    def refuse(*_args, **_more):
        raise smtplib.SMTPServerDisconnected("coupé")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    outbox.post_due()
    waiting = Outgoing.objects.get()
    assert (waiting.attempts, waiting.due > timezone.now()) == (1, True)
    assert Job.objects.filter(kind="notifications.post").exists()
    monkeypatch.undo()
    assert outbox.post_due() == 0
    Outgoing.objects.update(due=timezone.now())
    assert outbox.post_due() == 1
    assert not Outgoing.objects.exists()


def test_without_a_mail_server_the_page_says_so_and_what_waits_is_kept(client, dataset, settings):
    published()
    ask(client)
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": ""}
    assert outbox.post_due() == 0
    assert Outgoing.objects.count() == 1
    text = client.get(ADDRESS).content.decode()
    assert "n’envoie pas encore de courriels" in text
    assert "flux.atom" in text
    assert ask(client, number="7").status_code == 400


def test_nothing_is_told_of_data_closed_since(client, dataset):
    indicator = published()
    followed(client)
    body = Definition.from_dict({**indicator.definition, "formula": "places * 100"})
    services.update_indicator(OPERATOR, indicator, body, revision=1)
    services.compute_indicator(OPERATOR, indicator)
    dataset.access = Access.INTERNAL
    dataset.save()
    outbox.post_due()
    assert mail.outbox == []


def test_the_digest_leaves_once_a_week_after_a_yes(client, dataset):
    published(late_after=30)
    dataset.data_modified = timezone.now() - timedelta(days=400)
    dataset.save()
    client.post("/indicateurs/semaine/", {"email": "elue@exemple.fr", "i": ["places", "inconnu"]})
    monday = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())
    assert write_weekly_mails(monday) == 0, "not confirmed yet"
    confirm(Subscription.objects.get().key)
    outbox.post_due()
    mail.outbox.clear()
    assert write_weekly_mails(monday) == 1
    assert write_weekly_mails(monday + timedelta(days=2)) == 0
    outbox.post_due()
    sent = mail.outbox[0]
    assert f"{places('2023')}" in sent.body
    assert "Données non actualisées" in sent.body
    assert "Données non actualisées" in sent.alternatives[0].content
    assert "?i=places" in sent.body
    assert "List-Unsubscribe" in sent.extra_headers
    assert write_weekly_mails(monday + timedelta(days=7)) == 1


def test_a_week_has_a_name():
    assert week_of(date(2027, 1, 1)) == "2026-W53"


def test_owners_are_told_once_that_a_source_is_late(client, dataset):
    indicator = published(late_after=30)
    owner = make_member(indicator.organisation, Role.STEWARD)
    assert tell_owners() == 0
    dataset.data_modified = timezone.now() - timedelta(days=400)
    dataset.save()
    assert (tell_owners(), tell_owners()) == (1, 0)
    outbox.post_due()
    assert mail.outbox[0].to == [owner.email]
    assert "Source muette : Places de vélo" in mail.outbox[0].subject
    assert "Données non actualisées" in mail.outbox[0].body
    dataset.data_modified = timezone.now() - timedelta(days=200)
    dataset.save()
    assert tell_owners() == 1, "late again after a renewal"
    assert ToldOnce.objects.count() == 2


def test_a_missing_source_is_told_to_owners(client, dataset):
    indicator = published()
    make_member(indicator.organisation, Role.STEWARD)
    dataset.status = "draft"
    dataset.save()
    services.compute_indicator(OPERATOR, indicator)
    assert tell_owners() == 1


def test_mails_of_former_versions_still_confirm_and_stop(client, dataset):
    published()
    ask(client)
    key = Subscription.objects.get().key
    former = f"/compte/alertes/{key}"
    assert "Confirmer votre demande" in client.get(f"{former}/confirmer/").content.decode()
    assert "C’est confirmé" in client.post(f"{former}/confirmer/").content.decode()
    strict = type(client)(enforce_csrf_checks=True)
    assert "C’est arrêté" in strict.post(f"{former}/arreter/").content.decode()
    assert not Recipient.objects.exists()


def test_tiles_of_mails_have_whole_addresses(client, dataset):
    published()
    relative_tile = tile(selectors.seen(ANONYMOUS, selectors.indicators_published())[0])
    full = mails.absolute(relative_tile)
    assert full.address.startswith("http")
    assert full == replace(relative_tile, address=full.address, cite=full.cite)
    assert BODY["title"] == full.title


def test_a_private_portal_still_lets_one_stop_from_a_mail(client, dataset, settings):
    published()
    subscription = followed(client)
    settings.PARVIS = {**settings.PARVIS, "PARVIS_PRIVATE": True}
    stranger = type(client)()
    assert stranger.get(ADDRESS).status_code == 302
    assert stranger.post("/" + stop_address(subscription).split("/", 3)[3]).status_code == 200
    assert not Recipient.objects.exists()
