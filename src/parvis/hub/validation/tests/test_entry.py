"""Rows typed online: kept page by page, saved as a version, never over somebody else's work by mistake."""

from __future__ import annotations

import pytest

from parvis.core.errors import Forbidden
from parvis.hub.catalogue.publication_checks import PublicationHeld
from parvis.hub.datastore.models import Import
from parvis.hub.datastore.selectors import original_name
from parvis.hub.store import store
from parvis.hub.validation.checks import check_rows
from parvis.hub.validation.models import EntryDraft
from parvis.hub.validation.rules import Enforcement, NothingToEnter, RowsChanged, TableTooLarge
from parvis.hub.validation.selectors import schema_of
from parvis.hub.validation.services import change_rows, follow, open_draft, save_draft, set_enforcement
from parvis.hub.validation.services import entry as entry_services

from .conftest import RIGHT

pytestmark = pytest.mark.django_db(transaction=True)


def test_without_data_nor_schema_there_is_nothing_to_type(town, dataset):
    with pytest.raises(NothingToEnter):
        open_draft(town.contributor, dataset)
    with pytest.raises(Forbidden):
        open_draft(town.stranger, dataset)


def test_a_schema_gives_an_empty_table_whose_rows_become_a_published_version(town, dataset, ref):
    follow(town.steward, dataset, ref)
    draft = open_draft(town.steward, dataset)
    assert (draft.columns, draft.rows) == (["code", "jour", "places"], [])
    change_rows(town.steward, draft, 0, 0, [["01004", "2024-02-03", "12"], ["91228", "2024-02-04", ""]])
    imported = save_draft(town.steward, open_draft(town.steward, dataset))
    dataset.refresh_from_db()
    assert dataset.current == imported.version
    assert imported.version.source == "saisie en ligne"
    assert store().local(original_name(dataset, imported.version)).read_text() == (
        "code,jour,places\n01004,2024-02-03,12\n91228,2024-02-04,\n"
    )
    assert not EntryDraft.objects.exists()


def test_the_grid_shows_what_the_steps_made_of_the_file_and_leaves_them_for_the_next_delivery(
    town, dataset, ref, bring
):
    steps = [{"name": "map.columns", "parameters": {"columns": [{"to": "code", "from": "INSEE"}], "extras": "keep"}}]
    bring(town.steward, dataset, RIGHT.replace("code", "INSEE"), steps=steps)
    dataset.refresh_from_db()
    draft = open_draft(town.steward, dataset)
    assert draft.columns == ["code", "jour", "places"]
    assert draft.rows[0] == ["91228", "2024-02-03", "12"]
    change_rows(town.steward, draft, 0, 1, [])
    save_draft(town.steward, draft)
    dataset.refresh_from_db()
    assert dataset.current.rows == 1
    assert dataset.steps == steps
    again = open_draft(town.steward, dataset)
    assert (again.columns, again.rows) == (["code", "jour", "places"], [["91286", "2024-02-04", "7"]])


def test_persons_typed_into_a_public_table_wait_for_a_decision(town, dataset, bring):
    bring(town.steward, dataset, RIGHT)
    dataset.refresh_from_db()
    online = dataset.current
    draft = open_draft(town.steward, dataset)
    change_rows(town.steward, draft, 0, 1, [["Mme Lefebvre, 06 12 34 56 78", "2024-02-03", "12"]])
    imported = save_draft(town.steward, draft)
    dataset.refresh_from_db()
    assert imported.state == Import.State.HELD
    assert dataset.current == online


def test_a_version_saved_meanwhile_is_told_and_the_typing_is_kept(town, dataset, ref, bring):
    bring(town.steward, dataset, RIGHT)
    draft = open_draft(town.contributor, dataset)
    change_rows(town.contributor, draft, 0, 2, [["91228", "2024-02-03", "99"]])
    bring(town.steward, dataset, RIGHT + "91521,2024-02-05,3\n")
    with pytest.raises(RowsChanged):
        save_draft(town.contributor, draft)
    assert EntryDraft.objects.get().rows == [["91228", "2024-02-03", "99"]]
    imported = save_draft(town.contributor, draft, over=True)
    dataset.refresh_from_db()
    assert imported.version.rows == 1
    assert dataset.current != imported.version  # a contributor publishes nothing
    assert dataset.versions.count() == 3


def test_what_the_import_refuses_leaves_the_draft(town, dataset, ref, bring, monkeypatch):
    bring(town.steward, dataset, RIGHT)
    draft = open_draft(town.steward, dataset)
    change_rows(town.steward, draft, 0, 2, [["91228", "demain", "99"]])

    def refuse(actor, imported):
        raise TableTooLarge(title="Places", rows=2, limit=1)

    monkeypatch.setattr(entry_services, "run_import_here", refuse)
    with pytest.raises(TableTooLarge):
        save_draft(town.steward, draft)
    assert EntryDraft.objects.get().rows == [["91228", "demain", "99"]]


def test_a_table_too_large_for_a_page_is_refused(town, dataset, bring):
    rows = "".join(f"{rank:05d},2024-01-01,1\n" for rank in range(5_001))
    bring(town.steward, dataset, "code,jour,places\n" + rows)
    with pytest.raises(TableTooLarge):
        open_draft(town.steward, dataset)


def test_typed_rows_are_checked_where_they_stand(town, ref, tmp_path):
    rows = [["91228", "2024-02-03", "12"], ["", "", ""], ["1004", "hier", "sept"]]
    report = check_rows(["code", "jour", "places"], rows, schema_of(ref))
    assert report.total == 3
    assert {(fault.row, fault.column) for fault in report.items} == {(4, "code"), (4, "jour"), (4, "places")}
    assert any("hier" in fault.text for fault in report.items)


def test_a_held_version_counts_as_saved(town, dataset, ref, monkeypatch):
    follow(town.steward, dataset, ref)
    draft = open_draft(town.steward, dataset)
    change_rows(town.steward, draft, 0, 0, [["1004", "hier", "sept"]])
    set_enforcement(town.steward, dataset, Enforcement.BLOCK)
    imported = save_draft(town.steward, draft)
    dataset.refresh_from_db()
    assert imported.state == "held"
    assert dataset.current is None
    assert not EntryDraft.objects.exists()
    assert PublicationHeld.code == imported.error["code"]
