"""An extract has the rows of its condition and no other, each cell as it is in its dataset; it follows it, or says why it cannot."""

import json

import pytest

from parvis.core.explore import ExploreRequest, export
from parvis.core.profiling.plans import overrides_from_fields
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore.extracts import Question
from parvis.hub.datastore.selectors import engine, source_of
from parvis.hub.datastore.services import run_import_here, start_import
from parvis.hub.datastore.services.deposits import deposit_file
from parvis.hub.harvesting.tests.far_portal import FIELDS, rows
from parvis.hub.jobs.worker import drain
from parvis.hub.preparation.extracts import Wish, make_extract

pytestmark = pytest.mark.django_db

PLAIN = [field for field in FIELDS if field["name"] not in ("photo",)]


@pytest.fixture
def publish(home, town, tmp_path):
    """Put rows online as the next version of a dataset, of the types that columns are said to have."""

    def publish_now(table, dataset_id="velos", fields=PLAIN, **card) -> Dataset:
        path = tmp_path / "lignes.jsonl"
        path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in table))
        dataset = Dataset.objects.filter(dataset_id=dataset_id).first()
        if dataset is None:
            words = {"title": "Vélos", "description": "Les vélos.", "licence": "lov2", **card}
            dataset = create_dataset(OPERATOR, town.organisation, dataset_id, words)
        overrides = {name: row.to_dict() for name, row in overrides_from_fields(fields).items()}
        deposit = deposit_file(OPERATOR, path)
        imported = start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=True, overrides=overrides)
        run_import_here(OPERATOR, imported)
        dataset.refresh_from_db()
        return dataset

    return publish_now


def written(dataset: Dataset) -> list[dict]:
    """All its rows, as everybody who may would fetch them."""
    dataset = Dataset.objects.select_related("current").get(pk=dataset.pk)
    pieces = export(engine(), source_of(dataset), "jsonl", ExploreRequest())
    return [json.loads(line) for line in b"".join(pieces).splitlines()]


def extract(dataset, where="", **more) -> Dataset:
    question = Question(where, **{name: more.pop(name) for name in ("language", "columns") if name in more})
    wish = Wish("Un extrait", more.pop("dataset_id", "extrait"), "Des lignes.", question, **more)
    child = make_extract(OPERATOR, dataset, wish)
    drain()
    return Dataset.objects.select_related("current").get(pk=child.pk)


def test_each_cell_of_an_extract_is_that_of_its_dataset(publish):
    dataset = publish(rows(60))
    child = extract(dataset, "nombre is not null")
    assert child.status == Status.PUBLISHED, child
    whole = written(dataset)
    assert written(child) == [row for row in whole if row["nombre"] is not None]
    assert [(c, d) for c, d in zip(source_of(child).shape, source_of(dataset).shape, strict=True) if c != d] == []
