"""Files made ahead and sent: whole, in part, gzipped, as headers; and never to whom may not see them."""

from __future__ import annotations

import gzip

import pytest

from parvis.hub.catalogue.rules import Access
from parvis.hub.datastore.factories import prepared_folder
from parvis.hub.datastore.services import forget_prepared, prepare

pytestmark = pytest.mark.django_db
CSV = "/api/explore/v2.1/catalog/datasets/equipements/exports/csv"


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def made(dataset):
    prepare(dataset)
    return dataset


@pytest.fixture
def content(made, client) -> bytes:
    return body(client.get(CSV))


def test_a_prepared_file_is_what_would_have_been_streamed(client, dataset):
    streamed = client.get(CSV)
    before = body(streamed)
    prepare(dataset)
    response = client.get(CSV)
    assert body(response) == before
    assert response["Content-Length"] == str(len(before))
    assert response["Accept-Ranges"] == "bytes"
    for name in ("Content-Type", "Content-Disposition", "Access-Control-Allow-Origin", "Cache-Control"):
        assert response[name] == streamed[name], name
    assert not streamed.has_header("Content-Length")


@pytest.mark.parametrize(
    ("range_header", "start", "stop"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=5-", 5, None),
        ("bytes=-7", -7, None),
        ("bytes=3-999999", 3, None),
        ("BYTES=2-2", 2, 3),
    ],
)
def test_one_part_is_sent_with_its_place(client, content, range_header, start, stop):
    response = client.get(CSV, headers={"range": range_header})
    expected = content[start:stop]
    assert response.status_code == 206
    assert body(response) == expected
    assert response["Content-Length"] == str(len(expected))
    first = start % len(content)
    assert response["Content-Range"] == f"bytes {first}-{first + len(expected) - 1}/{len(content)}"


@pytest.mark.parametrize("range_header", ["bytes=99999-", "bytes=-0", "bytes=99999-100000"])
def test_a_part_beyond_the_end_is_refused(client, content, range_header):
    response = client.get(CSV, headers={"range": range_header})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(content)}"


@pytest.mark.parametrize(
    "range_header", ["bytes=0-1,4-5", "bytes=9-3", "bytes=-", "lines=1-2", "bytes=a-b", "bytes=" + "9" * 400]
)
def test_several_parts_or_nonsense_give_the_whole(client, content, range_header):
    response = client.get(CSV, headers={"range": range_header})
    assert response.status_code == 200
    assert body(response) == content


def test_a_download_is_taken_up_only_if_the_bytes_are_the_same(client, content):
    whole = client.get(CSV)
    for condition, status in (
        (whole["ETag"], 206),
        (whole["Last-Modified"], 206),
        ('"other"', 200),
        (f"W/{whole['ETag']}", 200),
        ("Sat, 01 Jan 2000 00:00:00 GMT", 200),
    ):
        response = client.get(CSV, headers={"range": "bytes=4-", "if-range": condition})
        assert response.status_code == status, condition
        assert body(response) == (content[4:] if status == 206 else content)


def test_what_the_client_holds_is_not_sent_again(client, content):
    whole = client.get(CSV)
    assert client.get(CSV, headers={"if-none-match": f'"x", {whole["ETag"]}'}).status_code == 304
    assert client.get(CSV, headers={"if-modified-since": whole["Last-Modified"]}).status_code == 304
    assert client.get(CSV, headers={"if-modified-since": "Sat, 01 Jan 2000 00:00:00 GMT"}).status_code == 200
    assert (
        client.get(CSV, headers={"if-none-match": '"x"', "if-modified-since": whole["Last-Modified"]}).status_code
        == 200
    )


def test_head_tells_the_length_without_the_bytes(client, content):
    response = client.head(CSV)
    assert (response.status_code, response["Content-Length"], body(response)) == (200, str(len(content)), b"")
    part = client.head(CSV, headers={"range": "bytes=0-3"})
    assert (part.status_code, part["Content-Length"]) == (206, "4")


def test_a_client_that_takes_gzip_gets_the_twin_with_its_length(client, content):
    plain = client.get(CSV)
    response = client.get(CSV, headers={"accept-encoding": "br, gzip"})
    packed = body(response)
    assert gzip.decompress(packed) == content
    assert (response["Content-Encoding"], response["Content-Length"]) == ("gzip", str(len(packed)))
    assert "Accept-Encoding" in response["Vary"]
    assert response["ETag"] not in (plain["ETag"], f"W/{plain['ETag']}")
    assert not client.get(CSV, headers={"accept-encoding": "gzip;q=0"}).has_header("Content-Encoding")
    part = client.get(CSV, headers={"accept-encoding": "gzip", "range": "bytes=1-20"})
    assert body(part) == content[1:21]
    assert not part.has_header("Content-Encoding")
    rest = client.get(CSV, headers={"accept-encoding": "gzip", "range": "bytes=10-", "if-range": response["ETag"]})
    assert body(rest) == packed[10:]
    assert rest["Content-Encoding"] == "gzip"


def test_a_compressed_file_is_the_twin_itself(client, content):
    response = client.get(CSV, {"compressed": "true"}, headers={"accept-encoding": "gzip"})
    assert gzip.decompress(body(response)) == content
    assert response["Content-Type"] == "application/gzip"
    assert response["Content-Disposition"].endswith('"equipements.csv.gzip"')
    assert not response.has_header("Content-Encoding")
    assert response.has_header("Content-Length")


def test_what_is_asked_otherwise_or_was_removed_is_streamed(client, made, content):
    assert not client.get(CSV, {"where": "places > 0"}).has_header("Content-Length")
    folder = prepared_folder(made, made.current)
    for path in folder.glob("*.gz"):
        path.unlink()
    assert client.get(CSV, headers={"accept-encoding": "identity"}).has_header("Content-Length")
    forget_prepared(made)
    response = client.get(CSV)
    assert body(response) == content
    assert not response.has_header("Content-Length")


def test_who_may_not_see_the_dataset_does_not_get_its_file(client, made):
    made.access = Access.INTERNAL
    made.save()
    response = client.get(CSV, headers={"range": "bytes=0-9"})
    assert response.status_code in (401, 403, 404)
    assert b"nom" not in body(response)


def test_head_of_what_is_not_made_ahead_writes_no_row(client, dataset):
    response = client.head("/api/explore/v2.1/catalog/datasets/equipements/exports/gpkg")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/geopackage+sqlite3"
    assert client.head(CSV, {"where": "nope = 1"}).status_code == 400
