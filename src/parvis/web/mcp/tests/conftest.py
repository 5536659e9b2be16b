"""Published datasets with real rows, read through the engine of the process."""

from __future__ import annotations

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import dataset as found
from parvis.hub.catalogue.services import bump_revision
from parvis.hub.datastore import selectors
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.quotas.metering import ledger

COLUMNS = (
    Column("nom", "Nom de l’équipement", ColumnType.TEXT),
    Column("commune", "Commune", ColumnType.TEXT),
    Column("places", "Places", ColumnType.INT),
    Column("ouverture", "Ouverture", ColumnType.DATE),
    Column("point", "Position", ColumnType.GEO_POINT),
)
ROWS = [
    ("Stade des Loges", "Évry-Courcouronnes", 1200, "2019-05-01", "POINT(2.43 48.63)"),
    ("Piscine de l’Agora", "Évry-Courcouronnes", None, "2021-09-15", "POINT(2.44 48.62)"),
    ("Gymnase; «Cœur»", "Grigny", 300, None, None),
]


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory):
    """A home for the tests of one file, with one engine."""
    home = tmp_path_factory.mktemp("home")
    (home / "datasets").mkdir()
    selectors.engine.cache_clear()
    yield home
    if selectors.engine.cache_info().currsize:
        selectors.engine().close()
    selectors.engine.cache_clear()


@pytest.fixture(autouse=True)
def own_home(settings, shared_home):
    """The instance under test lives in that home; nobody has spent anything yet."""
    ledger.cache_clear()
    settings.PARVIS_HOME = shared_home


@pytest.fixture
def publish():
    """``publish(dataset_id=…, access=…)`` makes a published dataset with ``ROWS``."""

    def make(columns=COLUMNS, rows=ROWS, **card) -> Dataset:
        dataset = make_dataset(card.pop("organisation", None) or make_organisation("Ville d’Évry"), **card)
        make_version(versions_folder(dataset.uid) / dataset.current.name, columns, rows)
        dataset.current.rows = len(rows)
        dataset.current.save()
        bump_revision()
        return found(OPERATOR, dataset.dataset_id)

    return make


@pytest.fixture
def dataset(publish) -> Dataset:
    """One public dataset called ``equipements``."""
    return publish(dataset_id="equipements", title="Équipements sportifs")
