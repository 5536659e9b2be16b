"""Bringing territories to a newer file."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone
from shapely.geometry import box, mapping, shape

from parvis.core.errors import Forbidden
from parvis.core.geo.areas import square_kilometres
from parvis.core.geo.territory_files import LINES, BadTerritories, read_territories
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.territories.models import Contour, Reference, Territory
from parvis.hub.territories.selectors import by_code, population_year
from parvis.hub.territories.services import load_reference
from parvis.hub.territories.updates import update_territories

pytestmark = pytest.mark.django_db
WEST, EAST = box(-4.5, 48.3, -4.45, 48.4), box(-4.45, 48.3, -4.4, 48.4)


@pytest.fixture
def finistere():
    """Two communes side by side, of one intercommunal body and one department."""
    facts = {"department": "29", "region": "53", "folded": ""}
    for kind, code in (("epci", "242900314"), ("departement", "29")):
        Territory.objects.create(kind=kind, code=code, name=code, contour=mapping(WEST.union(EAST)), **facts)
    for code, name, where in (("29019", "Brest", WEST), ("29075", "Guipavas", EAST)):
        Territory.objects.create(
            kind="commune", code=code, name=name, epci="242900314", population=10, contour=mapping(where), **facts
        )


def listed(*rows: tuple[str, str, list[str]]) -> list[dict]:
    return [
        {"code": code, "name": name, "population": 10, "department": "29", "region": "53", "former_codes": former}
        for code, name, former in rows
    ]


MERGED = listed(("29019", "Brest", ["29075"]))


def update(kind, rows, **more):
    return update_territories(OPERATOR, kind, rows, source="communes.json", revision="2027", **more)


def test_a_merged_commune_is_followed_with_its_contour_its_code_and_the_datasets_about_it(finistere):
    dataset = make_dataset(title="Arbres")
    dataset.territories.add(by_code("commune", "29075"))
    changes = update("communes", MERGED)
    assert changes.merged == [("29075", "29019")]
    brest = by_code("commune", "29019")
    assert not Territory.objects.filter(code="29075").exists()
    assert brest.former_codes == ["29075"]
    assert shape(brest.contour).equals(WEST.union(EAST))
    assert list(dataset.territories.values_list("code", flat=True)) == ["29019"]
    assert by_code("epci", "242900314").population == 10
    assert Entry.objects.filter(action="territories.update").count() == 1


@pytest.mark.parametrize(
    ("given_year", "year"), [({}, timezone.localdate().year - 3), ({"population_year": 2024}, 2024)]
)
def test_the_year_of_new_populations_is_said(finistere, given_year, year):
    before = population_year()
    assert update("communes", listed(("29019", "Brest", []), ("29075", "Guipavas", []))).population_year is None
    assert population_year() == before
    rows = listed(("29019", "Brest", []), ("29075", "Guipavas", []))
    assert update("communes", [{**row, "population": 12} for row in rows], **given_year).population_year == year
    assert population_year() == year


def test_the_same_file_again_changes_nothing(finistere):
    update("communes", MERGED)
    before = list(Territory.objects.order_by("pk").values())
    assert update("communes", MERGED).total == 0
    assert list(Territory.objects.order_by("pk").values()) == before


def test_a_dry_run_tells_and_writes_nothing(finistere):
    changes = update("communes", MERGED, dry_run=True)
    assert changes.merged == [("29075", "29019")]
    assert Territory.objects.filter(code="29075").exists()
    assert not Reference.objects.exists()


def test_nothing_is_lost_when_the_update_fails_on_the_way(finistere):
    with pytest.raises(KeyError):
        update("communes", [*MERGED, {"code": "29151", "name": "Morlaix"}])
    assert Territory.objects.filter(code="29075").exists()


def test_new_contours_change_what_is_made_of_them_and_follow_what_they_swallow(finistere):
    wider = mapping(box(-4.6, 48.3, -4.4, 48.4))
    changes = update("contours", [{"code": "29019", "name": "Un vieux nom", "geometry": wider}])
    assert changes.merged == [("29075", "29019")]
    assert by_code("commune", "29019").name == "Brest"
    area = Contour.objects.get(territory__kind="departement").area
    assert area == pytest.approx(square_kilometres(wider))


def test_the_contours_of_districts_are_those_of_their_commune():
    Territory.objects.create(kind="commune", code="75056", name="Paris", folded="paris", department="75", region="11")
    rows = [{"code": f"751{n:02}", "name": "Paris", "geometry": mapping(one)} for n, one in ((1, WEST), (2, EAST))]
    assert update("contours", rows).created == []
    assert shape(by_code("commune", "75056").contour).equals(WEST.union(EAST))


def test_a_body_that_loses_a_commune_is_drawn_without_it(finistere):
    changes = update("epci", [{"code": "242900314", "name": "Brest métropole", "members": ["29019"]}])
    assert "commune:29075" in changes.changed
    assert shape(by_code("epci", "242900314").contour).equals(WEST)
    assert by_code("commune", "29075").epci == ""


def test_a_file_given_by_an_operator_is_not_undone_by_the_reference_shipped(finistere):
    update("communes", MERGED)
    assert load_reference(OPERATOR) == 0


def test_only_who_has_every_right_updates_territories(finistere):
    with pytest.raises(Forbidden):
        update_territories(ANONYMOUS, "communes", MERGED, source="", revision="")


@pytest.mark.parametrize(
    "content",
    [
        b"[[[[",
        b"[]",
        b'[{"type": "commune-actuelle"}]',
        b"a;b\n1;2\n",
        b'[{"membres": [], "code": "1", "nom": "x", "type": "CC"}]',
    ],
)
def test_a_file_that_holds_no_territory_is_refused_with_a_reason(tmp_path, content):
    path = tmp_path / "communes"
    path.write_bytes(content)
    with pytest.raises(BadTerritories):
        read_territories(path, tmp_path, name="communes")


def test_a_layer_of_admin_express_is_read_simplified_with_borders_in_common(tmp_path):
    features = [
        {"type": "Feature", "properties": {"INSEE_COM": code, "NOM": name, "POPULATION": 3, "SIREN_EPCI": "242900314/200000000"}, "geometry": mapping(area)}
        for code, name, area in (("29019", "Brest", WEST), ("2A004", "Ajaccio", EAST))
    ]  # fmt: skip
    path = tmp_path / "COMMUNE.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert read_territories(path, tmp_path, name="COMMUNE.geojson") == "contours"
    rows = [json.loads(line) for line in (tmp_path / LINES).read_text().splitlines()]
    assert [(row["code"], row["name"], row["population"], row["epci"]) for row in rows] == [
        ("29019", "Brest", 3, "242900314"),
        ("2A004", "Ajaccio", 3, "242900314"),
    ]
    assert shape(rows[0]["geometry"]).touches(shape(rows[1]["geometry"]))
