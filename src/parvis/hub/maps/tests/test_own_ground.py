"""The ground of maps follows the territories that an operator gives."""

import gzip

import mapbox_vector_tile
import pytest
from shapely.geometry import MultiPolygon, box, mapping

from parvis.core.mercator import mercator_x, mercator_y
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import run_here
from parvis.hub.maps import own_ground
from parvis.hub.maps.kinds import GROUND
from parvis.hub.maps.services import territories_changed
from parvis.hub.territories.models import Reference, Territory
from parvis.hub.territories.services import use_shipped_reference
from parvis.hub.territories.updates import update_territories
from parvis.packs import bundled_files

pytestmark = pytest.mark.django_db
WEST, EAST, BEYOND = box(-4.5, 48.3, -4.45, 48.4), box(-4.45, 48.3, -4.4, 48.4), box(-4.4, 48.3, -4.3, 48.4)


@pytest.fixture
def finistere(settings, tmp_path, monkeypatch):
    """Three communes in a row, the last one of another department, in an instance of their own."""
    settings.PARVIS_HOME = tmp_path
    for name in ("abroad", "lakes", "rivers"):  # tiled in ten seconds, and the same as ever
        monkeypatch.setattr(bundled_files, name, lambda: {"features": []})
    own_ground.forget_ground()
    facts = {"region": "53", "folded": ""}
    Territory.objects.create(
        kind="region", code="53", name="Bretagne", contour=mapping(box(-4.5, 48.3, -4.3, 48.4)), **facts
    )
    rows = (("29019", "Brest", WEST, "29"), ("29075", "Guipavas", EAST, "29"), ("22001", "Allineuc", BEYOND, "22"))
    for code, name, where, department in rows:
        Territory.objects.create(
            kind="commune", code=code, name=name, department=department, contour=mapping(MultiPolygon([where])), **facts
        )
    yield tmp_path
    own_ground.forget_ground()


def tile(z, longitude, latitude):
    side = 2**z
    body = own_ground.ground_archive().tile(z, int(mercator_x(longitude) * side), int(mercator_y(latitude) * side))
    return mapbox_vector_tile.decode(gzip.decompress(body))


def values(layers, layer, name):
    return {feature["properties"].get(name) for feature in layers.get(layer, {}).get("features", [])}


def new_name():
    row = {
        "code": "29019",
        "name": "Brest-la-Neuve",
        "population": 10,
        "department": "29",
        "region": "53",
        "former_codes": [],
    }
    return update_territories(OPERATOR, "communes", [row], source="communes.json", revision="2027")


def test_territories_that_were_updated_are_those_of_the_ground_and_the_shipped_ones_come_back(finistere):
    shipped = own_ground.ground_revision()
    new_name()
    assert Job.objects.filter(kind=GROUND, state=Job.State.QUEUED).count() == 1
    run_here(OPERATOR, GROUND)
    layers = tile(10, -4.46, 48.35)
    assert "Brest-la-Neuve" in values(layers, "names", "name")
    assert values(layers, "borders", "kind") == {"commune", "departement"}
    assert own_ground.ground_revision() != shipped
    use_shipped_reference(OPERATOR)
    run_here(OPERATOR, GROUND)
    assert own_ground.ground_revision() == shipped


def test_what_ships_needs_no_ground_of_its_own(finistere):
    Reference.objects.update_or_create(pk=1, defaults={"shipped": True, "revision": "2026"})
    territories_changed(Territory)
    assert not Job.objects.filter(kind=GROUND).exists()
