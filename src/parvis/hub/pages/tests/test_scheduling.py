"""A page appears and disappears at the moment its editor chose, without anybody's hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.hub.jobs.daily import ask_for_due
from parvis.hub.pages.factories import make_theme_page
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.scheduling import SCHEDULED, change_what_is_due, next_moment

pytestmark = pytest.mark.django_db


def asked() -> int:
    return sum(job.kind == SCHEDULED for job in ask_for_due())


def test_a_page_appears_then_disappears_at_its_moments_and_each_is_asked_for_once(monkeypatch):
    start = timezone.now()

    def after(hours: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: start + timedelta(hours=hours))

    page = make_theme_page(publish=False)
    page.go_live_at, page.expire_at = start + timedelta(hours=1), start + timedelta(hours=3)
    page.save_revision().publish()
    assert not ThemePage.objects.get().live
    assert asked() == 0
    after(hours=2)
    assert (asked(), asked()) == (1, 0)
    change_what_is_due(None, "")
    assert ThemePage.objects.get().live
    assert asked() == 0
    after(hours=4)
    assert asked() == 1
    change_what_is_due(None, "")
    assert not ThemePage.objects.get().live
    assert next_moment() is None
