"""Subscribing to whatever a module declares: a yes first, one stop for all, addresses that leave no trace."""

from __future__ import annotations

import re
import smtplib
from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from parvis.hub import registry
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import run_here
from parvis.hub.notifications import outbox, services
from parvis.hub.notifications.kinds import POST, WATCH
from parvis.hub.notifications.models import ConfirmationRequest, Outgoing, Recipient, Subscription
from parvis.hub.notifications.outbox import post_due, write_to_person, write_to_subscriber
from parvis.hub.notifications.rules import (
    MOST_FOLLOWED,
    MOST_IN_ALL,
    MailClosed,
    Message,
    NoticeKind,
    TooManyConfirmations,
    TooManyFollowed,
)
from parvis.hub.registry import Module
from parvis.hub.sites.models import SiteFace
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db
ADDRESS = "habitante@exemple.fr"
MONDAY = date(2027, 1, 4)


@pytest.fixture
def content():
    """What the mails of the module say; None: nothing any more."""
    return {"title": "Conseil du 12 janvier"}


@pytest.fixture(autouse=True)
def module(settings, content, tmp_path, monkeypatch):
    """A subject that has two kinds of mails, with a template of its own."""
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}
    folder = tmp_path / "council"
    folder.mkdir()
    (folder / "agenda.txt").write_text("{{ title }} {{ stop }}{{ choices }}", encoding="utf-8")
    page = '{% extends "notifications/mails/frame.html" %}{% block words %}<p>{{ title }}</p>{% endblock %}'
    (folder / "agenda.html").write_text(page, encoding="utf-8")
    templates = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0].get("DIRS", ())]}]
    settings.TEMPLATES = [*templates, *settings.TEMPLATES[1:]]

    def message(_mail):
        return Message(f"À l’ordre du jour : {content['title']}", dict(content)) if content else None

    def wish(subscription):
        return f"l’ordre du jour de « {subscription.target} »"

    kinds = (
        NoticeKind(slug="agenda", message=message, template="council/agenda", wish=wish),
        NoticeKind(slug="agenda-week", message=message, template="council/agenda", wish=wish, weekly=True),
    )
    monkeypatch.setitem(registry.MODULES, "council", Module(slug="council", notices=kinds))


def subscribe(kind="agenda", target="lisses", **more) -> Subscription:
    return services.subscribe("somebody", more.pop("email", ADDRESS), kind, target, **more)


def confirmed(**request) -> Subscription:
    subscription = services.confirm(subscribe(**request).key)
    post_due()
    mail.outbox.clear()
    return subscription


def test_the_confirmation_says_what_was_asked_in_the_words_of_the_subject():
    subscription = subscribe()
    assert post_due() == 1
    (sent,) = mail.outbox
    assert sent.subject == "Confirmez : l’ordre du jour de « lisses »"
    assert f"/compte/abonnements/{subscription.key}/confirmer/" in sent.body
    assert f"/compte/abonnements/{subscription.key}/arreter/" in sent.alternatives[0].content


def test_the_pages_confirm_and_stop_whatever_the_subject(client):
    key = subscribe().key
    page = f"/compte/abonnements/{key}/confirmer/"
    assert "l’ordre du jour de « lisses »" in client.get(page).content.decode()
    assert not Subscription.objects.get().confirmed, "mailboxes open links by themselves"
    assert "C’est confirmé" in client.post(page).content.decode()
    strict = type(client)(enforce_csrf_checks=True)
    answer = strict.post(f"/compte/abonnements/{key}/arreter/", {"List-Unsubscribe": "One-Click"})
    assert "C’est arrêté" in answer.content.decode()
    assert answer["Referrer-Policy"] == "same-origin"
    assert not Recipient.objects.exists()
    assert strict.post(f"/compte/abonnements/{key}/arreter/").status_code == 200


def test_a_mail_to_a_subscriber_is_stopped_by_one_click_and_one_to_a_person_is_chosen():
    write_to_subscriber(confirmed(), "agenda")
    write_to_person(make_member(make_organisation("Lisses"), Role.READER), "agenda")
    assert post_due() == 2
    to_subscriber, to_person = mail.outbox
    assert to_subscriber.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/arreter/>" in to_subscriber.extra_headers["List-Unsubscribe"]
    assert to_person.extra_headers["List-Unsubscribe"].endswith("/admin/avis/>")
    assert "List-Unsubscribe-Post" not in to_person.extra_headers


def test_html_wears_the_colours_the_name_and_the_addresses_of_the_site_and_fetches_nothing():
    commune = Territory.objects.create(kind="commune", code="77251", name="Lieusaint", folded="lieusaint")
    site = make_site(OPERATOR, commune, "lieusaint.exemple.fr", parent=main_site(), prefix="lieusaint")
    SiteFace.objects.filter(site=site).update(accent="#7a1f5c")
    write_to_subscriber(confirmed(site=site.pk), "agenda")
    post_due()
    html = mail.outbox[0].alternatives[0].content
    assert re.search(r"\ba \{\s*color: #7a1f5c", html)
    assert '<a href="http://127.0.0.1:8000/lieusaint/">Les données de Lieusaint</a>' in html
    assert not re.search(r"<img|<link|<script|url\(|@import|src=", html)
    dark = re.search(r"a\.button \{\s*background: (#\w{6});\s*color: #10141a", html)[1]
    assert dark != "#7a1f5c", "dark purple is not read on a dark sheet"


def test_nothing_leaves_when_there_is_nothing_to_say_any_more(content):
    write_to_subscriber(confirmed(), "agenda")
    content.clear()
    post_due()
    assert mail.outbox == []
    assert not Outgoing.objects.exists()


def test_nothing_leaves_for_who_did_not_confirm_but_the_mail_to_confirm():
    write_to_subscriber(subscribe(), "agenda")
    post_due()
    assert [sent.subject for sent in mail.outbox] == ["Confirmez : l’ordre du jour de « lisses »"]
    assert not Outgoing.objects.exists()


def test_nothing_leaves_about_a_row_that_is_gone_and_its_subject_is_not_asked(monkeypatch, client):
    organisation = make_organisation("Lisses")
    kind = NoticeKind(
        slug="town",
        message=lambda _mail: Message("Du nouveau à Lisses", {"title": organisation.name}),
        template="council/agenda",
        wish=lambda subscription: f"les nouvelles de {type(organisation).objects.get(pk=subscription.target)}",
        about=type(organisation),
    )
    monkeypatch.setitem(registry.MODULES, "towns", Module(slug="towns", notices=(kind,)))
    subscription = confirmed(kind="town", target=str(organisation.pk))
    stop = f"/compte/abonnements/{subscription.key}/arreter/"
    assert "les nouvelles de Lisses" in client.get(stop).content.decode()
    for _ in range(2):
        write_to_subscriber(subscription, "town")
        post_due()
        type(organisation).objects.filter(pk=organisation.pk).delete()
    assert [sent.subject for sent in mail.outbox] == ["Du nouveau à Lisses"]
    assert not Outgoing.objects.exists()
    assert "un courriel" in client.get(stop).content.decode()


def test_mails_of_a_subject_that_is_not_installed_any_more_are_dropped(monkeypatch, client):
    subscription = confirmed()
    write_to_subscriber(subscription, "agenda")
    monkeypatch.delitem(registry.MODULES, "council")
    post_due()
    assert mail.outbox == []
    stopped = client.post(f"/compte/abonnements/{subscription.key}/arreter/")
    assert stopped.status_code == 200
    assert not Recipient.objects.exists()


def test_a_subject_that_fails_keeps_no_mail_of_another(content, caplog):
    content["title"] = None
    registry.MODULES["broken"] = Module(
        slug="broken", notices=(NoticeKind(slug="broken", message=lambda _mail: 1 / 0, template="no"),)
    )
    try:
        write_to_subscriber(confirmed(), "broken")
        write_to_subscriber(Subscription.objects.get(), "agenda")
        assert post_due() == 1
    finally:
        del registry.MODULES["broken"]
    assert Outgoing.objects.get().attempts == 1
    assert "cannot be written" in caplog.text


def test_the_same_request_is_one_and_another_is_another():
    first = subscribe(details={"theme": "eau"})
    assert subscribe(details={"theme": "eau"}) == first
    assert subscribe(details={"theme": "air"}) != first
    assert Recipient.objects.count() == 1
    assert Outgoing.objects.count() == 2


def test_an_address_follows_so_many_things_and_no_more():
    recipient = confirmed().recipient
    for number in range(MOST_FOLLOWED - 1):
        Subscription.objects.create(recipient=recipient, kind="agenda", target=str(number))
    with pytest.raises(TooManyFollowed):
        subscribe(target="one too many")


def test_the_portal_is_no_mail_gun():
    now = timezone.now()
    ConfirmationRequest.objects.bulk_create(
        ConfirmationRequest(mark=str(number), at=now) for number in range(2 * MOST_IN_ALL)
    )
    with pytest.raises(TooManyConfirmations):
        subscribe()
    assert not Recipient.objects.exists()


def test_without_a_mail_server_nothing_is_promised(settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": ""}
    with pytest.raises(MailClosed):
        subscribe()


def test_what_is_gone_takes_its_followers_with_it():
    confirmed()
    confirmed(target="evry", email="autre@exemple.fr")
    services.stop_all("agenda", "lisses")
    assert [row.recipient.email for row in Subscription.objects.all()] == ["autre@exemple.fr"]
    assert Recipient.objects.count() == 1


def test_weekly_mails_leave_once_a_week_to_who_said_yes_before_its_monday():
    subscription = confirmed(kind="agenda-week")
    subscribe(kind="agenda-week", target="not confirmed")
    confirmed(target="not weekly")
    Outgoing.objects.all().delete()
    Subscription.objects.filter(pk=subscription.pk).update(confirmed=timezone.now() - timedelta(days=3650))
    assert services.write_weekly_mails(MONDAY) == 1
    assert services.write_weekly_mails(MONDAY + timedelta(days=6)) == 0
    assert services.write_weekly_mails(MONDAY + timedelta(days=7)) == 1


def test_only_one_of_two_workers_moves_a_mark():
    subscription = confirmed()
    same = Subscription.objects.get()
    assert services.move_mark(subscription, "beyond")
    assert not services.move_mark(same, "beyond"), "it read the row before the other wrote"


def test_a_person_is_told_once_of_each_thing():
    person = make_member(make_organisation("Lisses"), Role.READER)
    first_times = [services.is_first_time(person, "late", "7", mark) for mark in ("monday", "monday", "tuesday")]
    assert first_times == [True, False, True]


def test_a_server_that_fails_is_tried_for_three_days_and_then_given_up(monkeypatch):
    write_to_subscriber(confirmed(), "agenda")

    def refuse(*_args, **_more):
        raise smtplib.SMTPServerDisconnected("coupé")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    waits = []
    while Outgoing.objects.exists():
        Outgoing.objects.update(due=timezone.now())
        post_due()
        waits += [row.due - timezone.now() for row in Outgoing.objects.all()]
    assert [round(wait.total_seconds() / 60) for wait in waits] == list(outbox.WAITS)
    assert timedelta(days=2) < sum(waits, timedelta()) < timedelta(days=4)


def test_however_many_mails_one_job_sends_them(django_capture_on_commit_callbacks, monkeypatch):
    subscription = confirmed()
    Job.objects.all().delete()
    moment = timezone.now()
    monkeypatch.setattr("parvis.hub.notifications.outbox.timezone.now", lambda: moment)
    with django_capture_on_commit_callbacks(execute=True):
        for _mail in range(20):
            write_to_subscriber(subscription, "agenda")
    assert Job.objects.filter(kind=POST).count() == 1


def test_the_job_of_the_day_erases_writes_and_sends():
    late = subscribe(email="jamais@exemple.fr")
    Subscription.objects.filter(pk=late.pk).update(created=timezone.now() - timedelta(days=3))
    subscription = confirmed(kind="agenda-week")
    Subscription.objects.filter(pk=subscription.pk).update(confirmed=timezone.now() - timedelta(days=30))
    ConfirmationRequest.objects.update(at=timezone.now() - timedelta(days=3))
    for _twice in range(2):
        run_here(OPERATOR, WATCH, day=timezone.localdate().isoformat())
    assert [sent.to for sent in mail.outbox] == [[ADDRESS]]
    assert list(Recipient.objects.values_list("email", flat=True)) == [ADDRESS]
    assert not ConfirmationRequest.objects.exists()
