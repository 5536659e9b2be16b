"""Datasets that need somebody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.hub.catalogue.attention import DAYS_BETWEEN, incomplete, is_late, late
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status


@pytest.mark.django_db
@pytest.mark.parametrize(("frequency", "days"), [*DAYS_BETWEEN.items(), ("never", 0), ("unknown", 0)])
def test_late_in_memory_and_in_the_database_agree(frequency, days):
    now = timezone.now()
    for age in (days - 1, days + 1, 5000):
        dataset = make_dataset(frequency=frequency)
        Dataset.objects.filter(pk=dataset.pk).update(data_modified=now - timedelta(days=age))
        dataset.refresh_from_db()
        is_matched = Dataset.objects.filter(late(now), pk=dataset.pk).exists()
        assert is_matched is is_late(frequency, dataset.data_modified, now)
        assert is_matched is (bool(days) and age > days)


@pytest.mark.django_db
def test_a_draft_is_never_late_and_a_deleted_card_never_incomplete():
    old = timezone.now() - timedelta(days=5000)
    draft = make_dataset(frequency="daily", status=Status.DRAFT)
    Dataset.objects.filter(pk=draft.pk).update(data_modified=old)
    deleted = make_dataset(status=Status.DELETED)
    assert not Dataset.objects.filter(late(timezone.now())).exists()
    assert not Dataset.objects.filter(incomplete(), pk=deleted.pk).exists()
    assert Dataset.objects.filter(incomplete(), pk=draft.pk).exists()
