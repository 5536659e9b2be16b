import gzip

import mapbox_vector_tile
import pytest

from parvis.core.geo.mercator import TileAddress, mercator_x, mercator_y
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import rename_dataset
from parvis.hub.maps.factories import make_gardens, make_trees

pytestmark = pytest.mark.django_db

PLACES = [(2.44 + n / 10_000, 48.62) for n in range(40)]


def _decoded(answer) -> dict:
    content = gzip.decompress(answer.content) if answer.get("Content-Encoding") == "gzip" else answer.content
    return mapbox_vector_tile.decode(content)


def _address(dataset, z=16, place=PLACES[0], query="") -> str:
    n = 2**z
    at = TileAddress(z, int(mercator_x(place[0]) * n), int(mercator_y(place[1]) * n))
    return f"/tiles/{dataset.dataset_id}/{at.z}/{at.x}/{at.y}.mvt{query}"


def test_a_tile_holds_the_rows_of_its_place_and_the_values_asked_for(client):
    dataset = make_trees(PLACES)
    answer = client.get(_address(dataset, query="?f=nom,hauteur,secret"))
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    feature = min(_decoded(answer)["points"]["features"], key=lambda feature: feature["id"])
    assert feature["id"] == 1
    assert feature["properties"] == {"nom": "Arbre n° 1", "hauteur": 0.1}


def test_a_tile_of_a_named_version_is_kept_for_ever_and_never_sent_twice(client):
    dataset = make_trees(PLACES)
    address = _address(dataset, query=f"?v={dataset.current.name}")
    first = client.get(address, headers={"accept-encoding": "gzip"})
    assert first["Cache-Control"] == "public, max-age=31536000, immutable"
    assert first["Content-Encoding"] == "gzip"
    assert not first["ETag"].startswith("W/")
    again = client.get(address, headers={"accept-encoding": "gzip", "if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = client.get(address)
    assert plain["ETag"] != first["ETag"]
    assert gzip.decompress(first.content) == plain.content


def test_a_tile_without_a_version_is_asked_again_each_time(client):
    assert client.get(_address(make_trees(PLACES)))["Cache-Control"] == "public, no-cache"


def test_a_new_version_has_another_etag(client):
    one, two = make_trees(PLACES), make_trees(PLACES)
    assert client.get(_address(one))["ETag"] != client.get(_address(two))["ETag"]


def test_where_nothing_is_the_answer_is_empty(client):
    answer = client.get(f"/tiles/{make_trees(PLACES).dataset_id}/10/0/0.mvt")
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("status", [Status.DRAFT, Status.UNPUBLISHED, Status.DELETED])
def test_tiles_of_what_is_not_published_do_not_exist(client, status):
    dataset = make_trees(PLACES, status=status)
    assert client.get(_address(dataset)).status_code == 404
    assert client.get(f"/tiles/{dataset.dataset_id}/layer.json").status_code == 404


def test_tiles_of_internal_datasets_are_for_members_and_stay_in_their_browser(client):
    dataset = make_trees(PLACES, access=Access.INTERNAL)
    assert client.get(_address(dataset)).status_code == 404
    assert client.get(f"/tiles/{dataset.dataset_id}/layer.json").status_code == 404
    client.force_login(make_member(dataset.organisation, Role.READER))
    answer = client.get(_address(dataset, query=f"?v={dataset.current.name}"))
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("private")


def test_the_version_of_another_dataset_is_not_found(client):
    one, two = make_trees(PLACES), make_trees(PLACES, access=Access.RESTRICTED)
    assert client.get(_address(one, query=f"?v={two.current.name}")).status_code == 404


@pytest.mark.parametrize("place", ["19/0/0", "3/8/0", "3/0/8"])
def test_an_address_outside_the_pyramid_is_refused_with_its_reason(client, place):
    answer = client.get(f"/tiles/{make_trees(PLACES).dataset_id}/{place}.mvt")
    assert answer.status_code == 400
    assert answer.json()["error_code"] == "tile-address"


def test_a_renamed_dataset_redirects_its_tiles(client):
    dataset = make_trees(PLACES, dataset_id="arbres-anciens")
    address = _address(dataset, query="?f=nom")
    rename_dataset(OPERATOR, dataset, "arbres-nouveaux")
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (301, address.replace("anciens", "nouveaux"))


def test_nothing_can_be_written_through_a_tile(client):
    assert client.post(_address(make_trees(PLACES))).status_code == 405


def test_the_layer_of_a_dataset_is_sent_once(client):
    dataset = make_trees(PLACES)
    answer = client.get(f"/tiles/{dataset.dataset_id}/layer.json")
    assert answer.json()["rows"] == 40
    again = client.get(f"/tiles/{dataset.dataset_id}/layer.json", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_a_dataset_of_areas_is_drawn_as_shapes(client):
    text = "POLYGON((2.4 48.6, 2.5 48.6, 2.5 48.7, 2.4 48.7, 2.4 48.6))"
    dataset = make_gardens([text], (2.4, 48.6, 2.5, 48.7))
    tile = _decoded(client.get(_address(dataset, 12, (2.45, 48.65), "?f=nom")))
    assert [feature["properties"] for feature in tile["shapes"]["features"]] == [{"nom": "Arbre n° 1"}]


def test_a_dataset_that_does_not_exist_is_not_found(client):
    assert client.get("/tiles/inconnu/0/0/0.mvt").status_code == 404


def test_the_base_map_is_served_from_here_and_kept_for_ever(client):
    answer = client.get("/carte/base/10/518/353.mvt")
    assert answer.status_code == 200
    assert "immutable" in answer["Cache-Control"]
    places = client.get("/carte/base/lieux.json").json()
    assert places["features"][0]["properties"]["name"] == "Paris"
