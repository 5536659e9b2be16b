"""A version that a gate holds back is kept and read by nobody until the gate opens; steps are kept for the next deliveries."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from parvis.core.ingest.tests.looking import CountingInspector
from parvis.core.versions.manifest import read_manifest
from parvis.hub import registry
from parvis.hub.catalogue.publication_checks import Blocker, PublicationHeld
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import publish, set_access, update_card
from parvis.hub.datastore import services
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.datastore.inspections import Inspection
from parvis.hub.datastore.models import Import
from parvis.hub.registry import MODULES, Module

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gate(monkeypatch):
    """A gate that blocks what is open to all as long as ``closed`` is true."""
    state = {"closed": True}

    def ask(dataset, version):
        blocks = state["closed"] and dataset.access == Access.PUBLIC
        return [Blocker("essai", "il y a des noms de personnes.", "Décidez d’abord.")] if blocks else []

    others = {slug: replace(module, publication_check=None) for slug, module in MODULES.items()}
    monkeypatch.setattr(registry, "MODULES", {**others, "essai": Module(slug="essai", publication_check=ask)})
    return state


def imported_here(actor, dataset, csv, **choices):
    body = csv.read_bytes()
    deposit = services.open_deposit(actor, csv.name, len(body))
    services.append(actor, deposit, 0, io.BytesIO(body))
    imported = services.start_import(actor, deposit=deposit, dataset=dataset, publish=True, **choices)
    return imported, lambda: services.run_import_here(actor, imported)


def test_an_import_behind_a_closed_gate_keeps_its_version_and_publishes_nothing(people, dataset, csv, gate):
    imported, run = imported_here(people.steward, dataset, csv)
    with pytest.raises(PublicationHeld) as caught:
        run()
    assert "noms de personnes" in caught.value.message("fr")
    assert caught.value.hint("fr") == "Décidez d’abord."
    imported.refresh_from_db()
    dataset.refresh_from_db()
    assert imported.state == Import.State.HELD
    assert imported.error["code"] == "publication-held"
    assert dataset.current is None
    assert (versions_folder(dataset.uid) / imported.version.name).is_dir()


def test_publishing_once_the_gate_opens_ends_the_import_that_waited(people, dataset, csv, gate):
    imported, run = imported_here(people.steward, dataset, csv)
    with pytest.raises(PublicationHeld):
        run()
    imported.refresh_from_db()
    with pytest.raises(PublicationHeld):
        publish(people.steward, dataset, imported.version)
    gate["closed"] = False
    publish(people.steward, dataset, imported.version)
    imported.refresh_from_db()
    assert (imported.state, imported.error) == (Import.State.DONE, None)
    assert dataset.current == imported.version


@pytest.mark.parametrize(
    "open_to_all",
    [
        lambda actor, dataset: set_access(actor, dataset, Access.PUBLIC, [], []),
        lambda actor, dataset: update_card(actor, dataset, {"access": "public"}),
    ],
)
def test_what_is_restricted_is_not_opened_to_all_by_one_box(people, dataset, csv, gate, open_to_all):
    set_access(people.steward, dataset, Access.INTERNAL, [], [])
    _imported, run = imported_here(people.steward, dataset, csv)
    run()
    with pytest.raises(PublicationHeld):
        open_to_all(people.steward, dataset)
    dataset.refresh_from_db()
    assert dataset.access == Access.INTERNAL


def test_what_inspectors_find_and_steps_did_stands_with_the_version_and_steps_come_again(
    people, dataset, csv, monkeypatch
):
    others = {slug: replace(module, inspection=None) for slug, module in MODULES.items()}
    own = Module(slug="essai", inspection=lambda imported, work: Inspection(CountingInspector()))
    monkeypatch.setattr(registry, "MODULES", {**others, "essai": own})
    step = {"name": "mend.empty_rows", "parameters": {}}
    imported, run = imported_here(people.steward, dataset, csv, steps=[step])
    run()
    imported.refresh_from_db()
    manifest = read_manifest(versions_folder(dataset.uid) / imported.version.name)
    assert manifest.checks == {"essai": {"rows": 2}}
    assert [row["name"] for row in manifest.lineage] == ["mend.empty_rows"]
    dataset.refresh_from_db()
    assert dataset.steps == [step]
    again, _run = imported_here(people.steward, dataset, csv)
    assert again.steps == [step]
