"""A town whose datasets are online, and a udata of this machine."""

from __future__ import annotations

import functools
import io

import pytest

from parvis.core.fetching import send
from parvis.core.progress import no_progress
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore import services
from parvis.hub.republication import rules, udata
from parvis.hub.republication.factories import make_portal
from parvis.hub.republication.models import Copy
from parvis.hub.republication.sending import send_portal
from parvis.hub.republication.tests.udata_server import API_KEY, SLUG, running
from parvis.hub.territories.models import Territory

GRANTS = "nomAttribuant;montant;dateConvention\nÉvry;1200;2025-03-01\nÉvry;40;2026-02-11\n"
CARD = {
    "title": "Subventions aux associations",
    "description": "<p>Les subventions <strong>versées</strong> par la ville.</p>",
    "licence": "odbl",
    "frequency": "biannual",
    "themes": ["administration"],
    "keywords": ["subventions", "vie associative", "ça", "subventions"],
    "contact_name": "Service des associations",
    "contact_email": "associations@evry.example",
    "temporal_start": "2025-01-01",
    "temporal_end": "2026-12-31",
    "territories": ["commune:91228"],
}


@pytest.fixture
def there(monkeypatch):
    """A udata of this machine."""
    monkeypatch.setattr(rules, "PAUSE", 0)
    monkeypatch.setattr(udata, "send", functools.partial(send, allowed=lambda _address, _port: True))
    with running() as server:
        yield server


@pytest.fixture
def organisation(db, home):
    territory, _made = Territory.objects.get_or_create(kind="commune", code="91228", defaults={"name": "Évry"})
    return make_organisation("Évry-Courcouronnes", territory=territory)


@pytest.fixture
def publish(organisation):
    """``publish(dataset_id, **card)``: a dataset of the town, put online with its file."""

    def put(dataset_id: str = "subventions", text: str = GRANTS, **card) -> Dataset:
        dataset = Dataset.objects.filter(dataset_id=dataset_id).first() or create_dataset(
            OPERATOR, organisation, dataset_id, {**CARD, **card}
        )
        body = text.encode()
        deposit = services.open_deposit(OPERATOR, f"{dataset_id}.csv", len(body))
        services.append(OPERATOR, deposit, 0, io.BytesIO(body))
        started = services.start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=True)
        services.run_import_here(OPERATOR, started)
        dataset.refresh_from_db()
        return dataset

    return put


@pytest.fixture
def portal(organisation, there):
    """Where the town has all its datasets appear."""
    return make_portal(organisation, there.url, API_KEY, SLUG, scope=rules.Scope.ALL)


@pytest.fixture
def sent(portal):
    """``sent(**options)``: a sending; the portal as it then is."""

    def run(**options):
        send_portal(portal.pk, no_progress, **{"pressed": True, **options})
        portal.refresh_from_db()
        return portal

    return run


@pytest.fixture
def copy_of(portal):
    """``copy_of(dataset)``: what is known of it there."""
    return lambda dataset: Copy.objects.get(portal=portal, source=dataset)
