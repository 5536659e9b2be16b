import gzip

import mapbox_vector_tile
import pytest
from pmtiles.reader import MemorySource, Reader

from parvis.core.basemap import building
from parvis.core.basemap.factories import CENTRE, make_extract
from parvis.core.mercator import mercator_x, mercator_y
from parvis.hub.maps import basemap_files, ign

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(settings, tmp_path):
    """The base map of a town, in service on an instance."""
    settings.PARVIS_HOME = tmp_path
    base_map = building.build(make_extract(tmp_path / "quimper.osm.pbf"), basemap_files.folder())
    basemap_files.base_map_in_service.cache_clear()
    yield base_map
    basemap_files.base_map_in_service.cache_clear()


def body_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_tile_of_the_ground_is_the_same_for_all_and_sent_once(client):
    answer = client.get("/carte/base/10/518/353.mvt", headers={"accept-encoding": "gzip"})
    assert "Cookie" not in answer["Vary"]
    again = client.get(
        "/carte/base/10/518/353.mvt", headers={"accept-encoding": "gzip", "if-none-match": answer["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    plain = client.get("/carte/base/10/518/353.mvt")
    assert gzip.decompress(answer.content) == plain.content
    assert client.get("/carte/base/3/8/0.mvt").status_code == 400
    assert client.get("/carte/base/18/0/0.mvt").status_code == 204


def test_the_built_base_map_is_served_by_tiles_under_a_name_that_never_changes(client, built):
    x, y = int(mercator_x(CENTRE[0]) * 2**14), int(mercator_y(CENTRE[1]) * 2**14)
    answer = client.get(f"/carte/fond/{built.name}/14/{x}/{y}.mvt")
    assert "roads" in mapbox_vector_tile.decode(answer.content)
    assert "immutable" in answer["Cache-Control"]
    assert client.get(f"/carte/fond/{built.name}/14/0/0.mvt").status_code == 204
    assert client.get("/carte/fond/inconnu/14/0/0.mvt").status_code == 404


def test_the_built_base_map_is_served_whole_and_in_parts(client, built):
    address, whole = f"/carte/fond/{built.name}.pmtiles", built.path(basemap_files.folder()).read_bytes()
    header = client.get(address, headers={"range": "bytes=0-126"})
    assert (header.status_code, body_of(header)) == (206, whole[:127])
    assert header["Content-Range"] == f"bytes 0-126/{len(whole)}"
    assert "immutable" in header["Cache-Control"]
    assert Reader(MemorySource(whole)).metadata()["attribution"] == "© les contributeurs d’OpenStreetMap"
    assert body_of(client.get(address)) == whole
    assert client.head(address)["Content-Length"] == str(len(whole))
    assert client.get(address, headers={"range": f"bytes={len(whole)}-"}).status_code == 416
    stale = client.get(address, headers={"range": "bytes=0-126", "if-range": '"other"'})
    assert (stale.status_code, len(body_of(stale))) == (200, len(whole))
    assert client.get("/carte/fond/inconnu.pmtiles").status_code == 404


def test_tiles_of_ign_are_there_only_when_the_operator_chose_them(client, settings, monkeypatch):
    monkeypatch.setattr(ign, "stored_tile", lambda z, x, y: None)
    monkeypatch.setattr(ign, "tile", lambda z, x, y: b"png")
    assert client.get("/carte/ign/12/2075/1409.png").status_code == 404
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAP_BASE": "ign"}
    answer = client.get("/carte/ign/12/2075/1409.png")
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/png", b"png")

    def silent(z, x, y):
        raise ign.TileUnavailable

    monkeypatch.setattr(ign, "tile", silent)
    refused = client.get("/carte/ign/12/2075/1409.png")
    assert (refused.status_code, refused["Cache-Control"]) == (503, "no-store")
