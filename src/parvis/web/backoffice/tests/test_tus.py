"""Uploads in pieces, as a tus client does them."""

from __future__ import annotations

import base64
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.datastore.factories import deposit_path
from parvis.hub.datastore.models import Deposit, Import
from parvis.hub.datastore.tus import metadata

pytestmark = pytest.mark.django_db
CONTENT = b"code;nom\n01;a\n02;b\n"
TUS = {"Tus-Resumable": "1.0.0"}


def announce(client, size=len(CONTENT), name="été.csv", **headers):
    """The creation of an upload."""
    encoded = base64.b64encode(name.encode()).decode()
    sent = {
        **TUS,
        "Upload-Length": str(size),
        "Upload-Metadata": f"filename {encoded},filetype dGV4dC9jc3Y=",
        **headers,
    }
    return client.post(reverse("backoffice:tus"), headers=sent)


def send(client, place, offset, piece, kind="application/offset+octet-stream", **headers):
    """One piece."""
    return client.patch(place, piece, content_type=kind, headers={**TUS, "Upload-Offset": str(offset), **headers})


def test_a_file_comes_in_pieces_and_resumes_where_it_was(town):
    client = client_of(town.contributor)
    created = announce(client)
    assert created.status_code == 201
    place = created["Location"]
    assert send(client, place, 0, CONTENT[:7])["Upload-Offset"] == "7"
    head = client.head(place, headers=TUS)
    assert (head.status_code, head["Upload-Offset"], head["Upload-Length"]) == (200, "7", str(len(CONTENT)))
    assert head["Cache-Control"].startswith("no-store") or "no-store" in head["Cache-Control"]
    assert send(client, place, 3, CONTENT[3:]).status_code == 409
    assert send(client, place, 7, CONTENT[7:]).status_code == 204
    deposit = Deposit.objects.get()
    assert deposit.is_whole
    assert deposit.name == "été.csv"
    assert deposit_path(deposit).read_bytes() == CONTENT
    after = reverse("backoffice:tus_after", args=[deposit.pk])
    first, second = client.post(after), client.post(after)
    imported = Import.objects.get()
    assert first["Location"] == second["Location"] == reverse("backoffice:import_wait", args=[imported.pk])


def test_an_unfinished_file_is_not_imported(town):
    client = client_of(town.contributor)
    place = announce(client)["Location"]
    send(client, place, 0, CONTENT[:7])
    response = client.post(reverse("backoffice:tus_after", args=[Deposit.objects.get().pk]))
    assert response["Location"] == reverse("backoffice:deposit")
    assert Import.objects.count() == 0


def test_what_is_spoken_here_is_told(town):
    response = client_of(town.contributor).options(reverse("backoffice:tus"))
    assert response.status_code == 204
    assert response["Tus-Version"] == "1.0.0"
    assert "creation" in response["Tus-Extension"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.0"}, 412),
        ({"Upload-Length": ""}, 400),
        ({"Upload-Length": "-4"}, 400),
        ({"Upload-Length": "12e3"}, 400),
        ({"Upload-Length": "900000000000000"}, 413),
    ],
)
def test_an_announcement_that_makes_no_sense_is_refused(town, headers, status):
    assert announce(client_of(town.contributor), **headers).status_code == status
    assert Deposit.objects.count() == 0


def test_a_piece_must_say_what_it_is(town):
    client = client_of(town.contributor)
    place = announce(client)["Location"]
    assert send(client, place, 0, CONTENT, kind="text/csv").status_code == 415
    assert send(client, place, "x", CONTENT).status_code == 400
    assert send(client, place, 0, CONTENT + b"more").status_code == 400
    assert client.head(reverse("backoffice:tus_upload", args=[uuid.uuid4()]), headers=TUS).status_code == 404


def test_an_upload_can_be_given_up(town):
    client = client_of(town.contributor)
    place = announce(client)["Location"]
    path = deposit_path(Deposit.objects.get())
    assert client.delete(place, headers=TUS).status_code == 204
    assert Deposit.objects.count() == 0
    assert not path.exists()


def test_nobody_else_sees_or_touches_an_upload(town):
    place = announce(client_of(town.contributor))["Location"]
    other = client_of(town.other)
    assert other.head(place, headers=TUS).status_code == 404
    assert send(other, place, 0, CONTENT).status_code == 404
    assert other.delete(place, headers=TUS).status_code == 404
    assert Deposit.objects.get().received == 0


@pytest.mark.parametrize("who", ["anonymous", "reader"])
def test_who_may_not_deposit_cannot_announce(town, who):
    assert announce(client_of(getattr(town, who))).status_code in (302, 403)
    assert Deposit.objects.count() == 0


def test_another_site_cannot_send_in_a_persons_name(town):
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.contributor)
    assert announce(client).status_code == 403
    assert Deposit.objects.count() == 0
    client.get(reverse("backoffice:deposit"))
    token = client.cookies["csrftoken"].value
    assert announce(client, **{"X-CSRFToken": token}).status_code == 201


def test_metadata_that_is_not_base64_is_left_out():
    assert metadata("filename w6l0w6k=,broken %%%,flag") == {"filename": "été", "flag": ""}
