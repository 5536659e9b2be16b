"""A version is measured once after its publication; its score follows time, card and source, and its history is kept."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.core.quality.criteria import CRITERIA
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import unpublish, update_card
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import run_here
from parvis.hub.quality import services
from parvis.hub.quality.kinds import MEASURE, RECKON
from parvis.hub.quality.models import ScoreDay, SourceCheck, VersionPortraits, VersionQuality
from parvis.hub.quality.selectors import portraits_of, quality_report, score_days, visible_board
from parvis.hub.quality.sources import ask
from parvis.hub.territories.models import Territory
from parvis.hub.validation.selectors import bundled_ref
from parvis.hub.validation.services.dataset_schema import follow

pytestmark = pytest.mark.django_db


def square(west: float, south: float, side: float) -> dict:
    east, north = west + side, south + side
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def measured(version) -> None:
    run_here(OPERATOR, MEASURE, version=version.pk)


def waiting() -> list[dict]:
    return list(Job.objects.filter(kind=MEASURE, state=Job.State.QUEUED).values_list("arguments", flat=True))


def test_a_publication_asks_for_measures_in_the_background(publish, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        version = publish()
    assert waiting() == [{"version": version.pk}]
    assert not VersionQuality.objects.exists()


def test_a_measured_version_has_measures_portraits_and_a_score(publish, dataset):
    version = publish()
    measured(version)
    quality = quality_report(version)
    assert quality.measures.rows == 3
    assert quality.measures.filled["essence"] == pytest.approx(2 / 3, abs=1e-6)
    assert [portrait.name for portrait in portraits_of(version)][:2] == ["id", "essence"]
    row = VersionQuality.objects.get(version=version)
    assert row.score == quality.score.value
    assert set(row.shares) == {criterion.name for criterion in CRITERIA}
    assert [(d.score, d.version, d.is_new_version) for d in score_days(dataset)] == [(row.score, version.name, True)]


def test_measuring_twice_changes_nothing(publish):
    version = publish()
    measured(version)
    before = list(VersionQuality.objects.values("pk", "measures", "measured"))
    measured(version)
    assert list(VersionQuality.objects.values("pk", "measures", "measured")) == before
    assert VersionPortraits.objects.count() == ScoreDay.objects.count() == 1


def test_the_next_version_is_compared_with_the_one_before(publish, dataset):
    first = publish()
    second = publish("id;essence;longitude;latitude\n1;chêne;2.43;48.62\n")
    measured(second)
    drift = quality_report(second).measures.drift
    assert (drift.previous, drift.rows_before, drift.rows_after) == (first.name, 3, 1)


def test_a_version_whose_folder_is_gone_is_left_alone(publish, dataset):
    version = publish()
    shutil.rmtree(versions_folder(dataset.uid) / version.name)
    measured(version)
    assert not VersionQuality.objects.exists()


def test_places_are_sought_in_the_territory_of_the_card(publish, dataset):
    near = Territory.objects.create(
        kind="commune", code="91340", name="Lisses", folded="lisses", contour=square(2.42, 48.61, 0.025)
    )
    dataset.territories.add(near)
    version = publish()
    measured(version)
    places = quality_report(version).measures.places
    assert (places.area, places.looked, places.outside) == ("Lisses", 3, 1)


def test_without_every_contour_no_territory_is_held_against_the_data(dataset):
    with_contour = Territory.objects.create(
        kind="commune", code="91340", name="Lisses", folded="l", contour=square(0, 0, 1)
    )
    other = Territory.objects.create(kind="commune", code="69001", name="Affoux", folded="a")
    dataset.territories.add(with_contour, other)
    assert services.area_of(dataset).contour is None


def test_time_lowers_the_score_and_each_change_is_kept_once(publish, dataset, aged):
    version = publish()
    measured(version)
    now = timezone.now()
    start = VersionQuality.objects.get().score
    for day in (10, 39, 60, 61):
        services.reckon(dataset, now + timedelta(days=day))
    scores = {(row.day - timezone.localdate(now)).days: row.score for row in ScoreDay.objects.all()}
    assert list(scores) == [0, 60, 61]
    assert scores[0] == start > scores[60] > scores[61]
    assert VersionQuality.objects.get().score == scores[61]


def test_reckoning_the_same_day_twice_keeps_one_row(publish, dataset):
    measured(publish())
    services.reckon(dataset)
    services.reckon(dataset)
    assert ScoreDay.objects.count() == 1


def test_a_fuller_card_raises_the_score(publish, dataset, django_capture_on_commit_callbacks):
    version = publish()
    measured(version)
    before = VersionQuality.objects.get().score
    with django_capture_on_commit_callbacks(execute=True):
        update_card(OPERATOR, dataset, {"keywords": ["arbre"], "themes": ["environnement"]})
    assert waiting() == [{"version": version.pk}]
    measured(version)
    assert VersionQuality.objects.get().score > before


def test_a_withdrawn_dataset_is_no_longer_reckoned(publish, dataset):
    measured(publish())
    unpublish(OPERATOR, dataset)
    assert services.reckon(dataset) is None


def test_what_was_never_measured_is_asked_for_each_day(publish):
    version = publish()
    run_here(OPERATOR, RECKON, day=timezone.localdate().isoformat())
    assert waiting() == [{"version": version.pk}]


def test_a_board_shows_what_the_reader_may_see_with_its_weakest_point(publish, dataset):
    measured(publish())
    line = visible_board(ANONYMOUS)[0]
    assert (line.dataset_id, line.organisation, line.weakest) == ("arbres", "Ville de Lisses", "card")
    Dataset.objects.update(access="internal")
    assert visible_board(ANONYMOUS) == []


def test_the_faults_against_the_schema_that_is_followed_cost_points(publish, dataset):
    follow(OPERATOR, dataset, bundled_ref("scdl/prenoms"))
    good = "COLL_NOM,COLL_INSEE,ENFANT_SEXE,ENFANT_PRENOM,NOMBRE_OCCURRENCES,ANNEE\n" + "Lisses,91340,F,Emma,12,2024\n"
    version = publish(good + "Lisses,91340,F,Louise,beaucoup,2024\n" + "Lisses,91340,X,Jules,7,2024\n")
    measured(version)
    quality = quality_report(version)
    assert (quality.around.verdict.schema, quality.around.verdict.rows) == ("scdl/prenoms", 3)
    assert quality.around.verdict.faulty_rows >= 2
    assert "schema-faults" in {loss.code for _criterion, loss, _points in quality.score.to_do}


class TestSources:
    @pytest.fixture
    def answers(self, monkeypatch):
        error_by_url: dict[str, dict | None] = {}
        monkeypatch.setattr(services, "ask", lambda url, work: error_by_url.get(url))
        return error_by_url

    def test_a_source_that_fails_costs_its_points_until_it_answers(self, publish, dataset, answers):
        update_card(OPERATOR, dataset, {"source_url": "https://source.example/arbres.csv"})
        measured(publish())
        services.check_sources()
        services.reckon(dataset)
        assert VersionQuality.objects.get().shares["source"] == 1
        answers["https://source.example/arbres.csv"] = {"code": "fetch-status", "message": "Erreur 500"}
        services.check_sources(timezone.now() + timedelta(days=1))
        services.reckon(dataset)
        assert VersionQuality.objects.get().shares["source"] == 0
        since = SourceCheck.objects.get().failing_since
        services.check_sources(timezone.now() + timedelta(days=3))
        assert SourceCheck.objects.get().failing_since == since
        answers.clear()
        services.check_sources(timezone.now() + timedelta(days=9))
        assert SourceCheck.objects.get().failing_since is None

    def test_a_source_that_fails_is_asked_more_and_more_seldom(self, publish, dataset, monkeypatch):
        update_card(OPERATOR, dataset, {"source_url": "https://source.example/arbres.csv"})
        publish()
        days: list[int] = []
        start = timezone.now()
        for day in range(20):
            monkeypatch.setattr(
                services, "ask", lambda url, work, day=day: days.append(day) or {"code": "fetch-status"}
            )
            services.check_sources(start + timedelta(days=day))
        assert days == [0, 1, 2, 4, 8, 16]

    def test_a_machine_cut_off_accuses_no_source(self, publish, dataset, answers, organisation):
        for number in range(3):
            make_dataset(organisation, source_url=f"https://source{number}.example/")
            answers[f"https://source{number}.example/"] = {"code": "fetch-host"}
        assert services.check_sources() == 0
        assert not SourceCheck.objects.exists()

    def test_a_day_that_is_too_short_asks_first_what_was_asked_longest_ago(
        self, dataset, answers, organisation, monkeypatch
    ):
        for number in range(2):
            make_dataset(organisation, source_url=f"https://source{number}.example/")
        services.check_sources()
        SourceCheck.objects.filter(url="https://source0.example/").update(checked=timezone.now() - timedelta(days=9))
        seen = []
        monkeypatch.setattr(services, "ask", lambda url, work: seen.append(url))
        services.check_sources(timezone.now() + timedelta(days=1))
        assert seen == ["https://source0.example/", "https://source1.example/"]
        monkeypatch.setattr(services, "SOURCES_SECONDS", -1.0)
        assert services.check_sources() == 0
        assert SourceCheck.objects.count() == 2

    def test_no_source_is_asked_when_the_operator_forbids_it(self, publish, dataset, answers, settings):
        settings.PARVIS = {**settings.PARVIS, "PARVIS_SOURCE_CHECKS": False}
        update_card(OPERATOR, dataset, {"source_url": "https://source.example/"})
        publish()
        services.check_sources()
        assert not SourceCheck.objects.exists()

    def test_a_private_address_is_never_asked(self, tmp_path):
        error = ask("http://127.0.0.1:1/", tmp_path)
        assert error["code"] == "fetch-private"
