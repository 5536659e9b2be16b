"""The trees of the end-to-end check, published, read through the engine of the process."""

from __future__ import annotations

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import dataset as found
from parvis.hub.datastore import selectors
from parvis.hub.datastore.factories import versions_folder

TREES = (
    Column("ref", "Référence", ColumnType.TEXT),
    Column("essence", "Essence", ColumnType.TEXT, annotations={"facet": True}),
    Column("quartier", "Quartier", ColumnType.TEXT, annotations={"facet": True, "facetsort": "alphanum"}),
    Column("hauteur", "Hauteur (m)", ColumnType.DOUBLE, annotations={"decimals": 2, "unit": "m"}),
    Column("plantation", "Plantation", ColumnType.DATE, annotations={"facet": True}),
    Column("remarquable", "Remarquable", ColumnType.BOOLEAN),
    Column("usages", "Usages", ColumnType.TEXT, annotations={"multivalued": ";", "facet": True, "disjunctive": True}),
    Column("position", "Position", ColumnType.GEO_POINT),
)
ROWS = [
    ("A1", "Érable", "Nord", 12.5, "1998-03-02", True, ["ombre", "abri"], "POINT(1.48 48.45)"),
    ("A2", "Tilleul", "Nord", 9, "2005-11-20", False, ["ombre"], "POINT(1.49 48.46)"),
    ("A3", "Érable", "Sud", None, "2012-02-14", False, None, "POINT(1.48 48.44)"),
    ("A4", "Platane", "Sud", 21, "1954-04-01", True, ["ombre", "mémoire"], "POINT(1.50 48.43)"),
    ("A5", "Tilleul", None, 7.25, "2019-12-05", False, ["abri"], None),
    ("A6", "Érable", "Centre", 15, "1987-10-30", True, ["ombre"], "POINT(1.488 48.447)"),
]
TREES_ID = "arbres-essai"


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory):
    """A home for the tests of one file, and one engine locked to it."""
    home = tmp_path_factory.mktemp("home")
    (home / "datasets").mkdir()
    selectors.engine.cache_clear()
    yield home
    if selectors.engine.cache_info().currsize:
        selectors.engine().close()
    selectors.engine.cache_clear()


@pytest.fixture(autouse=True)
def own_home(settings, shared_home):
    """The instance under test lives in that home."""
    settings.PARVIS_HOME = shared_home


@pytest.fixture
def publish():
    """``publish(dataset_id=…, access=…)`` makes a published dataset with the trees."""

    def make(columns=TREES, rows=ROWS, **card) -> Dataset:
        dataset = make_dataset(card.pop("organisation", None) or make_organisation("Ville d’Évry"), **card)
        make_version(versions_folder(dataset.uid) / dataset.current.name, columns, rows)
        dataset.current.rows = len(rows)
        dataset.current.save()
        return found(OPERATOR, dataset.dataset_id)

    return make


@pytest.fixture
def trees(publish) -> Dataset:
    """The trees, public."""
    return publish(dataset_id=TREES_ID, title="Arbres d’essai", themes=["environment"], keywords=["arbre", "été"])


@pytest.fixture
def ask(client):
    """``ask("/api/…?x=1")`` gives the JSON of a successful answer."""

    def answer(address: str, **headers):
        response = client.get(address, headers=headers)
        assert response.status_code == 200, response.content
        return response.json()

    return answer
