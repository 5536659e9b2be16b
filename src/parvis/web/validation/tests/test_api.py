"""The same checks for programs: the body streamed in, the report streamed out; and the list of schemas."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from parvis.web.validation import uploads

from .conftest import GRANTS

pytestmark = pytest.mark.django_db
ADDRESS = "/api/parvis/v1/validate"


def body_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def send(client, content, query=f"schema={GRANTS}", **headers):
    return client.post(f"{ADDRESS}?{query}", content, content_type="application/octet-stream", headers=headers)


def test_the_body_of_the_request_is_checked(client, grants, own_home):
    response = send(client, grants)
    assert response.status_code == 200
    report = json.loads(body_of(response))
    assert report["valid"] is False
    assert (report["schema"], report["version"]) == ("scdl/subventions", "2.1.1")
    assert report["total"] == len(report["faults"]) == int(response["X-Parvis-Faults"])
    first = next(fault for fault in report["faults"] if fault["column"] == "montant")
    assert (first["row"], first["value"], first["rule"]) == (2, "40 000,00", "type:number")
    assert "40000.00" in first["message"]
    assert not [path for path in own_home.rglob("*") if path.is_file() and grants in path.read_bytes()]


def test_every_fault_as_csv(client, grants):
    response = send(client, grants, f"schema={GRANTS}&format=csv")
    rows = list(csv.reader(io.StringIO(body_of(response).decode("utf-8-sig")), delimiter=";"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert len(rows) == int(response["X-Parvis-Faults"]) + 1


def test_a_form_does_as_well_as_a_body(client, grants):
    file = SimpleUploadedFile("lot.csv", grants)
    by_form = client.post(ADDRESS, {"file": file, "schema": GRANTS})
    assert json.loads(body_of(by_form))["total"] == json.loads(body_of(send(client, grants)))["total"]


def test_strict_refuses_what_is_unusual(client, grants):
    strict = json.loads(body_of(send(client, grants, f"schema={GRANTS}&strict=true&name=lot.csv")))
    assert strict["total"] != json.loads(body_of(send(client, grants)))["total"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "validation-no-schema"),
        ("schema=absent", 404, "schema-unknown"),
        ("schema=scdl/subventions@9.9", 404, "schema-version-unknown"),
        ("schema=scdl/subventions&format=pdf", 400, "validation-parameter"),
        ("schema=http://127.0.0.1/s.json", 400, "fetch-private"),
    ],
)
def test_refusals_have_a_code_a_sentence_and_a_status(client, grants, query, status, code):
    response = send(client, grants, query)
    assert (response.status_code, response.json()["error_code"]) == (status, code)
    assert response.json()["message"]


def test_an_empty_body_is_no_file(client):
    assert send(client, b"").json()["error_code"] == "validation-no-file"


def test_two_gigabytes_are_refused_on_their_announcement(client, monkeypatch):
    monkeypatch.setattr(uploads, "Receiving", None)
    response = client.post(
        f"{ADDRESS}?schema={GRANTS}", b"", content_type="application/octet-stream", CONTENT_LENGTH="2000000000"
    )
    assert response.status_code == 413
    assert response.json()["error_code"] == "file-too-large"


def test_other_sites_may_ask_and_other_methods_are_refused(client):
    preflight = client.options(ADDRESS)
    assert preflight["Access-Control-Allow-Origin"] == "*"
    refused = client.get(ADDRESS)
    assert (refused.status_code, refused["Allow"]) == (405, "POST, OPTIONS")


def test_the_schemas_are_listed_with_their_versions_and_templates(client):
    body = client.get("/api/parvis/v1/schemas?q=subventions").json()
    row = next(row for row in body["schemas"] if row["name"] == "scdl/subventions")
    assert row["version"] == row["versions"][-1]["version"] == "2.1.1"
    assert row["template"].endswith("/schemas/scdl/subventions/modele.xlsx")
    assert body["total_count"] == len(body["schemas"])
    assert client.get("/api/parvis/v1/schemas").json()["total_count"] > 50


def test_both_addresses_are_described(client):
    paths = client.get("/api/parvis/v1/openapi.json").json()["paths"]
    assert set(paths["/validate"]) == {"post"}
    assert set(paths["/schemas"]) == {"get"}
