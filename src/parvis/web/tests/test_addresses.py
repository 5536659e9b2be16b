import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/explore/?q=v%00elo", 200),
        ("/explore/?theme=%00&organisation=%00", 200),
        ("/territoires/?q=%00", 200),
        ("/api/explore/v2.1/catalog/datasets?where=%22a%00b%22", 200),
        ("/tiles/a%00b/0/0/0.mvt", 404),
        ("/explore/dataset/a%00b/", 404),
    ],
)
def test_a_nul_character_breaks_no_door(client, address, status):
    assert client.get(address).status_code == status


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete", "options"])
@pytest.mark.parametrize(
    "address",
    [
        "/api/explore/v2.1/catalog/data%00sets",
        "/api/explore/v2.1/catalog/datasets/%ff%fe/records",
        "/api/explore/v2.1/catalog/datasets/a/records/%00",
        "/api/explore/v2.0/x%00",
        "/api/v2/%c3%28",
        "/api/explore/v9/%00",
        "/api/datasets/1.0/%00/",
        "/api/records/1.0/search%00",
        "/api/records/1.0/%ed%a0%80",
        "/explore/dataset/a%00/download/",
    ],
)
def test_a_path_that_cannot_be_read_is_refused_in_the_words_of_its_door(client, address, method):
    answer = getattr(client, method)(address)
    assert answer.status_code in ({200} if method == "options" else {404, 405})
    assert answer["Access-Control-Allow-Origin"] == "*"
    if method not in ("head", "options"):
        assert answer.json()["error_code"] in ("NotFoundURI", "NotFoundResource", "MethodNotAllowed")


def test_the_other_characters_of_an_address_are_left_alone(client):
    assert 'value="vélo &amp; %' in client.get("/explore/?q=v%00%C3%A9lo+%26+%25").content.decode()
