"""A live feed that goes silent is told within minutes, once; and when it is heard again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.core.errors import Forbidden
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.notifications.outbox import post_due
from parvis.hub.quality.feeds import BadFeedMinutes, heard, look_at_feeds, watch_feed
from parvis.hub.quality.models import Feed

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def owner(settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25", "PARVIS_NOTICE_MAILS": True}
    return make_member(make_organisation("Ville"), Role.STEWARD, email="responsable@ville.example")


@pytest.fixture
def dataset(owner, now):
    dataset = make_dataset(owner.memberships.get().organisation, title="Compteurs de vélos")
    dataset.data_modified = now
    dataset.save()
    watch_feed(actor_of(owner), dataset, 15)
    return dataset


def subjects() -> list[str]:
    post_due()
    seen = [letter.subject for letter in mail.outbox]
    mail.outbox.clear()
    return seen


def test_a_silence_is_told_once_in_minutes_and_so_is_its_end(dataset, now):
    begun = now - timedelta(days=1)

    def look(minutes: float) -> list[str]:
        look_at_feeds(now + timedelta(minutes=minutes), begun)
        return subjects()

    assert look(14) == []
    assert look(16) == ["Flux silencieux : Compteurs de vélos"]
    assert look(17) == look(600) == []
    heard(dataset, now + timedelta(minutes=601))
    assert look(602) == ["Flux de retour : Compteurs de vélos"]
    assert look(603) == []


def test_a_feed_that_comes_and_goes_fills_no_mailbox(dataset, now):
    begun, written = now - timedelta(days=1), []
    for minute in range(0, 300, 20):
        look_at_feeds(now + timedelta(minutes=minute + 16), begun)
        written += subjects()
        heard(dataset, now + timedelta(minutes=minute + 17))
        look_at_feeds(now + timedelta(minutes=minute + 18), begun)
        written += subjects()
    assert written == ["Flux silencieux : Compteurs de vélos", "Flux de retour : Compteurs de vélos"]


def test_a_portal_that_was_stopped_accuses_no_feed(dataset, now):
    later = now + timedelta(hours=5)
    assert look_at_feeds(later, later - timedelta(minutes=1)) == 0
    assert look_at_feeds(later + timedelta(minutes=16), later) == 1


def test_who_edits_watches_and_nobody_else(dataset, owner):
    client = Client()
    client.force_login(owner)
    page = client.get(reverse("feeds_admin:feeds")).content.decode()
    assert "Compteurs de vélos" in page
    answer = client.post(reverse("feeds_admin:feeds"), {"dataset": dataset.pk, "minutes": 30})
    assert (answer.status_code, Feed.objects.get().minutes) == (302, 30)
    stranger = Client()
    stranger.force_login(make_member(make_organisation(), Role.ADMINISTRATOR))
    assert stranger.post(reverse("feeds_admin:feeds"), {"laisser": dataset.dataset_id}).status_code == 404
    with pytest.raises(Forbidden):
        watch_feed(ANONYMOUS, dataset, 30)
    with pytest.raises(BadFeedMinutes):
        watch_feed(actor_of(owner), dataset, 1)
    client.post(reverse("feeds_admin:feeds"), {"laisser": dataset.dataset_id})
    assert not Feed.objects.exists()
