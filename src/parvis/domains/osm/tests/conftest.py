"""A town's parkings, and an OpenStreetMap of this machine."""

from __future__ import annotations

import functools

import pytest

from parvis.core.fetching import send
from parvis.core.osm.features import Feature
from parvis.domains.osm import account, remote
from parvis.domains.osm.factories import make_conflation, make_light_conflation
from parvis.domains.osm.tests.osm_server import CLIENT, running
from parvis.hub.accounts.factories import make_organisation

TOWN = [
    ("L1", "node/101", "[2.55,48.63]", "6", "ARCEAU", "LIBRE ACCES", "true", "false"),
    ("L2", "node/102", "[2.551,48.63]", "8", "ARCEAU", "LIBRE ACCES", "true", "false"),
    ("L3", "", "[2.56,48.64]", "4", "ARCEAU", "LIBRE ACCES", "true", "true"),
    ("L4", "node/104", "[2.57,48.65]", "10", "RATELIER", "LIBRE ACCES", "true", "false"),
    ("L5", "", "[2.58,48.63]", "2", "ARCEAU", "PRIVE", "true", "false"),
    ("L6", "way/108", "[2.553,48.632]", "12", "ARCEAU", "LIBRE ACCES", "true", "false"),
]
TAGS = {"amenity": "bicycle_parking", "bicycle_parking": "stands", "access": "yes", "fee": "no", "covered": "no"}


def thing(key: str, longitude: float, latitude: float, **tags: str) -> Feature:
    return Feature(key, longitude, latitude, {**TAGS, **tags}, 3, "2021-02-27T00:00:00+00:00")


OSM = [
    thing("n101", 2.55, 48.63, capacity="6"),
    thing("n102", 2.551, 48.63, capacity="6"),
    thing("n104", 2.572, 48.65, capacity="10", bicycle_parking="wall_loops"),
    thing("n105", 2.58, 48.6301, capacity="2", access="private"),
    thing("n106", 2.5801, 48.6301, capacity="2", access="private"),
    thing("n107", 2.59, 48.62, capacity="20"),
    thing("w108", 2.553, 48.632, capacity="10"),
]


@pytest.fixture
def conflation(db):
    """Compared and online: one finding of each verdict at least; its datasets have no rows to read."""
    return make_light_conflation(make_organisation("Lieusaint"), TOWN, OSM, hashtag="#lieusaint")


@pytest.fixture
def imported(home):
    """The same from two files that were imported."""
    return make_conflation(make_organisation("Lieusaint"), TOWN, OSM, hashtag="#lieusaint")


@pytest.fixture
def osm(settings, monkeypatch):
    """An OpenStreetMap of this machine that has the same objects, and this portal allowed to send there."""
    with running() as server:
        for feature in OSM:
            place, nodes = (feature.longitude, feature.latitude), ()
            if feature.key[0] == "w":
                place, nodes = None, (1, 2, 3, 1)
            server.state.put(feature.key, dict(feature.tags), place, nodes, version=3)
        names = {"PARVIS_OSM_SITE": server.url, "PARVIS_OSM_API": server.url, "PARVIS_OSM_CLIENT_ID": CLIENT}
        settings.PARVIS = {**settings.PARVIS, **names}
        local = functools.partial(send, allowed=lambda _address, _port: True)
        monkeypatch.setattr(remote, "send", local)
        monkeypatch.setattr(account, "send", local)
        yield server
