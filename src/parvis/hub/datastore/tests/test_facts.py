"""What a version's row says of it: enough for lists and searches, and nothing of persons."""

from __future__ import annotations

import io
import json
import shutil

import pytest

from parvis.core.versions.facts import MOST_VALUES
from parvis.core.versions.manifest import MANIFEST, read_manifest
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.datastore import services
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.datastore.facts import facts_of_version, searchable_values
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.worker import drain

pytestmark = pytest.mark.django_db

ESSENCES = [f"Essence n° {number}" for number in range(60)]


def imported(dataset: Dataset, text: str, *, publish: bool = False) -> Dataset:
    """The dataset with this file as its version, imported as people do."""
    body = text.encode()
    deposit = services.open_deposit(OPERATOR, "arbres.csv", len(body))
    services.append(OPERATOR, deposit, 0, io.BytesIO(body))
    services.run_import(OPERATOR, services.start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=publish))
    drain()
    dataset.refresh_from_db()
    return dataset


def trees(rows: int = 180) -> str:
    """Trees of sixty kinds in two towns, each with a name of its own and the person who looks after it."""
    lines = [
        f"arbre {n} du parc,{ESSENCES[n % 60]},{('Grigny', 'Évry')[n % 2]},{('Jean', 'Marie')[n % 2]},0612345{n % 3}7{n % 10}"
        for n in range(rows)
    ]
    return "\n".join(["nom,essence,commune,prénom,téléphone", *lines]) + "\n"


def latest(dataset: Dataset) -> Version:
    return dataset.versions.get()


def test_a_version_written_has_its_columns_and_values_in_its_row(dataset):
    version = latest(imported(dataset, trees()))
    manifest = read_manifest(versions_folder(dataset.uid) / version.name)
    facts = facts_of_version(version, dataset.uid)
    assert (facts.shape, facts.rows, facts.bbox) == (manifest.shape, 180, None)
    values = searchable_values(version)
    assert sorted(values["essence"]) == sorted(ESSENCES)
    assert sorted(values["commune"]) == ["Grigny", "Évry"]
    assert "nom" not in values  # one hundred and eighty of them


def test_values_of_columns_in_which_persons_were_found_are_not_listed(dataset):
    version = latest(imported(dataset, trees()))
    manifest = read_manifest(versions_folder(dataset.uid) / version.name)
    personal = {finding["column"] for finding in manifest.checks["privacy"]["findings"]}
    assert "telephone" in personal
    assert manifest.profile["telephone"].values
    assert not personal & set(searchable_values(version))


def test_values_of_a_version_in_which_nobody_looked_for_persons_are_not_listed(dataset):
    version = latest(imported(dataset, trees()))
    manifest = versions_folder(dataset.uid) / version.name / MANIFEST
    body = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**body, "checks": {}}))
    Version.objects.update(facts=None)
    services.fill_facts()
    assert searchable_values(latest(dataset)) == {}


def test_a_dataset_lists_no_more_than_a_thousand_values(dataset):
    heads = [f"colonne_{n}" for n in range(20)]
    lines = [",".join(f"valeur {n} {rank % 90}" for n in range(20)) for rank in range(180)]
    values = searchable_values(latest(imported(dataset, "\n".join([",".join(heads), *lines]))))
    assert len(values) == 11
    assert sum(map(len, values.values())) <= MOST_VALUES


def test_listing_columns_opens_no_folder(dataset):
    dataset = imported(dataset, trees())
    version = latest(dataset)
    expected = shape_of(dataset, version)
    shutil.rmtree(versions_folder(dataset.uid))
    assert shape_of(dataset, version) == expected


def test_rows_without_facts_are_filled_in_the_background_and_readers_told(dataset):
    dataset = imported(dataset, trees().replace("prénom", "a").replace("téléphone", "b"))
    before, stamp = latest(dataset).facts, dataset.stamp
    Dataset.objects.update(current=latest(dataset))
    Version.objects.update(facts=None)
    assert services.ask_for_facts() is not None
    drain()
    assert latest(dataset).facts == before
    dataset.refresh_from_db()
    assert dataset.stamp > stamp
    assert services.ask_for_facts() is None


def test_a_version_whose_folder_is_away_waits_for_it(dataset):
    dataset = imported(dataset, trees())
    folder, elsewhere = versions_folder(dataset.uid), versions_folder(dataset.uid).with_name("ailleurs")
    Version.objects.update(facts=None)
    folder.rename(elsewhere)
    assert services.fill_facts() == 0
    assert services.ask_for_facts() is not None
    drain()
    assert Job.objects.filter(kind="datastore.describe", state=Job.State.DONE).exists()
    elsewhere.rename(folder)
    assert services.ask_for_facts() is not None  # asked again at each start for as long as one lacks them
    drain()
    assert latest(dataset).facts is not None


def test_manifests_older_than_listed_values_give_the_few_they_have(dataset):
    version = latest(imported(dataset, trees()))
    manifest = versions_folder(dataset.uid) / version.name / MANIFEST
    body = json.loads(manifest.read_text())
    for profile in body["profile"].values():
        del profile["values"]
    manifest.write_text(json.dumps(body))
    Version.objects.update(facts=None)
    services.fill_facts()
    values = searchable_values(latest(dataset))
    assert sorted(values["commune"]) == ["Grigny", "Évry"]
    assert "essence" not in values
