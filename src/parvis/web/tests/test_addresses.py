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


def test_the_other_characters_of_an_address_are_left_alone(client):
    assert 'value="vélo &amp; %' in client.get("/explore/?q=v%00%C3%A9lo+%26+%25").content.decode()
