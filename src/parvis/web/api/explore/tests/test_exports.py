"""Exports and attachments: whole files."""

from __future__ import annotations

import csv
import gzip
import io
import json

import pytest
from django.core.files.base import ContentFile

pytestmark = pytest.mark.django_db
DATASET = "/api/explore/v2.1/catalog/datasets/equipements"


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_csv_has_a_mark_semicolons_and_the_bytes_of_the_cells(client, dataset):
    response = client.get(f"{DATASET}/exports/csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="equipements.csv"'
    content = body(response)
    assert content.startswith(b"\xef\xbb\xbfnom;commune;places;ouverture;point\r\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[1] == ["Stade des Loges", "Évry-Courcouronnes", "1200", "2019-05-01", "48.63, 2.43"]
    assert rows[4][0] == "=1+1"


def test_labels_filters_and_compression_are_honoured(client, dataset):
    parameters = {
        "use_labels": "true",
        "where": "places = 300",
        "delimiter": ",",
        "compressed": "true",
        "select": "nom",
    }
    response = client.get(f"{DATASET}/exports/csv/", parameters)
    assert response["Content-Disposition"].endswith('"equipements.csv.gzip"')
    assert gzip.decompress(body(response)).decode("utf-8-sig") == "Nom de l’équipement\r\nGymnase Cœur de Ville\r\n"


@pytest.mark.parametrize("name", ["json", "jsonl", "geojson", "xlsx", "parquet"])
def test_every_format_listed_is_served(client, dataset, name):
    listed = client.get(f"{DATASET}/exports").json()["links"]
    assert f"http://testserver{DATASET}/exports/{name}" in [link["href"] for link in listed]
    assert body(client.get(f"{DATASET}/exports/{name}"))


def test_json_has_every_row(client, dataset):
    rows = json.loads(body(client.get(f"{DATASET}/exports/json")))
    assert [row["places"] for row in rows] == [1200, None, 300, -5]


def test_an_export_is_refused_before_its_first_byte(client, dataset):
    for path, status in (("csv?where=nope=1", 400), ("docx", 404), ("kml?select=nom", 400)):
        response = client.get(f"{DATASET}/exports/{path}")
        assert response.status_code == status
        assert set(response.json()) == {"error_code", "message"}


def test_an_export_already_held_is_not_sent_again(client, dataset):
    tag = client.get(f"{DATASET}/exports/csv")["ETag"]
    assert client.get(f"{DATASET}/exports/csv", headers={"if-none-match": tag}).status_code == 304


def test_attachments_are_listed_and_saved_never_shown(client, dataset):
    row = dataset.attachments.create(slug="notice-pdf", title="Notice", mimetype="application/pdf", bytes=8, file="x")
    row.file.save("notice.pdf", ContentFile(b"%PDF-1.7"))
    listed = client.get(f"{DATASET}/attachments").json()["attachments"]
    assert listed[0]["metas"] == {"mime-type": "application/pdf", "title": "Notice"}
    response = client.get(listed[0]["href"].removeprefix("http://testserver"))
    assert body(response) == b"%PDF-1.7"
    assert response["Content-Disposition"].startswith("attachment")
    assert client.get(f"{DATASET}/attachments/autre").status_code == 404


def test_facets_count_values(client, dataset):
    answer = client.get(f"{DATASET}/facets").json()
    assert [link["rel"] for link in answer["links"]] == ["self", "dataset"]
    assert answer["facets"] == [
        {
            "name": "commune",
            "facets": [
                {"count": 2, "name": "Évry-Courcouronnes", "state": "displayed", "value": "Évry-Courcouronnes"},
                {"count": 1, "name": "Grigny", "state": "displayed", "value": "Grigny"},
            ],
        }
    ]
