"""Rows of a subject become a dataset: once an hour after a change, at once after a withdrawal, each night, and never again once withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from parvis.core.metadata import FREQUENCY_BY_SLUG, LICENCE_BY_SLUG, THEME_BY_SLUG
from parvis.core.progress import no_progress
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.charts.models import Chart
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import run_here
from parvis.hub.publications.declaration import Publication
from parvis.hub.publications.kinds import EACH, PUBLISH
from parvis.hub.publications.services import publish_rows
from parvis.hub.records.services import publish, withdraw
from parvis.hub.registry import MODULES, Module, publications
from parvis.hub.validation.models import Verdict
from parvis.hub.validation.selectors import followed
from parvis.hub.validation.services import stop_following

pytestmark = pytest.mark.django_db

ROWS = [["01", "Évry", True, None], ["02", "Lieusaint; « ville »", False, 3]]


def publication(rows=ROWS, follows=None) -> Publication:
    card = {
        "title": "Essai",
        "description": "Pour essayer.",
        "licence": "lov2",
        "overrides": {"code": {"type": "text"}},
    }
    return Publication(
        dataset_id="essai",
        card=card,
        columns=("code", "nom", "vrai", "nombre"),
        rows=lambda _day: rows,
        follows=follows,
    )


@pytest.fixture
def module(monkeypatch):
    monkeypatch.setitem(MODULES, "essai", Module(slug="essai", publishes=(publication(follows=Chart),)))


def test_rows_are_a_dataset_whose_columns_are_as_the_card_says(home):
    make_organisation()
    dataset = publish_rows(OPERATOR, publication(), timezone.localdate(), no_progress)
    assert {column.name: str(column.type) for column in shape_of(dataset)} == {
        "code": "text",
        "nom": "text",
        "vrai": "boolean",
        "nombre": "int",
    }
    assert dataset.current.rows == 2
    assert publish_rows(OPERATOR, publication(), timezone.localdate(), no_progress) is None
    assert publish_rows(OPERATOR, publication([*ROWS, ["03", "x", True, 1]]), timezone.localdate(), no_progress)
    assert Dataset.objects.get(dataset_id="essai").versions.count() == 2


def test_acts_of_an_hour_make_one_publication_when_it_ends(home, module):
    chart = make_chart(make_stands())
    publish_rows(OPERATOR, publication(follows=Chart), timezone.localdate(), no_progress)
    withdraw(OPERATOR, chart)
    Job.objects.filter(kind=PUBLISH).delete()
    publish(OPERATOR, chart)
    publish(OPERATOR, chart)
    job = Job.objects.get(kind=PUBLISH)
    assert job.arguments == {"dataset": "essai"}
    assert "essai" in job.key
    assert datetime.fromisoformat(job.key.split()[1]).minute == 0


def test_a_module_may_publish_one_dataset_a_thing_and_only_what_a_record_concerns_is_written_again(home, monkeypatch):
    charts = [make_chart(make_stands()), make_chart(make_stands(dataset_id="autres"))]

    def of_each():
        for chart in charts:
            yield replace(
                publication(follows=Chart),
                dataset_id=f"de-{chart.pk}",
                concerns=lambda record, pk=chart.pk: record.pk == pk,
            )

    monkeypatch.setitem(MODULES, "essai", Module(slug="essai", publications=of_each))
    assert [row.dataset_id for row in publications() if row.dataset_id.startswith("de-")] == [
        f"de-{chart.pk}" for chart in charts
    ]
    Job.objects.filter(kind=PUBLISH).delete()
    withdraw(OPERATOR, charts[1])
    assert Job.objects.get(kind=PUBLISH).arguments == {"dataset": f"de-{charts[1].pk}"}


def test_a_dataset_follows_its_schema_from_its_first_version_and_people_may_choose_another(home):
    make_organisation()
    equipment = replace(publication(), schema="scdl/prenoms")
    dataset = publish_rows(OPERATOR, equipment, timezone.localdate(), no_progress)
    assert followed(dataset).name == "scdl/prenoms"
    assert Verdict.objects.get(dataset_version=dataset.current).valid is False
    stop_following(OPERATOR, dataset)
    publish_rows(OPERATOR, replace(equipment, rows=lambda _day: ROWS[:1]), timezone.localdate(), no_progress)
    assert followed(dataset) is None


def test_versions_made_before_rows_were_erased_go_once_a_later_one_is_there(home):
    make_organisation()
    dataset = publish_rows(OPERATOR, publication(), timezone.localdate(), no_progress)
    publish_rows(OPERATOR, publication([ROWS[0], ["04", "x", True, 1]]), timezone.localdate(), no_progress)
    assert dataset.versions.count() == 2
    emptied = replace(publication([]), may_be_emptied=True, erased=timezone.now)
    dataset = publish_rows(OPERATOR, emptied, timezone.localdate(), no_progress)
    (version,) = dataset.versions.all()
    assert (version.pk, version.rows) == (dataset.current_id, 0)
    folders = [path.name for path in versions_folder(dataset.uid).iterdir()]
    assert folders == [version.name]


def test_a_dataset_is_not_made_of_no_rows(home):
    make_organisation()
    empty = replace(publication([]), may_be_emptied=True)
    assert publish_rows(OPERATOR, empty, timezone.localdate(), no_progress) is None
    assert not Dataset.objects.filter(dataset_id="essai").exists()


def test_the_first_publication_does_not_wait_for_the_end_of_the_hour(home, module):
    make_chart(make_stands())
    job = Job.objects.get(kind=PUBLISH)
    assert datetime.fromisoformat(job.key.split()[1]) - timezone.now() <= timedelta(minutes=1)


def test_what_is_taken_away_does_not_wait_for_the_end_of_the_hour(home, module):
    chart = make_chart(make_stands())
    publish_rows(OPERATOR, publication(follows=Chart), timezone.localdate(), no_progress)
    Job.objects.filter(kind=PUBLISH).delete()
    withdraw(OPERATOR, chart)
    job = Job.objects.get(kind=PUBLISH)
    assert datetime.fromisoformat(job.key.split()[1]) - timezone.now() <= timedelta(minutes=1)


def test_each_night_every_dataset_is_asked_for_by_itself(home, module):
    run_here(OPERATOR, EACH, day="2026-11-28")
    assert {"essai", "usage-du-portail"} <= {job.arguments["dataset"] for job in Job.objects.filter(kind=PUBLISH)}


def test_cards_name_terms_that_catalogues_have():
    assert publications()
    for row in publications():
        assert {*row.card.get("themes", ())} <= {*THEME_BY_SLUG}, row.dataset_id
        assert row.card["licence"] in LICENCE_BY_SLUG, row.dataset_id
        assert row.card["frequency"] in FREQUENCY_BY_SLUG, row.dataset_id
