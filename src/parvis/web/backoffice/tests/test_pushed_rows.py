"""The tab of pushed rows: open a dataset to programs, see what came, undo it, come back to a moment."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.rowlog.selectors import stream_of
from parvis.hub.rowlog.services.laying import Layer
from parvis.hub.rowlog.services.pushing import Sending, push
from parvis.hub.rowlog.tests.conftest import COUNTERS, publish_table

pytestmark = pytest.mark.django_db

CHOICES = {"key": ["code"], "fold_minutes": "30", "history_days": "7", "most_days": "", "day_column": ""}


@pytest.fixture
def screen(town, home, monkeypatch) -> str:
    monkeypatch.setattr(Layer, "wake", lambda self, dataset_id: None)
    publish_table(town.organisation, "boucles", COUNTERS)
    return reverse("backoffice:dataset_rows", args=["boucles"])


def test_who_publishes_opens_the_rows_sees_the_batches_and_undoes_one(town, screen):
    client = client_of(town.steward)
    wrong = client.post(screen, {**CHOICES, "key": ["jour"]})
    assert (wrong.status_code, "plusieurs lignes ont la même clé" in wrong.content.decode()) == (422, True)
    assert client.post(screen, CHOICES).status_code == 302
    stream = stream_of(town.organisation.datasets.get())
    assert (stream.key, stream.fold_minutes, stream.is_open) == (["code"], 30, True)
    body = json.dumps([{"code": "A", "passages": 1}, {"code": "B", "passages": "?"}]).encode()
    push(actor_of(town.steward), stream.dataset, body, "application/json", Sending("essai", token="lot du matin"))
    page = client.get(screen).content.decode()
    assert "lot du matin" in page
    assert "/rows/batches/1/refused?format=csv" in page
    assert client.post(screen, {"annuler": "1"}).status_code == 302
    page = client.get(screen).content.decode()
    assert "annule le lot 1" in page
    assert client.post(screen, {"revenir": "1", "instant": "2020-01-01T00:00"}).status_code == 302
    assert client.post(screen, {"fermer": "1"}).status_code == 302
    assert not stream_of(stream.dataset).is_open


def test_who_only_contributes_reads_the_tab_and_changes_nothing(town, screen):
    client = client_of(town.contributor)
    assert "Recevoir les lignes poussées" not in client.get(screen).content.decode()
    client.post(screen, CHOICES)
    assert stream_of(town.organisation.datasets.get()) is None
