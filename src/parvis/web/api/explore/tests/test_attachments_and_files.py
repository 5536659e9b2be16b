"""``/attachments`` and ``/files``: documents of a dataset, and what its file fields name (specification, 4.4 and 6)."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.attachments import add_attachment

pytestmark = pytest.mark.django_db
DATASET = "/api/explore/v2.1/catalog/datasets/epines"


def file_of(client, name: str) -> dict:
    rows = client.get(f"{DATASET}/records", {"where": f"`1_uai` = '{name}'"}).json()["results"]
    return rows[0]["photo"]


def test_attachments_are_listed_with_their_type_and_title(client, thorns):
    add_attachment(OPERATOR, thorns, "Plan", "plan.txt", ContentFile(b"nord"))
    body = client.get(f"{DATASET}/attachments/").json()
    assert body["attachments"] == [
        {
            "href": f"http://testserver{DATASET}/attachments/plan-txt",
            "metas": {"mime-type": "text/plain; charset=utf-8", "title": "Plan"},
        }
    ]
    assert b"".join(client.get(f"{DATASET}/attachments/plan-txt").streaming_content) == b"nord"


def test_a_dataset_without_attachment_has_an_empty_list(client, thorns):
    assert client.get(f"{DATASET}/attachments").json() == {"links": [], "attachments": []}
    assert client.get(f"{DATASET}/attachments/x").json()["error_code"] == "NotFoundResource"


def test_a_file_field_is_an_object_with_an_address(client, thorns):
    photo = file_of(client, "A1")
    assert list(photo) == [
        "thumbnail",
        "filename",
        "format",
        "width",
        "height",
        "mimetype",
        "etag",
        "id",
        "last_synchronized",
        "color_summary",
        "exif_orientation",
        "url",
    ]
    assert (photo["filename"], photo["format"], photo["mimetype"]) == ("photo.jpg", "JPEG", "image/jpeg")
    assert photo["url"] == f"http://testserver{DATASET}/files/{photo['id']}"
    assert file_of(client, "A3") is None


def test_the_file_is_the_attachment_of_that_name(client, thorns):
    photo = BytesIO()
    Image.new("RGB", (30, 20)).save(photo, "JPEG")
    add_attachment(OPERATOR, thorns, "La photo", "photo.jpg", ContentFile(photo.getvalue()))
    response = client.get(file_of(client, "A1")["url"].removeprefix("http://testserver"))
    assert Image.open(BytesIO(b"".join(response.streaming_content))).size == (30, 20)
    assert response["Content-Type"] == "image/jpeg"


def test_a_file_that_stands_elsewhere_is_reached_there(client, thorns):
    response = client.get(file_of(client, "A2")["url"].removeprefix("http://testserver"))
    assert (response.status_code, response["Location"]) == (302, "https://exemple.fr/plan.png")


def test_a_file_that_nobody_gave_or_that_no_row_names_is_not_found(client, thorns):
    for address in (file_of(client, "A4")["url"].removeprefix("http://testserver"), f"{DATASET}/files/{'0' * 32}"):
        response = client.get(address)
        assert response.status_code == 404
        assert response.json()["error_code"] == "NotFoundResource"
