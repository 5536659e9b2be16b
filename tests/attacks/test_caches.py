"""What is withdrawn is gone from caches that readers share within minutes, and is answered to nobody at once."""

from __future__ import annotations

import re

import pytest

from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.catalogue.rules import Access, cache_control
from parvis.hub.catalogue.services import unpublish
from parvis.hub.maps.factories import make_trees

pytestmark = pytest.mark.django_db

MINUTES = 300
PLACES = [(2.44, 48.62), (2.45, 48.63)]
ADDRESSES = (
    "/tiles/{id}/10/518/353.mvt?v={version}",
    "/tiles/{id}/10/518/353.mvt?version={version}&where=hauteur>0",
    "/tiles/{id}/10/518/353.mvt",
    "/tiles/{id}/layer.json",
    "/ogc/collections/{id}/items?version={version}&f=json",
    "/api/explore/v2.1/catalog/datasets/{id}/records?version={version}",
    "/api/explore/v2.1/catalog/datasets/{id}/facets?version={version}",
    "/api/explore/v2.1/catalog/datasets/{id}/exports/csv?version={version}",
    "/api/explore/v2.1/catalog/datasets/{id}/exports/geojson",
    "/api/explore/v2.1/catalog/datasets/{id}",
    "/explore/dataset/{id}/information/",
    "/explore/dataset/{id}/table/",
    "/explore/embed/dataset/{id}/table/",
)


def seconds_in_shared_caches(response) -> int:
    """How long a cache between the portal and its readers may answer by itself."""
    header = response.get("Cache-Control", "")
    if re.search(r"\b(?:private|no-store|no-cache)\b", header):
        return 0
    assert "immutable" not in header
    assert "stale-" not in header
    shared = re.search(r"\bs-maxage=(\d+)", header) or re.search(r"\bmax-age=(\d+)", header)
    return int(shared[1]) if shared else 0


def addresses_of(dataset):
    return [address.format(id=dataset.dataset_id, version=dataset.current.name) for address in ADDRESSES]


def test_no_shared_cache_answers_alone_for_more_than_minutes(client):
    for address in addresses_of(make_trees(PLACES)):
        response = client.get(address)
        assert response.status_code == 200, address
        assert seconds_in_shared_caches(response) <= MINUTES, address


def test_what_is_withdrawn_is_not_confirmed_to_who_has_it_already(client):
    dataset = make_trees(PLACES)
    tags = {address: client.get(address).get("ETag", "*") for address in addresses_of(dataset)}
    unpublish(OPERATOR, dataset)
    for address, tag in tags.items():
        assert client.get(address, headers={"if-none-match": tag}).status_code in (404, 410), address


def test_what_is_reserved_is_kept_by_no_shared_cache_and_asked_again_by_browsers(client):
    dataset = make_trees(PLACES, access=Access.INTERNAL)
    client.force_login(make_member(dataset.organisation, Role.READER))
    for address in addresses_of(dataset)[:-3]:
        header = client.get(address).get("Cache-Control", "")
        assert re.search(r"private|no-store", header), (address, header)
        assert not re.search(r"max-age=[1-9]", header), (address, header)


def test_one_function_decides():
    assert cache_control(public=False) == cache_control(public=False, seconds=86_400) == "private, no-cache"
    assert cache_control(public=True) == "public, no-cache"
    assert cache_control(public=True, seconds=86_400) == "public, max-age=86400, s-maxage=60, must-revalidate"
