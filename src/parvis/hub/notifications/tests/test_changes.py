"""What those who use a dataset hear besides new versions: columns, licence, withdrawal, silence; by mail, feed and webhook."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version as make_folder
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_version
from parvis.hub.catalogue.services import publish, unpublish, update_card
from parvis.hub.charts.factories import make_stands
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.notifications.changes import fell_silent, heard_again
from parvis.hub.notifications.datasets import dataset_published
from parvis.hub.notifications.models import Change, Delivery, Outgoing, Subscription
from parvis.hub.notifications.outbox import post_due
from parvis.hub.notifications.services import confirm, write_weekly_mails
from parvis.hub.notifications.webhook_rules import WISHED
from parvis.hub.notifications.webhooks import create_webhook

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(home, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25", "PARVIS_NOTICE_MAILS": True}
    stands = make_stands()
    events = [event for event, _words in WISHED]
    create_webhook(OPERATOR, stands.organisation, name="x", url="https://x.example/", events=events)
    return stands


def follow(dataset, rhythm: str = "aussitot") -> Subscription:
    form = {"email": "camille@example.org", "rythme": rhythm}
    answer = Client().post(f"/explore/dataset/{dataset.dataset_id}/suivre/", form)
    assert "Un courriel vous attend" in answer.content.decode()
    subscription = Subscription.objects.get()
    confirm(subscription.key)
    post_due()
    mail.outbox.clear()
    return subscription


def put_online(dataset, *columns: Column, django_capture_on_commit_callbacks) -> None:
    """A version with other columns, published as any."""
    version = make_version(dataset, published=None)
    make_folder(versions_folder(dataset.uid) / version.name, columns, [[None] * len(columns)])
    with django_capture_on_commit_callbacks(execute=True):
        publish(OPERATOR, dataset, version)


def letters(*, later: bool = False) -> list:
    if later:
        Outgoing.objects.update(due=timezone.now())
    post_due()
    sent = list(mail.outbox)
    mail.outbox.clear()
    return sent


def announced(event: str) -> list[dict]:
    return [json.loads(row.body)["data"] for row in Delivery.objects.filter(event=event)]


def test_columns_that_change_are_told_at_once_and_named(dataset, django_capture_on_commit_callbacks):
    follow(dataset)
    shape = [Column("commune", "Commune", ColumnType.INT), Column("place", "Nombre de places", ColumnType.INT)]
    put_online(dataset, *shape, django_capture_on_commit_callbacks=django_capture_on_commit_callbacks)
    [letter] = letters()
    assert letter.subject == "Colonnes changées : Arceaux à vélos"
    for words in ("Colonnes disparues :", "(maintenant Nombre de places)", "Colonne d’un autre type : Commune."):
        assert words in letter.body, letter.body
        assert words in letter.alternatives[0].content
    [event] = announced("dataset.columns_changed")
    assert event["renamed"] == [{"before": "places", "after": "place"}]
    assert event["retyped"] == [{"name": "commune", "before": "text", "after": "int"}]
    assert event["gone"]
    put_online(dataset, *shape, django_capture_on_commit_callbacks=django_capture_on_commit_callbacks)
    assert len(announced("dataset.columns_changed")) == 1, "the same columns again are no change"
    assert letters() == [], "and their version waits for the end of the day"
    more = [*shape, Column("note", "Note", ColumnType.TEXT)]
    put_online(dataset, *more, django_capture_on_commit_callbacks=django_capture_on_commit_callbacks)
    assert letters() == [], "a column that came breaks nothing"
    assert announced("dataset.columns_changed")[0]["added"] == ["note"]
    feed = Client().get(f"/explore/dataset/{dataset.dataset_id}/suivre/flux.atom").content.decode()
    assert "Colonne ajoutée : Note." in feed
    assert "Colonnes disparues :" in feed


def test_a_licence_is_told_after_half_an_hour_unless_it_was_a_mistake(dataset):
    follow(dataset)
    update_card(OPERATOR, dataset, {"licence": "odbl"})
    assert letters() == []
    [letter] = letters(later=True)
    assert "Sa licence était « Licence Ouverte 2.0 (Etalab) » ; c’est maintenant « " in letter.body
    assert [(row["before"], row["after"]) for row in announced("dataset.licence_changed")] == [("lov2", "odbl")]
    update_card(OPERATOR, dataset, {"licence": "lov2"})
    update_card(OPERATOR, dataset, {"licence": "odbl"})
    update_card(OPERATOR, dataset, {"description": "Autre chose que la licence, qui n’a rien à voir avec elle."})
    subjects = [letter.subject for letter in letters(later=True)]
    assert subjects == ["Licence changée : Arceaux à vélos"], "the one that was undone is not told"


def test_a_withdrawal_is_told_unless_it_is_undone(dataset):
    follow(dataset)
    unpublish(OPERATOR, dataset)
    publish(OPERATOR, dataset)
    assert letters(later=True) == []
    unpublish(OPERATOR, dataset)
    [letter] = letters(later=True)
    assert letter.subject == "Jeu de données retiré : Arceaux à vélos"
    assert "/explore/dataset/" not in letter.body


def test_nobody_is_told_of_what_only_some_may_read(dataset):
    follow(dataset)
    dataset.access = "internal"
    dataset.save()
    update_card(OPERATOR, dataset, {"licence": "odbl"})
    unpublish(OPERATOR, dataset)
    assert not Outgoing.objects.exists()


def test_a_silence_and_its_end_are_told_once(dataset):
    follow(dataset)
    since = timezone.now() - timedelta(hours=1)
    for _twice in range(2):
        fell_silent(dataset, since)
        heard_again(dataset, since, timezone.now())
    assert [letter.subject for letter in letters()] == [
        "Plus de mise à jour : Arceaux à vélos",
        "Flux de nouveau reçu : Arceaux à vélos",
    ]
    assert len(announced("dataset.silent")) == len(announced("dataset.heard")) == 1


def test_once_a_week_everything_that_is_new_is_one_mail_and_nothing_new_is_none(dataset):
    subscription = follow(dataset, "semaine")
    dataset_published(dataset, dataset.current)
    update_card(OPERATOR, dataset, {"licence": "odbl"})
    assert letters(later=True) == []
    monday = date(2030, 1, 7)
    write_weekly_mails(monday)
    write_weekly_mails(monday + timedelta(days=1))
    [letter] = letters()
    assert letter.subject == "La semaine de « Arceaux à vélos »"
    assert "Licence changée" in letter.body
    assert "Nouvelle version" in letter.body
    assert f"/compte/abonnements/{subscription.key}/arreter/" in letter.body
    Change.objects.update(moment=timezone.now() - timedelta(days=8))
    dataset.versions.update(created=timezone.now() - timedelta(days=8))
    write_weekly_mails(monday + timedelta(days=7))
    assert letters() == []
