"""``/api/records/1.0/download/``."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.django_db
DOWNLOAD = "/api/records/1.0/download/?dataset=arbres-essai"


def text_of(response) -> str:
    assert response.status_code == 200
    return b"".join(response.streaming_content if response.streaming else [response.content]).decode()


def test_csv_is_the_default(client, trees):
    response = client.get(DOWNLOAD)
    lines = text_of(response).split("\r\n")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="arbres-essai.csv"'
    assert lines[0] == "ref;essence;quartier;hauteur;plantation;remarquable;usages;position"
    assert lines[3] == "A3;Érable;Sud;;2012-02-14;False;;48.44, 1.48"
    assert len(lines) == 8


def test_labels_separator_fields_and_filters(client, trees):
    address = f"{DOWNLOAD}&use_labels_for_header=True&csv_separator=,&fields=ref,hauteur&refine.quartier=Nord&sort=ref"
    assert text_of(client.get(address)) == "Référence,Hauteur (m)\r\nA2,9\r\nA1,12.5\r\n"


def test_json_is_an_array_of_records(client, trees):
    records = json.loads(text_of(client.get(f"{DOWNLOAD}&format=json&sort=-ref")))
    search = client.get("/api/records/1.0/search/?dataset=arbres-essai&sort=-ref&rows=100").json()["records"]
    assert records == search
    assert len(json.loads(text_of(client.get(f"{DOWNLOAD}&format=json&rows=2")))) == 2
    assert json.loads(text_of(client.get(f"{DOWNLOAD}&format=json&q=jamais"))) == []


def test_scripts_get_json_too(client, trees):
    text = text_of(client.get(f"{DOWNLOAD}&format=jsonp&callback=f&fields=ref&q=A1"))
    assert json.loads(text.removeprefix("/**/f(").removesuffix(");"))[0]["fields"] == {"ref": "A1"}
    text = text_of(client.get(f"{DOWNLOAD}&format=geojsonp&callback=f"))
    assert text.startswith('/**/f({"type": "FeatureCollection"')


def test_geojson_and_old_names_of_formats(client, trees):
    body = json.loads(text_of(client.get(f"{DOWNLOAD}&format=geojson")))
    assert len(body["features"]) == 6
    response = client.get(f"{DOWNLOAD}&format=xls")
    assert response["Content-Disposition"] == 'attachment; filename="arbres-essai.xlsx"'
    assert b"".join(response.streaming_content)[:2] == b"PK"


@pytest.mark.parametrize("parameters", ["format=nope", "csv_separator=xx", "q=(", "rows=-2"])
def test_what_is_wrong_is_told_before_the_first_byte(client, trees, parameters):
    response = client.get(f"{DOWNLOAD}&{parameters}")
    assert response.status_code in (400, 404)
    assert response.json()["error"]
