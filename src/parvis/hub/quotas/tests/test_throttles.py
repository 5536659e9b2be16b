"""What allauth counts stays until it expires, whatever strangers make the server write."""

from __future__ import annotations

import pytest
from django.core.cache import cache, caches

from parvis.hub.quotas.models import Throttle

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(monkeypatch):
    """A cache of ten entries."""
    monkeypatch.setattr(caches["default"], "_max_entries", 10)


def test_it_is_a_table_made_by_the_migrations():
    assert cache.add("failures", [1.0], 60)
    assert not cache.add("failures", [2.0], 60)
    assert Throttle.objects.count() == 1


def test_entries_that_expired_make_room(small):
    for rank in range(12):
        cache.set(f"old-{rank}", rank, -5)
    cache.set("of-use", True, 300)
    assert cache.get("of-use") and Throttle.objects.count() <= 2


def test_entries_of_use_outlive_those_that_end_before_them(small):
    cache.set("failures-of-an-account", [1.0, 2.0], 300)
    for rank in range(40):
        cache.set(f"stranger-{rank}", [1.0], 60)
    assert cache.get("failures-of-an-account") == [1.0, 2.0]
    assert Throttle.objects.count() <= 11
