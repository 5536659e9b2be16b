"""Nothing of persons becomes public without a recorded decision, whichever way it comes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from parvis.core.transforms import Step
from parvis.core.versions.manifest import read_manifest
from parvis.hub.accounts.factories import make_person
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Actor, Role
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.attachments import add_attachment
from parvis.hub.catalogue.models import Attachment, Dataset
from parvis.hub.catalogue.publication_checks import PublicationHeld
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import publish, set_access, unpublish, update_card, update_cards
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.datastore.models import Import
from parvis.hub.datastore.services import deposit_file, run_import_here, start_import
from parvis.hub.privacy.models import Decision
from parvis.hub.privacy.rules import AlreadyDecided, BadDecision, FindingsChanged
from parvis.hub.privacy.selectors import may_fetch_original, publication_status, report_of, treatments_of
from parvis.hub.privacy.services import decide, decide_import, withdraw
from parvis.hub.privacy.tests.conftest import HALLS, PEOPLE, Bring

WHY = "Élus du conseil municipal, nommés dans l’exercice de leur mandat."


def decided(dataset: Dataset, version=None) -> Decision:
    return decide(OPERATOR, dataset, version or dataset.versions.first(), ground="office", explanation=WHY)


def test_a_file_of_people_waits_and_a_file_of_halls_does_not(dataset: Dataset, bring: Bring) -> None:
    assert bring(PEOPLE).state == Import.State.HELD
    assert dataset.status == Status.DRAFT
    assert bring(HALLS).state == Import.State.DONE
    assert dataset.status == Status.PUBLISHED


def test_once_decided_it_is_published_and_the_decision_says_who_when_why_and_what(
    dataset: Dataset, bring: Bring
) -> None:
    bring(PEOPLE)
    made = decided(dataset)
    publish(OPERATOR, dataset)
    assert dataset.status == Status.PUBLISHED
    assert (made.actor, made.ground, made.explanation) == (OPERATOR.name, "office", WHY)
    assert set(made.keys) == {"name@nom", "name@prenom"}
    assert "DUPONT" not in json.dumps(made.findings)
    assert Entry.objects.filter(action="privacy.decide", target="inscrits").exists()


def test_the_next_delivery_with_the_same_findings_passes_and_one_with_more_waits(
    dataset: Dataset, bring: Bring
) -> None:
    bring(PEOPLE)
    decided(dataset)
    assert bring(PEOPLE.replace("Jean", "Pierre")).state == Import.State.DONE
    more = "\n".join(f"{line};06 12 34 56 7{n}" for n, line in enumerate(PEOPLE.splitlines())).replace(
        ";06 12 34 56 70", ";téléphone", 1
    )
    assert bring(more).state == Import.State.HELD


@pytest.mark.parametrize(("ground", "text"), [("", WHY), ("law", "RAS"), ("because", WHY)])
def test_a_decision_needs_a_ground_and_a_sentence(dataset: Dataset, bring: Bring, ground: str, text: str) -> None:
    bring(PEOPLE)
    with pytest.raises(BadDecision):
        decide(OPERATOR, dataset, dataset.versions.first(), ground=ground, explanation=text)


def test_two_people_who_decide_at_once_make_one_decision(dataset: Dataset, bring: Bring) -> None:
    bring(PEOPLE)
    version = dataset.versions.first()
    mark = publication_status(dataset, version).mark
    decide(OPERATOR, dataset, version, ground="law", explanation=WHY, mark=mark)
    with pytest.raises(AlreadyDecided):
        decide(OPERATOR, dataset, version, ground="consent", explanation=WHY, mark=mark)
    assert Decision.objects.count() == 1


def test_a_decision_about_other_findings_than_those_read_is_refused(dataset: Dataset, bring: Bring) -> None:
    bring(PEOPLE)
    with pytest.raises(FindingsChanged):
        decide(OPERATOR, dataset, dataset.versions.first(), ground="law", explanation=WHY, mark="another")


def test_a_contributor_may_not_decide(dataset: Dataset, bring: Bring) -> None:
    bring(PEOPLE)
    actor = Actor("Nadia", make_person().pk, roles={dataset.organisation_id: Role.CONTRIBUTOR})
    with pytest.raises(Exception, match="droit"):
        decide(actor, dataset, dataset.versions.first(), ground="law", explanation=WHY)


def test_a_withdrawn_decision_takes_what_it_allowed_offline(dataset: Dataset, bring: Bring) -> None:
    bring(PEOPLE)
    made = decided(dataset)
    publish(OPERATOR, dataset)
    withdraw(OPERATOR, made)
    dataset.refresh_from_db()
    assert dataset.status == Status.UNPUBLISHED
    with pytest.raises(PublicationHeld):
        publish(OPERATOR, dataset)


def test_internal_data_cannot_be_opened_by_changing_one_box(dataset: Dataset, bring: Bring) -> None:
    set_access(OPERATOR, dataset, Access.INTERNAL, [], [])
    assert bring(PEOPLE).state == Import.State.DONE
    with pytest.raises(PublicationHeld):
        set_access(OPERATOR, dataset, Access.PUBLIC, [], [])
    dataset.refresh_from_db()
    with pytest.raises(PublicationHeld):
        update_card(OPERATOR, dataset, {"access": "public"})
    dataset.refresh_from_db()
    with pytest.raises(PublicationHeld):
        update_cards(OPERATOR, [(dataset, {"access": "public"})])
    dataset.refresh_from_db()
    assert dataset.access == Access.INTERNAL


def test_reserved_data_without_any_finding_also_needs_a_decision_to_be_opened(dataset: Dataset, bring: Bring) -> None:
    set_access(OPERATOR, dataset, Access.INTERNAL, [], [])
    bring(HALLS)
    with pytest.raises(PublicationHeld):
        set_access(OPERATOR, dataset, Access.PUBLIC, [], [])
    dataset.refresh_from_db()
    unpublish(OPERATOR, dataset)
    set_access(OPERATOR, dataset, Access.PUBLIC, [], [])
    with pytest.raises(PublicationHeld):  # nor by way of a withdrawal
        publish(OPERATOR, dataset)
    decide(
        OPERATOR, dataset, dataset.current, ground="not-personal", explanation="Des salles municipales, rien d’autre."
    )
    publish(OPERATOR, dataset)
    assert dataset.status == Status.PUBLISHED


def test_a_card_that_names_a_person_waits_and_the_rest_of_an_online_card_can_be_mended(
    dataset: Dataset, bring: Bring
) -> None:
    bring(HALLS)
    with pytest.raises(PublicationHeld):
        update_card(OPERATOR, dataset, {"description": "Appelez Mme Lefebvre au 06 12 34 56 78."})
    dataset.refresh_from_db()
    with pytest.raises(PublicationHeld):
        update_card(OPERATOR, dataset, {"contact_email": "jean.dupont@gmail.com"})
    dataset.refresh_from_db()
    update_card(OPERATOR, dataset, {"title": "Salles de la commune"})
    assert dataset.title == "Salles de la commune"


def test_a_document_that_names_people_is_held_until_decided_and_others_are_not(dataset: Dataset, bring: Bring) -> None:
    bring(HALLS)
    add_attachment(OPERATOR, dataset, "Plan", "plan.txt", ContentFile(b"Salle Victor Hugo, rez-de-jardin"))
    note = add_attachment(OPERATOR, dataset, "Note", "note.txt", ContentFile(b"Mme Lefebvre se plaint, 06 12 34 56 78"))
    assert [one.title for one in dataset.attachments.all()] == ["Plan"]
    assert Client().get(f"/api/explore/v2.1/catalog/datasets/inscrits/attachments/{note.slug}").status_code == 404
    decide(OPERATOR, dataset, dataset.current, ground="consent", explanation="Accord écrit de la personne, au dossier.")
    assert dataset.attachments.count() == 2
    assert Attachment.every.filter(held=True).count() == 0


def test_a_treated_file_passes_and_its_original_stays_with_those_who_edit(dataset: Dataset, bring: Bring) -> None:
    steps = [
        Step("privacy.drop", {"columns": ["prénom"]}).to_dict(),
        Step("privacy.pseudonymise", {"column": "nom", "scope": "x"}).to_dict(),
    ]
    bring(PEOPLE, steps=steps)
    assert dataset.status == Status.PUBLISHED
    version = dataset.current
    folder = versions_folder(dataset.uid) / version.name
    assert [step["name"] for step in treatments_of(version)] == ["privacy.drop", "privacy.pseudonymise"]
    assert "DUPONT" not in (folder / "manifest.json").read_text(encoding="utf-8")
    assert not may_fetch_original(ANONYMOUS, dataset, version)
    assert may_fetch_original(OPERATOR, dataset, version)
    assert Client().get("/explore/dataset/inscrits/information/").status_code == 200
    answer = Client().get(f"/explore/dataset/inscrits/versions/{version.name}/original/")
    assert answer.status_code in (403, 404)
    assert read_manifest(folder).rows == 4


def test_a_column_left_out_keeps_the_original_inside(dataset: Dataset, bring: Bring) -> None:
    bring(PEOPLE, overrides={"nom": {"drop": True}, "prenom": {"drop": True}})
    assert dataset.status == Status.PUBLISHED
    assert not may_fetch_original(ANONYMOUS, dataset, dataset.current)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("other", "inside"), [(HALLS, False), (PEOPLE, True)])
def test_the_other_files_of_an_archive_are_searched_before_it_is_shown(
    dataset: Dataset, tmp_path: Path, other: str, inside: bool
) -> None:
    path = tmp_path / "deux.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("salles.csv", HALLS)
        archive.writestr("autre.csv", other)
    imported = start_import(
        OPERATOR, deposit=deposit_file(OPERATOR, path), dataset=dataset, publish=True, reading={"member": "salles.csv"}
    )
    run_import_here(OPERATOR, imported)
    dataset.refresh_from_db()
    assert dataset.status == Status.PUBLISHED
    assert may_fetch_original(ANONYMOUS, dataset, dataset.current) is not inside


def test_a_version_written_before_is_searched_when_it_is_published(dataset: Dataset, bring: Bring) -> None:
    imported = bring(PEOPLE, publish=False)
    version = imported.version
    path = versions_folder(dataset.uid) / version.name / "manifest.json"
    body = json.loads(path.read_text(encoding="utf-8"))
    del body["checks"]["privacy"]
    path.write_text(json.dumps(body), encoding="utf-8")
    assert {finding.kind for finding in report_of(version).blocking} == {"name"}
    with pytest.raises(PublicationHeld):
        publish(OPERATOR, dataset, version)


def test_a_decision_taken_during_the_import_counts_for_its_version(dataset: Dataset, bring: Bring) -> None:
    imported = bring(PEOPLE)
    again = Import.objects.create(
        dataset=dataset, findings={"checks": {"privacy": report_of(imported.version).to_dict()}}
    )
    decide_import(OPERATOR, again, ground="office", explanation=WHY)
    assert bring(PEOPLE).state == Import.State.DONE


DOORS = (
    "/explore/dataset/inscrits/",
    "/explore/dataset/inscrits/table/",
    "/api/explore/v2.1/catalog/datasets/inscrits",
    "/api/explore/v2.1/catalog/datasets/inscrits/records",
    "/api/explore/v2.1/catalog/datasets/inscrits/exports/csv",
    "/api/explore/v2.0/catalog/datasets/inscrits/records",
    "/api/records/1.0/search/?dataset=inscrits",
    "/tiles/inscrits/0/0/0.mvt",
    "/ogc/collections/inscrits/items",
    "/api/parvis/v1/sql?q=select+*+from+inscrits",
)


def test_no_door_gives_what_waits(dataset: Dataset, bring: Bring) -> None:
    version = bring(PEOPLE).version
    original = f"/explore/dataset/inscrits/versions/{version.name}/original/"
    for door in (*DOORS, original):
        for address in (door, f"{door}{'&' if '?' in door else '?'}version={version.name}"):
            answer = Client().get(address)
            body = b"".join(answer) if answer.streaming else answer.content
            assert b"DUPONT" not in body, address
    listed = Client().get("/api/explore/v2.1/catalog/datasets")
    assert listed.json()["total_count"] == 0
