"""OWSLib, and the harvester of the house, asking this portal without a network."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.maps.factories import make_trees

HOME = "http://testserver"


class Wire:
    """What ``requests`` sends, answered by the portal."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def send(self, method: str, url: str, data: Any = None, headers: Any = None, params: Any = None, **_: Any):
        prepared = requests.Request(method, url, params=params).prepare()
        place = urlsplit(str(prepared.url))
        address = f"{place.path}?{place.query}"
        plain = {
            name: value
            for name, value in dict(headers or {}).items()
            if name.lower() not in ("host", "accept-encoding")
        }
        if method.upper() == "POST":
            body = data if isinstance(data, bytes) else str(data).encode()
            answer = self.client.generic("POST", address, body, content_type="text/xml", headers=plain)
        else:
            answer = self.client.get(address, headers=plain)
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers.update(dict(answer.items()))
        response._content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        response.url, response.encoding = url, "utf-8"
        return response


@pytest.fixture
def wire(client, monkeypatch) -> Wire:
    """OWSLib's way out, turned to the portal."""
    out = Wire(client)
    monkeypatch.setattr(requests, "request", out.send)
    monkeypatch.setattr(requests, "get", lambda url, **more: out.send("GET", url, **more))
    monkeypatch.setattr(requests, "post", lambda url, data=None, **more: out.send("POST", url, data, **more))
    return out


PLACES = [(2.40, 48.60), (2.45, 48.65)]


@pytest.fixture
def shown():
    """Three datasets of one organisation: one with places, two without."""
    city = make_organisation("Ville d’Évry", slug="evry")
    trees = make_trees(
        PLACES,
        organisation=city,
        dataset_id="arbres",
        title="Arbres d’alignement",
        description="<p>Les arbres des rues &amp; des places.</p>",
        keywords=["Nature en ville", "eau"],
        themes=["environnement"],
        frequency="annual",
        contact_email="sig@evry.example",
        temporal_start=date(2020, 1, 1),
        temporal_end=date(2024, 12, 31),
    )
    make_dataset(city, dataset_id="budget", title="Budget & comptes", themes=["economie"], keywords=["M57"])
    make_dataset(city, dataset_id="ecoles", title="Écoles", licence="odbl", description="École par école.")
    return trees


@pytest.fixture
def datasets_alone(monkeypatch) -> None:
    """A portal that tells of none of its own services: ``test_services`` tells them."""
    monkeypatch.setattr("parvis.hub.dataservices.cards.portal_services", list)
