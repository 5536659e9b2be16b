"""Following a dataset: a mail when it has a new version, a feed, nothing once it is closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_version
from parvis.hub.catalogue.signals import dataset_published
from parvis.hub.charts.factories import make_stands
from parvis.hub.notifications.models import Outgoing, Recipient, Subscription
from parvis.hub.notifications.outbox import post_due
from parvis.hub.notifications.services import confirm, stop

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(home, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}
    return make_stands()


def follow(dataset) -> Subscription:
    answer = Client().post(f"/explore/dataset/{dataset.dataset_id}/suivre/", {"email": "camille@example.org"})
    assert "Un courriel vous attend" in answer.content.decode()
    subscription = Subscription.objects.get()
    confirm(subscription.key)
    post_due()
    mail.outbox.clear()
    return subscription


def publish(dataset) -> None:
    dataset_published.send(type(dataset), dataset=dataset, version=dataset.current, actor=OPERATOR)
    post_due()


def test_a_version_is_told_once_to_who_follows_with_a_way_to_stop(dataset):
    subscription = follow(dataset)
    publish(dataset)
    assert len(mail.outbox) == 1
    assert "Nouvelle version" in mail.outbox[0].subject and "/arreter/" in mail.outbox[0].body
    stop(subscription.key)
    publish(dataset)
    assert len(mail.outbox) == 1 and not Recipient.objects.exists()


def test_nothing_is_told_of_what_is_closed_or_replaced_meanwhile(dataset):
    follow(dataset)
    former = dataset.current
    dataset.current = make_version(dataset)
    dataset.save()
    dataset_published.send(type(dataset), dataset=dataset, version=former, actor=OPERATOR)
    dataset.access = "internal"
    dataset.save()
    publish(dataset)
    assert mail.outbox == []


def test_many_versions_in_a_day_make_two_mails_the_last_of_which_tells_the_latest(dataset):
    follow(dataset)
    publish(dataset)
    for comment in ("corrigée", "corrigée encore", "la dernière"):
        dataset.current = make_version(dataset, comment=comment, published=timezone.now())
        dataset.save()
        publish(dataset)
    assert len(mail.outbox) == 1
    assert Outgoing.objects.get().due > timezone.now() + timedelta(hours=23)
    Outgoing.objects.update(due=timezone.now())
    post_due()
    assert len(mail.outbox) == 2 and "la dernière" in mail.outbox[1].body
    dataset.versions.update(published=timezone.now() - timedelta(days=2))
    publish(dataset)
    assert len(mail.outbox) == 3 and not Outgoing.objects.exists()


def test_nobody_follows_by_mail_what_is_not_open_to_all(dataset):
    dataset.access = "internal"
    dataset.save()
    answer = Client().post(f"/explore/dataset/{dataset.dataset_id}/suivre/", {"email": "camille@example.org"})
    assert answer.status_code == 404 and not Subscription.objects.exists()


def test_a_wrong_address_is_given_back_with_what_is_wrong(dataset):
    answer = Client().post(f"/explore/dataset/{dataset.dataset_id}/suivre/", {"email": "camille"})
    assert answer.status_code == 422
    assert "n’est pas une adresse" in answer.content.decode() and 'value="camille"' in answer.content.decode()


def test_the_feed_has_versions_and_is_linked_from_the_card(dataset):
    card = Client().get(f"/explore/dataset/{dataset.dataset_id}/information/").content.decode()
    assert f"/explore/dataset/{dataset.dataset_id}/suivre/flux.atom" in card
    feed = Client().get(f"/explore/dataset/{dataset.dataset_id}/suivre/flux.atom")
    assert feed["Content-Type"].startswith("application/atom+xml") and dataset.current.original in feed.content.decode()


def test_following_goes_with_the_dataset(dataset):
    follow(dataset)
    dataset.current = None
    dataset.save()
    dataset.delete()
    assert not Subscription.objects.exists() and not Recipient.objects.exists()
