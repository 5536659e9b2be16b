"""A dataset follows a schema: who may say so, what is found of its versions, what an invalid one meets."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest

from parvis.core.errors import Forbidden
from parvis.core.schemas import BadSchema
from parvis.core.schemas.references import Origin, SchemaRef
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.publication_checks import PublicationHeld, blockers_of
from parvis.hub.catalogue.services import publish, update_card
from parvis.hub.datastore.models import Import
from parvis.hub.jobs.models import Job
from parvis.hub.notifications.models import Delivery
from parvis.hub.notifications.webhooks import create_webhook
from parvis.hub.store import reports_name, store
from parvis.hub.validation.models import DatasetSchema, Verdict
from parvis.hub.validation.rules import Enforcement
from parvis.hub.validation.selectors import enforcement_of, followed, report_files, verdict_of
from parvis.hub.validation.services import (
    ask_to_recheck,
    dismiss_newer,
    follow,
    keep_schema,
    ref_from,
    set_default,
    set_enforcement,
    stop_following,
    take_newer,
)

from .conftest import RIGHT, SCHEMA, WRONG

pytestmark = pytest.mark.django_db(transaction=True)


def test_following_is_said_by_those_who_edit_and_kept_in_the_journal(town, dataset, ref):
    with pytest.raises(Forbidden):
        follow(town.stranger, dataset, ref)
    assert followed(dataset) is None
    row = follow(town.contributor, dataset, ref)
    assert (row.title, row.version, row.ref) == ("Places", "1.0.0", ref)
    assert Entry.objects.filter(action="schema.follow", target="places").exists()
    stop_following(town.contributor, dataset)
    assert followed(dataset) is None


def test_only_a_steward_sets_a_dataset_and_an_administrator_an_organisation(town, dataset, ref):
    follow(town.contributor, dataset, ref)
    with pytest.raises(Forbidden):
        set_enforcement(town.contributor, dataset, Enforcement.BLOCK)
    with pytest.raises(Forbidden):
        set_default(town.steward, town.organisation, Enforcement.BLOCK)
    assert enforcement_of(dataset) is Enforcement.WARN
    set_default(town.administrator, town.organisation, Enforcement.BLOCK)
    assert enforcement_of(dataset) is Enforcement.BLOCK
    set_enforcement(town.steward, dataset, Enforcement.WARN)
    assert enforcement_of(dataset) is Enforcement.WARN
    set_enforcement(town.steward, dataset, None)
    assert enforcement_of(dataset) is Enforcement.BLOCK


def test_a_schema_with_errors_of_its_own_is_refused_before_any_file_is(db):
    wrong = {**SCHEMA, "fields": [{"name": "code", "type": "nombre"}]}
    with pytest.raises(BadSchema) as caught:
        keep_schema(json.dumps(wrong).encode(), "places.json")
    assert "nombre" in caught.value.message("fr")


def test_the_card_tells_to_what_published_schema_the_data_conforms(town, dataset):
    follow(town.contributor, dataset, ref_from("scdl/subventions@2.1.1"))
    dataset.refresh_from_db()
    address = dataset.as_told["dcat"]["conforms_to"]
    assert address.startswith("https://schema.data.gouv.fr/")
    assert "scdl/subventions/2.1.1" in address
    stop_following(town.contributor, dataset)
    dataset.refresh_from_db()
    assert "conforms_to" not in dataset.as_told["dcat"]


def test_a_valid_version_is_published_with_its_verdict_and_its_report(town, dataset, ref, bring):
    follow(town.steward, dataset, ref)
    imported = bring(town.steward, dataset, RIGHT)
    dataset.refresh_from_db()
    assert dataset.current == imported.version
    verdict = verdict_of(imported.version, followed(dataset))
    assert (verdict.valid, verdict.faults) == (True, 0)
    assert report_files(dataset, verdict) == ["csv", "json", "xlsx"]


def test_an_invalid_version_is_published_with_a_warning_by_default(town, dataset, ref, bring):
    follow(town.steward, dataset, ref)
    imported = bring(town.steward, dataset, WRONG)
    verdict = Verdict.objects.get(dataset_version=imported.version)
    assert (verdict.valid, verdict.faults) == (False, 3)
    (obstacle,) = blockers_of(dataset, imported.version)
    assert not obstacle.blocking
    assert "3 valeurs ne respectent pas" in str(obstacle.message)


def test_an_invalid_version_waits_where_that_was_chosen_and_a_valid_one_passes(town, dataset, ref, bring):
    follow(town.steward, dataset, ref)
    set_enforcement(town.steward, dataset, Enforcement.BLOCK)
    with pytest.raises(PublicationHeld) as caught:
        bring(town.steward, dataset, WRONG)
    assert "3 valeurs ne respectent pas le schéma « Places »" in caught.value.message("fr")
    waiting = Import.objects.get()
    assert waiting.state == Import.State.HELD
    with pytest.raises(PublicationHeld):
        publish(town.steward, dataset, waiting.version)
    imported = bring(town.steward, dataset, RIGHT)
    dataset.refresh_from_db()
    assert dataset.current == imported.version


def test_the_card_of_what_is_online_can_be_mended_even_if_it_blocks_since(town, dataset, ref, bring):
    follow(town.steward, dataset, ref)
    bring(town.steward, dataset, WRONG)
    set_enforcement(town.steward, dataset, Enforcement.BLOCK)
    dataset.refresh_from_db()
    update_card(town.steward, dataset, {"title": "Places de stationnement"})
    assert not blockers_of(dataset, dataset.current)[0].blocking


def test_versions_that_came_before_the_schema_are_checked_in_the_background(town, dataset, ref, bring, work):
    imported = bring(town.steward, dataset, WRONG)
    row = follow(town.steward, dataset, ref)
    assert verdict_of(imported.version, row) is None
    work()
    assert verdict_of(imported.version, row).faults == 3
    work()
    assert Job.objects.filter(kind="validation.check").count() == 1


def test_reports_go_with_their_version(town, dataset, ref, bring):
    follow(town.steward, dataset, ref)
    imported = bring(town.steward, dataset, RIGHT, publish=False)
    folder = store().local(reports_name(dataset.uid, imported.version.name))
    assert folder.is_dir()
    imported.version.delete()
    assert not folder.exists()


def test_a_newer_version_of_the_schema_checks_the_data_again_and_tells_once(town, dataset, bring, work):
    follow(town.steward, dataset, SchemaRef(Origin.BUNDLED, "scdl/subventions", "2.0.2"))
    imported = bring(town.steward, dataset, RIGHT)
    assert ask_to_recheck() is not None
    work()
    row = followed(dataset)
    assert (row.newer, row.newer_seen) == ("2.1.1", False)
    assert Verdict.objects.filter(dataset_version=imported.version, schema_version="2.1.1").exists()
    assert ask_to_recheck() is None
    dismiss_newer(town.contributor, dataset)
    assert followed(dataset).newer_seen
    take_newer(town.contributor, dataset)
    assert DatasetSchema.objects.get().version == "2.1.1"
    assert DatasetSchema.objects.get().newer == ""


@pytest.mark.parametrize("enforcement", list(Enforcement))
def test_programs_are_told_when_new_rows_of_a_published_dataset_break_its_schema(
    town, dataset, ref, bring, enforcement
):
    create_webhook(
        town.administrator, town.organisation, name="x", url="https://x.example/", events=["dataset.schema_broken"]
    )
    follow(town.steward, dataset, ref)
    bring(town.steward, dataset, RIGHT)
    dataset.refresh_from_db()
    assert dataset.status == "published"
    assert not Delivery.objects.exists()
    set_enforcement(town.steward, dataset, enforcement)
    with suppress(PublicationHeld):
        bring(town.steward, dataset, WRONG)
    data = json.loads(Delivery.objects.get().body)["data"]
    assert (data["identifier"], data["schema"]) == ("places", ref.name)
    assert data["faults"] == Verdict.objects.get(valid=False).faults
    assert data["faults"] > 0


def test_programs_are_told_nothing_of_drafts(town, dataset, ref, bring):
    create_webhook(
        town.administrator, town.organisation, name="x", url="https://x.example/", events=["dataset.schema_broken"]
    )
    follow(town.steward, dataset, ref)
    bring(town.steward, dataset, WRONG, publish=False)
    assert Verdict.objects.filter(valid=False).exists()
    assert not Delivery.objects.exists()
