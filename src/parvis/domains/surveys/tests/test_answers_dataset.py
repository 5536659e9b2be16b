"""What becomes of answers: a dataset that follows them, and nothing anywhere of those that are erased."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from parvis.core.progress import no_progress
from parvis.core.surveys.model import Field, Form, Kind, Section
from parvis.domains.surveys.models import Answer, AnswersDataset, Survey
from parvis.domains.surveys.outputs import write_answers
from parvis.domains.surveys.rules import State
from parvis.domains.surveys.services import decide, erase
from parvis.domains.surveys.tasks import write_dataset
from parvis.domains.surveys.tests.test_surveys import entry, make_survey, picture, send
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.publication_checks import PublicationHeld
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.rules import JobContext


def test_accepted_answers_are_a_dataset_that_follows_them(town, home):
    survey = make_survey(town.organisation, output="public", title="Arbres", shows_photos=True)
    for rank in range(3):
        place = {"q-ou-latitude": f"48.6{rank}", "q-ou-longitude": "2.55"}
        send(survey, town.reader, entry(**{"q-espece": f"Espèce {rank}", "q-photo": picture(), **place}))
    write_answers(OPERATOR, survey)
    dataset = AnswersDataset.objects.get(survey=survey).dataset
    dataset.refresh_from_db()
    assert (dataset.dataset_id, dataset.status, dataset.access) == ("collecte-arbres", Status.PUBLISHED, Access.PUBLIC)
    rows = Client().get("/api/explore/v2.1/catalog/datasets/collecte-arbres/records?limit=5").json()["results"]
    assert sorted(row["espece"] for row in rows) == ["Espèce 0", "Espèce 1", "Espèce 2"]
    assert dataset.current.has_geometry
    assert survey.get_absolute_url() in Client().get(f"{dataset.get_absolute_url()}information/").content.decode()
    photo = rows[0]["photo"]
    assert Client().get(photo[photo.index("/collectes") :]).status_code == 200
    name = dataset.current.name
    write_answers(OPERATOR, survey)
    dataset.refresh_from_db()
    assert dataset.current.name == name
    decide(OPERATOR, survey, [Answer.objects.first().pk], State.ASIDE)
    write_answers(OPERATOR, survey)
    dataset.refresh_from_db()
    assert dataset.current.rows == 2
    Survey.objects.filter(pk=survey.pk).update(output="internal")
    survey.refresh_from_db()
    write_answers(OPERATOR, survey)
    dataset.refresh_from_db()
    assert dataset.access == Access.INTERNAL


def test_a_draft_dataset_waits_for_somebody_and_no_other_dataset_is_written_over(town, home):
    first = make_survey(town.organisation, output="public", title="Bancs")
    send(first, town.reader, entry())
    write_answers(OPERATOR, first)
    Survey.objects.filter(pk=first.pk).update(slug="autres-bancs")
    second = make_survey(town.organisation, output="draft", title="Bancs")
    assert second.slug == "bancs"
    send(second, town.reader, entry())
    for _time in range(2):
        write_answers(OPERATOR, second)
    dataset = AnswersDataset.objects.get(survey=second).dataset
    dataset.refresh_from_db()
    assert (dataset.dataset_id, dataset.status, dataset.versions.count()) == ("collecte-bancs-2", Status.DRAFT, 1)


def test_personal_data_hold_the_dataset_back_and_the_list_of_answers_says_where_to_look(town, home):
    fields = (Field("nom", "Nom de famille"), Field("naissance", "Date de naissance", Kind.DATE))
    questions = Form((Section(fields=fields),)).as_json()
    survey = make_survey(town.organisation, output="public", questions=questions)
    for name in ("Fontaine", "Moreau", "Lefebvre"):
        send(survey, town.reader, {"entree": str(uuid4()), "q-nom": name, "q-naissance": "1980-03-02"})
    write_dataset(JobContext(Job(), OPERATOR, no_progress), survey.pk)
    dataset = AnswersDataset.objects.get().dataset
    assert (dataset.status, dataset.current, dataset.versions.count()) == (Status.DRAFT, None, 1)
    assert Client().get(dataset.get_absolute_url()).status_code == 404
    page = client_of(town.steward).get(f"/admin/collectes-reponses/{survey.slug}/").content.decode()
    assert "n’y sont pas encore" in page
    assert "donnees-personnelles/" in page


def test_what_is_erased_is_gone_from_every_version_of_the_dataset_even_when_it_was_the_last(town, home):
    survey = make_survey(town.organisation, output="public")
    for species in ("Chêne", "Xylosma"):
        send(survey, town.reader, entry(**{"q-espece": species}))
    write_answers(OPERATOR, survey)
    dataset = AnswersDataset.objects.get().dataset

    def rows():
        return Client().get(f"/api/explore/v2.1/catalog/datasets/{dataset.dataset_id}/records").json()

    assert rows()["total_count"] == 2
    for species, left in (("Xylosma", 1), ("Chêne", 0)):
        erase(OPERATOR, survey, [Answer.objects.get(values__espece=species).pk])
        write_answers(OPERATOR, survey)
        dataset.refresh_from_db()
        assert (rows()["total_count"], dataset.versions.count(), dataset.status) == (left, 1, Status.PUBLISHED)
    assert AnswersDataset.objects.get().erased is None


def test_what_is_erased_is_read_by_nobody_even_when_new_rows_hold_the_dataset_back(town, home):
    fields = (
        Field("espece", "Espèce"),
        Field("nom", "Nom de famille"),
        Field("naissance", "Date de naissance", Kind.DATE),
    )
    survey = make_survey(town.organisation, output="public", questions=Form((Section(fields=fields),)).as_json())
    for species in ("Chêne", "Xylosma"):
        send(survey, town.reader, entry(**{"q-espece": species}))
    write_answers(OPERATOR, survey)
    dataset = AnswersDataset.objects.get().dataset
    address = f"/api/explore/v2.1/catalog/datasets/{dataset.dataset_id}/records"
    assert Client().get(address).json()["total_count"] == 2
    for name in ("Fontaine", "Moreau", "Lefebvre"):
        send(survey, town.reader, entry(**{"q-nom": name, "q-naissance": "1980-03-02"}))
    erase(OPERATOR, survey, [Answer.objects.get(values__espece="Xylosma").pk])
    for _time in range(2):  # the second time, it waits to be opened again
        with pytest.raises(PublicationHeld):
            write_answers(OPERATOR, survey)
        assert Client().get(address).status_code == 404
        assert client_of(town.steward).get(address).json()["total_count"] == 4
        assert dataset.versions.count() == 1
    assert (
        "n’y sont pas encore"
        in client_of(town.steward).get(f"/admin/collectes-reponses/{survey.slug}/").content.decode()
    )
