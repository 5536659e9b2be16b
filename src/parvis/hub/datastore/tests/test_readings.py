"""What modules read by name: told when it is missing, and on the page of what is read."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.services import rename_dataset, unpublish
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.datastore.readings import missing_readings, records_reading
from parvis.hub.publications.declaration import Publication
from parvis.hub.records.rules import Status
from parvis.hub.records.services import archive, withdraw
from parvis.hub.registry import MODULES, Layer, Module, Reading

pytestmark = pytest.mark.django_db


def missing() -> dict[str, tuple[str, ...]]:
    return {row.dataset_id: row.columns for row in missing_readings()}


@pytest.fixture
def dataset(home):
    return make_stands()


def test_a_dataset_that_was_withdrawn_is_missed_with_what_reads_it(dataset):
    chart = make_chart(dataset)
    assert missing() == {}
    unpublish(OPERATOR, dataset)
    (row,) = missing_readings()
    assert (row.dataset_id, row.records) == ("arceaux", (chart,))
    withdraw(OPERATOR, chart)
    archive(OPERATOR, chart)
    assert missing() == {}


def test_a_module_misses_columns_that_its_dataset_has_not(dataset, monkeypatch):
    module = Module(slug="essai", reads=lambda: [Reading("arceaux", ("places", "absente")), Reading("nulle-part")])
    monkeypatch.setitem(MODULES, "essai", module)
    assert missing() == {"arceaux": ("absente",), "nulle-part": ()}


def test_a_layer_is_missed_once_its_dataset_was_there(dataset, monkeypatch):
    own = Publication(dataset_id="essai", card={}, columns=(), rows=lambda day: [])
    module = Module(slug="essai", publishes=(own,), layers=(Layer("essai", "Essai", colour="theme"),))
    monkeypatch.setitem(MODULES, "essai", module)
    assert missing() == {}  # nothing to publish yet
    make_stands(dataset_id="essai")
    assert missing() == {"essai": ("theme",)}


def test_what_reads_a_dataset_is_told_to_those_for_whom_it_exists(dataset):
    online, draft = make_chart(dataset), make_chart(dataset, title="Brouillon", status=Status.DRAFT)
    writer = actor_of(make_member(dataset.organisation, Role.CONTRIBUTOR))
    stranger = actor_of(make_member(make_organisation("Ailleurs"), Role.CONTRIBUTOR))
    assert records_reading(ANONYMOUS, dataset) == records_reading(stranger, dataset) == [online]
    assert set(records_reading(writer, dataset)) == {online, draft}
    rename_dataset(OPERATOR, dataset, "stationnement")
    assert records_reading(ANONYMOUS, dataset) == [online]
