"""Counts are published as a dataset: of what anybody may see, once a day, and never again once withdrawn."""

from __future__ import annotations

from datetime import date

import pyarrow.csv
import pytest

from parvis.core.errors import Forbidden
from parvis.core.progress import no_progress
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import unpublish
from parvis.hub.datastore.selectors import original_name, shape_of
from parvis.hub.publications.services import publish_rows
from parvis.hub.sites.services import main_site
from parvis.hub.store import store
from parvis.hub.usage.publication import DATASET_ID, PUBLICATION
from parvis.hub.usage.rules import Nature, Seen, Subject
from parvis.hub.usage.services import add_counts

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 25)


def add(
    day: date, name: str, count: int, nature: Nature = Nature.VIEW, detail: str = "", site: int | None = None
) -> None:
    seen = Seen(nature, Subject.DATASET, name, detail)
    add_counts({(day, site or main_site().pk, seen, False): count}, {})


@pytest.fixture
def datasets(db):
    owner = make_organisation()
    make_dataset(owner, dataset_id="arbres")
    make_dataset(owner, dataset_id="secret", access=Access.RESTRICTED)
    add(date(2026, 10, 2), "arbres", 2)
    add(date(2026, 10, 3), "arbres", 3)
    add(date(2026, 11, 3), "arbres", 4, Nature.DOWNLOAD, "csv")
    add(date(2026, 11, 3), "secret", 9)
    add(DAY, "arbres", 7)


def publish() -> Dataset | None:
    return publish_rows(OPERATOR, PUBLICATION, DAY, no_progress)


def test_the_table_sums_up_months_of_what_anybody_may_see(datasets):
    published = publish()
    table = pyarrow.csv.read_csv(
        store().local(original_name(published, published.current)),
        parse_options=pyarrow.csv.ParseOptions(delimiter=";"),
    )
    rows = [
        tuple(row[name] for name in ("mois", "nature", "identifiant", "precision", "nombre"))
        for row in table.to_pylist()
    ]
    assert rows == [("2026-10", "page vue", "arbres", "", 5), ("2026-11", "téléchargement", "arbres", "csv", 4)]
    types = {column.name: str(column.type) for column in shape_of(published)}
    assert types["mois"] == "text"
    assert types["nombre"] == "int"
    assert types["robots"] == "boolean"


def test_published_twice_on_a_day_it_is_one_version(datasets):
    publish()
    assert publish() is None
    assert Dataset.objects.get(dataset_id=DATASET_ID).versions.count() == 1


def test_what_changed_makes_a_new_version(datasets):
    publish()
    add(date(2026, 11, 4), "arbres", 1)
    assert publish().versions.count() == 2


def test_withdrawn_it_stays_withdrawn(datasets):
    unpublish(OPERATOR, publish())
    add(date(2026, 11, 4), "arbres", 1)
    assert publish() is None


def test_nothing_counted_publishes_nothing(db):
    make_organisation()
    assert publish() is None
    assert not Dataset.objects.exists()


def test_only_who_runs_the_instance_publishes_it(datasets):
    with pytest.raises(Forbidden):
        publish_rows(ANONYMOUS, PUBLICATION, DAY, no_progress)
