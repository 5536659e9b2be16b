"""The service read by a client that somebody else wrote (python-odata), which knows of it what ``$metadata`` says alone."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import pytest
import requests
from django.test import Client
from odata import ODataService
from requests.adapters import BaseAdapter

pytestmark = pytest.mark.django_db


class Wire(BaseAdapter):
    """Requests answered by the views, without a socket."""

    def send(self, request, **_options):
        """The answer to a request."""
        headers = {name: value for name, value in request.headers.items() if name != "Accept-Encoding"}
        answer = Client().generic(request.method, request.path_url, headers=headers)
        response = requests.Response()
        response.status_code, response.url, response.request = answer.status_code, request.url, request
        response.headers.update(answer.headers)
        response.raw = BytesIO(answer.content)
        return response

    def close(self):
        """Nothing to close."""


@pytest.fixture
def rows_of():
    """``rows_of(dataset)`` is a question about its rows, and their class, made of its description."""
    session = requests.Session()
    session.mount("http://", Wire())

    def ask(dataset_id: str):
        service = ODataService(
            f"http://testserver/odata/{dataset_id}/", reflect_entities=True, session=session, quiet_progress=True
        )
        row = service.entities[dataset_id]
        return service.query(row), row

    return ask


def test_a_client_filters_orders_and_reads_every_row(dataset, rows_of):
    query, row = rows_of("equipements")
    assert [one.nom for one in query.order_by(row.places.desc()).all()] == [
        "Stade des Loges",
        "Gymnase Cœur de Ville",
        "=1+1",
        "Piscine de l’Agora",
    ]
    assert [one.places for one in query.filter(row.commune == "Grigny").all()] == [300]
    assert [one.nom for one in query.filter(row.nom.contains("l’A")).all()] == ["Piscine de l’Agora"]
    assert [one.nom for one in query.filter(row.places > 100).limit(1).all()] == ["Stade des Loges"]


def test_a_client_has_the_values_in_their_types(thorns, rows_of):
    query, row = rows_of("epines")
    first = next(iter(query.filter(row._1_uai == "A1").all()))
    assert isinstance(first.quand, datetime)
    assert first.quand == datetime.fromisoformat("2021-06-23T07:50:20.642+00:00")
    assert first.year == "1978-01-01"
    assert (first.n, first.tags, first._row) == (3_000_000_000, "a,b", 1)
