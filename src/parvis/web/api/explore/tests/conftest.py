"""A published dataset with real rows, read through the engine of the process."""

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

COLUMNS = (
    Column("nom", "Nom de l’équipement", ColumnType.TEXT),
    Column("commune", "Commune", ColumnType.TEXT, annotations={"facet": True}),
    Column("places", "Places", ColumnType.INT),
    Column("ouverture", "Ouverture", ColumnType.DATE),
    Column("point", "Position", ColumnType.GEO_POINT),
)
ROWS = [
    ("Stade des Loges", "Évry-Courcouronnes", 1200, "2019-05-01", "POINT(2.43 48.63)"),
    ("Piscine de l’Agora", "Évry-Courcouronnes", None, "2021-09-15", "POINT(2.44 48.62)"),
    ("Gymnase Cœur de Ville", "Grigny", 300, None, None),
    ("=1+1", None, -5, "1998-01-01", "POINT(2.38 48.65)"),
]
THORNS = (
    Column("1_uai", "Établissement", ColumnType.TEXT),
    Column("year", "Année", ColumnType.DATE, annotations={"timeserie_precision": "year", "facet": True}),
    Column("region", "Région", ColumnType.TEXT, annotations={"facet": True, "hierarchical": "/"}),
    Column("quand", "Quand", ColumnType.DATETIME, annotations={"facet": True}),
    Column("forme", "Forme", ColumnType.GEO_SHAPE),
    Column("photo", "Photo", ColumnType.FILE),
    Column("tags", "É « tags »", ColumnType.TEXT, annotations={"multivalued": ",", "facet": True, "disjunctive": True}),
    Column("n", "N", ColumnType.INT),
)
_SQUARE = "POLYGON((2 48, 3 48, 3 49, 2 48))"
THORN_ROWS = [
    (
        "A1",
        "1978-01-01",
        "Europe/Paris",
        "2021-06-23T07:50:20.642+00:00",
        "POINT(2.35 48.85)",
        "photo.jpg",
        ["a", "b"],
        3_000_000_000,
    ),
    ("A2", "1980-01-01", "Europe/Rome", "2021-06-23T07:50:20+00:00", _SQUARE, "https://exemple.fr/plan.png", ["a"], -1),
    ("A3", None, "Asie/Tokyo", None, None, None, None, None),
    ("A4", "1978-01-01", None, "2020-11-05T23:30:00+00:00", None, "notice.pdf", ["c"], 0),
]
API = "/api/explore/v2.1"


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
    """``publish(dataset_id=…, access=…)`` makes a published dataset with ``ROWS``."""

    def make(columns=COLUMNS, rows=ROWS, **card) -> Dataset:
        dataset = make_dataset(card.pop("organisation", None) or make_organisation("Ville d’Évry"), **card)
        make_version(versions_folder(dataset.uid) / dataset.current.name, columns, rows)
        dataset.current.rows = len(rows)
        dataset.current.save()
        return found(OPERATOR, dataset.dataset_id)

    return make


@pytest.fixture
def dataset(publish) -> Dataset:
    """One public dataset called ``equipements``."""
    return publish(dataset_id="equipements", title="Équipements sportifs", themes=["education"], keywords=["sport"])


@pytest.fixture
def thorns(publish) -> Dataset:
    """One public dataset called ``epines``: every type, odd names, many values, nulls."""
    return publish(THORNS, THORN_ROWS, dataset_id="epines", title="Épines")


@pytest.fixture
def body():
    """``body(response)`` is the bytes of an answer, streamed or not."""
    return lambda response: b"".join(response.streaming_content) if response.streaming else response.content
