"""Charts of columns that hold codes of territories, with the reference that Parvis ships."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from django.http import QueryDict

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version as make_folder
from parvis.core.text import fold
from parvis.core.versions.manifest import ColumnProfile, write_manifest
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.charts.answers import answer
from parvis.hub.charts.frames import frame_of
from parvis.hub.charts.maker import as_fields, fields_of, read_description
from parvis.hub.charts.trails import trails_of
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.datastore.selectors import described_source
from parvis.hub.drawings.places import places
from parvis.hub.drawings.questions import table_of
from parvis.hub.sites.lens import looking_through
from parvis.hub.sites.selectors import lens_on
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db

SQUARE = {"type": "Polygon", "coordinates": [[[2.4, 48.6], [2.45, 48.6], [2.45, 48.65], [2.4, 48.65], [2.4, 48.6]]]}
EVRY, GRIGNY, ISSY = ("91228", "Évry-Courcouronnes", 60_000), ("91286", "Grigny", 30_000), ("92040", "Issy", 70_000)
ROWS = [("91228", 120), ("91182", 60), ("91286", 60), ("92040", 70), ("99998", 5)]


@pytest.fixture(autouse=True)
def _reference():
    def make(kind, code, name, population, **more):
        Territory.objects.create(kind=kind, code=code, name=name, folded=fold(name), population=population, **more)

    make("epci", "200059228", "Grand Paris Sud", 350_000)
    make("departement", "91", "Essonne", 1_300_000)
    make("departement", "92", "Hauts-de-Seine", 1_600_000)
    for (code, name, population), former in ((EVRY, ["91182"]), (GRIGNY, []), (ISSY, [])):
        parents = {"department": code[:2], "epci": "" if code == "92040" else "200059228"}
        contour = SQUARE if code == "91286" else None
        make("commune", code, name, population, former_codes=former, contour=contour, **parents)
    make("commune", "75056", "Paris", 2_100_000, department="75")


def make_places():
    dataset = make_dataset(title="Places", dataset_id="places")
    columns = (
        Column("insee", "Code INSEE", ColumnType.TEXT, kind="insee_commune"),
        Column("places", "Places", ColumnType.INT),
    )
    source = make_folder(versions_folder(dataset.uid) / dataset.current.name, columns, ROWS)
    profile = {"insee": ColumnProfile(0, len(ROWS)), "places": ColumnProfile(0, 4, 5, 120)}
    write_manifest(Path(source.key), replace(source.manifest, profile=profile))
    return dataset


def described(mark="bars", **source):
    return ChartDescription(
        mark, (SeriesSource("places", grouping="insee", calculation="sum", measure="places", **source),)
    )


def values(**source):
    return {point.group: point.value for point in answer(ANONYMOUS, described(**source)).reading.points}


def test_communes_are_brought_together_by_their_intercommunality_and_their_department():
    make_places()
    assert values(territory="epci") == {"Grand Paris Sud": 240}
    assert values(territory="departement") == {"Essonne": 240, "Hauts-de-Seine": 70}


def test_a_measure_is_related_to_the_inhabitants_of_the_reference():
    make_places()
    assert values(per="inhabitants") == {"Évry-Courcouronnes": 3.0, "Grigny": 2.0, "Issy": 1.0}
    assert values(territory="departement", per="inhabitants")["Essonne"] == pytest.approx(1000 * 240 / 1_300_000)


def test_a_density_is_told_for_the_only_places_whose_contour_is_shipped():
    make_places()
    frame = frame_of(ANONYMOUS, described(per="km2"))
    assert [row[0].text for row in frame.cells] == ["Grigny"]
    assert "dont la surface n’est pas connue" in frame.sentence
    assert "contours livrés (IGN)" in frame.reference


def test_the_rows_of_a_commune_are_not_counted_for_a_larger_territory():
    make_places()
    lens = lens_on(Territory.objects.get(code="91286"))
    with looking_through(lens):
        assert [row[0].text for row in frame_of(ANONYMOUS, described(territory="commune")).cells] == ["Grigny"]
        for level in ("epci", "departement"):
            frame = frame_of(ANONYMOUS, described(territory=level))
            assert (frame.code, frame.cells) == ("chart-broader", [])
            assert "que les lignes qui concernent Grigny" in frame.error
    assert len(frame_of(ANONYMOUS, described(territory="departement")).cells) == 2


def test_the_source_line_names_the_population_and_its_year():
    make_places()
    assert "2023" in frame_of(ANONYMOUS, described(per="inhabitants")).reference
    assert frame_of(ANONYMOUS, described()).reference == ""


def test_the_trail_of_a_rate_tells_both_numbers_and_leads_to_the_rows_of_the_code():
    make_places()
    trails = trails_of(answer(ANONYMOUS, described(per="inhabitants")))
    facts = dict(trails["Grigny", ""].facts)
    assert (facts["Valeur rapportée"], facts["Habitants"]) == ("60", "30\u202f000")
    assert parse_qs(urlparse(trails["Grigny", ""].address).query)["valeur"] == ["91286"]
    both = trails["Évry-Courcouronnes", ""]
    assert dict(both.facts)["Codes réunis"] == "91182, 91228" or dict(both.facts)["Codes réunis"] == "91228, 91182"
    assert "valeur" not in parse_qs(urlparse(both.address).query)


def test_the_form_offers_levels_and_rates_only_where_codes_are_and_its_address_says_them():
    dataset = make_places()
    table = table_of(described_source(dataset, dataset.current))
    query = QueryDict("type=bars&groupe=insee&calcul=sum&mesure=places&territoire=epci&rapport=inhabitants")
    chart = read_description(query, "places", table)
    assert (chart.sources[0].territory, chart.sources[0].per) == ("epci", "inhabitants")
    assert {"territoire", "rapport"} <= {select.name for select in fields_of(chart, table)}
    assert {("territoire", "epci"), ("rapport", "inhabitants")} <= set(as_fields(chart))
    other = read_description(QueryDict("type=bars&groupe=places&territoire=epci"), "places", table)
    assert other.sources[0].territory == ""
    assert "territoire" not in {select.name for select in fields_of(other, table)}


def test_codes_are_understood_with_lost_zeros_as_iris_and_as_districts():
    Territory.objects.create(kind="commune", code="01001", name="L’Abergement", folded="abergement", population=800)
    assert places("insee_commune", ["1001", "91182", "75103"], "commune").keys() == {"1001", "91182", "75103"}
    assert places("insee_commune", ["75103"], "commune")["75103"].name == "Paris"
    assert places("iris", ["912860101"], "commune")["912860101"].code == "91286"
    assert places("department", ["91"], "departement")["91"].inhabitants == 1_300_000
    assert places("epci", ["200059228", "000000000"], "epci").keys() == {"200059228"}


def test_codes_that_are_not_brought_together_are_called_by_name_all_the_same():
    make_places()
    frame = frame_of(ANONYMOUS, described())
    texts = [row[0].text for row in frame.cells]
    assert texts == ["Évry-Courcouronnes", "Issy", "Évry-Courcouronnes (91182)", "Grigny", "99998"]
    assert "Évry-Courcouronnes vient en tête" in frame.sentence
    assert frame.sentence.endswith("pour 5 communes.")
    assert frame.title == "Places par commune"
    first = next(iter(trails_of(answer(ANONYMOUS, described())).values()))
    assert parse_qs(urlparse(first.address).query)["valeur"] == ["91228"]


def test_a_label_given_by_a_person_goes_before_the_name_of_the_reference():
    dataset = make_places()
    dataset.fields = {"insee": {"annotations": {"labels": {"91228": "Chez nous"}}}}
    dataset.save()
    assert "Chez nous" in values()
