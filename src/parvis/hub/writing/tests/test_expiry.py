"""Owners of keys are told before they end, each time once, and when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.apikeys.models import ApiKey
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import revoke_key
from parvis.hub.notifications.outbox import post_due
from parvis.hub.writing.expiry import warn_owners
from parvis.hub.writing.tests.conftest import in_days, key_for

pytestmark = pytest.mark.django_db


def test_each_warning_is_written_once_until_the_end(steward, town, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://exemple.fr"}
    key, secret = key_for(steward, Scope.WRITE, town, expires=in_days(90))
    start = timezone.now()
    written = {day: warn_owners(start + timedelta(days=day)) for day in range(100)}
    assert [day for day, count in written.items() if count] == [60, 83, 89, 90]
    ApiKey.objects.filter(pk=key.pk).update(expires=timezone.now() + timedelta(days=7))
    post_due()
    assert {letter.to[0] for letter in mail.outbox} == {steward.email}
    assert "dans 7 jours" in mail.outbox[0].subject and key.name in mail.outbox[0].body
    assert secret not in mail.outbox[0].body


def test_a_key_revoked_or_made_for_a_few_days_is_told_of_when_it_is_time_alone(steward, town):
    revoked, _secret = key_for(steward, Scope.WRITE, town, expires=in_days(5))
    revoke_key(OPERATOR, revoked)
    key_for(steward, Scope.WRITE, town, expires=in_days(5))
    assert warn_owners() == 0
    assert warn_owners(in_days(4) + timedelta(hours=1)) == 1
    assert warn_owners(in_days(40)) == 0
