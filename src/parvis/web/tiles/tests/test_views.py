import gzip

import mapbox_vector_tile
import pytest

from parvis.core.mercator import TileAddress, mercator_x, mercator_y
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import rename_dataset
from parvis.hub.maps.factories import make_gardens, make_trees
from parvis.web.tiles import views

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
    answer = client.get(_address(dataset, z=18, query="?f=nom,hauteur,secret"))
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    feature = min(_decoded(answer)["points"]["features"], key=lambda feature: feature["id"])
    assert feature["id"] == 1
    assert feature["properties"] == {"nom": "Arbre n° 1", "hauteur": 0.1}


def test_a_tile_of_a_named_version_is_kept_by_browsers_and_never_sent_twice(client):
    dataset = make_trees(PLACES)
    address = _address(dataset, query=f"?v={dataset.current.name}")
    first = client.get(address, headers={"accept-encoding": "gzip"})
    assert first["Cache-Control"] == "public, max-age=86400, s-maxage=60, must-revalidate"
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
    first, second = make_trees(PLACES), make_trees(PLACES)
    assert client.get(_address(first))["ETag"] != client.get(_address(second))["ETag"]


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
    assert answer["Cache-Control"] == "private, no-cache"


def test_the_version_of_another_dataset_is_not_found(client):
    dataset, other = make_trees(PLACES), make_trees(PLACES, access=Access.RESTRICTED)
    assert client.get(_address(dataset, query=f"?v={other.current.name}")).status_code == 404


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


def _rows(answer) -> int:
    """How many rows a tile stands for, gathered or not."""
    if answer.status_code == 204:
        return 0
    layers = _decoded(answer)
    gathered = sum(feature["properties"]["n"] for feature in layers.get("clusters", {}).get("features", []))
    return gathered + len(layers.get("points", {}).get("features", []))


FILTERS = [
    ("where=espece='Tilleul'", 8),
    ("where=hauteur>2&where=hauteur<=3", 10),
    ("where=espece='Tilleul' or espece='Platane'", 16),
    ("refine=espece:Tilleul", 8),
    ("exclude=espece:Tilleul", 32),
    ("refine=espece:Tilleul&where=hauteur>2", 4),
    ("where=nom like 'arbre'", 40),
    ("where=hauteur>1000", 0),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
@pytest.mark.parametrize("zoom", [0, 6, 11])
def test_a_tile_draws_and_counts_only_the_rows_that_its_conditions_keep(client, query, expected, zoom):
    dataset = make_trees(PLACES)
    # All the places stand in one tile at these zooms.
    assert _rows(client.get(_address(dataset, zoom, query=f"?{query}"))) == expected


def test_the_rows_of_all_tiles_of_a_deep_zoom_are_those_that_the_condition_keeps(client):
    dataset = make_trees(PLACES)
    addresses = {_address(dataset, 15, place, "?exclude=espece:Tilleul") for place in PLACES}
    assert sum(_rows(client.get(address)) for address in addresses) == 32


def test_a_condition_reads_facets_as_the_card_annotates_them(client):
    dataset = make_trees(PLACES, fields={"espece": {"annotations": {"facet": True, "disjunctive": True}}})
    assert _rows(client.get(_address(dataset, 6, query="?refine=espece:Tilleul&refine=espece:Platane"))) == 16
    dataset = make_trees(PLACES)
    assert _rows(client.get(_address(dataset, 6, query="?refine=espece:Tilleul&refine=espece:Platane"))) == 0


@pytest.mark.parametrize(
    ("query", "code", "word"),
    [
        ("where=especes='x'", "odsql-unknown-field", "« espece »"),
        ("where=espece='x", "odsql-", "ODSQL"),
        ("where=espece > 3 >", "odsql-", "ODSQL"),
        ("refine=espece", "", "refine"),
        ("timezone=Nulle/Part", "", "timezone"),
    ],
)
def test_a_condition_that_makes_no_sense_is_explained(client, query, code, word):
    answer = client.get(_address(make_trees(PLACES), query=f"?{query}"))
    assert answer.status_code == 400
    assert answer.json()["error_code"].startswith(code)
    assert word in answer.json()["message"]
    assert answer["Cache-Control"] == "no-store"


def test_the_same_question_written_otherwise_is_the_same_tile(client):
    dataset = make_trees(PLACES)
    first = client.get(_address(dataset, query="?where=espece='Tilleul'"))
    second = client.get(_address(dataset, query='?where=  espece = "Tilleul" '))
    other = client.get(_address(dataset, query="?where=espece='Platane'"))
    assert first["ETag"] == second["ETag"] != other["ETag"]


def test_a_filtered_tile_of_a_named_version_is_kept_by_browsers(client):
    dataset = make_trees(PLACES)
    for name in ("v", "version"):
        answer = client.get(_address(dataset, query=f"?{name}={dataset.current.name}&where=hauteur>1"))
        assert "max-age=86400" in answer["Cache-Control"]


def test_a_question_about_now_is_asked_again_each_time(client):
    dataset = make_trees(PLACES)
    address = _address(dataset, query=f"?v={dataset.current.name}&where=plante_le < now()")
    first = client.get(address)
    assert first.status_code in (200, 400)
    assert "max-age" not in first["Cache-Control"]


def test_tiles_made_once_are_not_made_again(client, monkeypatch):
    dataset = make_trees(PLACES)
    made = []
    monkeypatch.setattr(views, "tile", lambda *args, **names: made.append(names["where"]) or b"x" * 10)
    for _turn in range(2):
        client.get(_address(dataset, query="?where=hauteur>1"))
    client.get(_address(dataset, query="?where=hauteur>2"))
    assert len(made) == 2


def test_the_layer_of_a_condition_counts_its_rows_and_leads_to_its_tiles(client):
    dataset = make_trees(PLACES)
    layer = client.get(f"/tiles/{dataset.dataset_id}/layer.json?where=hauteur>3.5&refine=espece:Tilleul").json()
    assert (layer["rows"], layer["allRows"]) == (1, 40)
    assert layer["bbox"] == pytest.approx([2.44 + 39 / 10_000, 48.62, 2.44 + 39 / 10_000, 48.62])
    n = 2**6
    x, y = int(mercator_x(2.44) * n), int(mercator_y(48.62) * n)
    address = layer["tiles"].replace("{z}", "6").replace("{x}", str(x)).replace("{y}", str(y))
    assert _rows(client.get(address)) == 1


def test_the_layer_of_a_condition_that_keeps_nothing_has_no_box(client):
    layer = client.get(f"/tiles/{make_trees(PLACES).dataset_id}/layer.json?where=hauteur>3500").json()
    assert (layer["rows"], layer["bbox"]) == (0, None)


def test_a_wrong_key_and_a_spent_budget_are_told(client, settings):
    dataset = make_trees(PLACES)
    refused = client.get(_address(dataset), headers={"authorization": "Apikey inconnue"})
    assert refused.status_code == 401
    settings.PARVIS = {**settings.PARVIS, "PARVIS_QUOTA_ANONYMOUS_CALLS": 1}
    who = {"REMOTE_ADDR": "192.0.2.78"}
    assert client.get(_address(dataset, query="?where=hauteur>1.11"), **who).status_code == 200
    answer = client.get(_address(dataset, query="?where=hauteur>1.12"), **who)
    assert answer.status_code == 429
    # What was made once costs the engine nothing more.
    assert client.get(_address(dataset, query="?where=hauteur>1.11"), **who).status_code == 200


def test_tiles_of_what_is_announced_and_not_open_are_refused(client):
    dataset = make_trees(PLACES, access=Access.RESTRICTED)
    dataset.announced = True
    dataset.save()
    assert client.get(_address(dataset)).status_code == 403
    assert client.get(f"/tiles/{dataset.dataset_id}/layer.json").status_code == 403
