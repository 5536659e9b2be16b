"""Files that programs send, by pieces or at once, and what came of their import."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import Role
from parvis.hub.apikeys.models import ApiKey
from parvis.hub.apikeys.rules import Scope
from parvis.hub.catalogue.models import Attachment, Version
from parvis.hub.datastore.models import Deposit
from parvis.hub.writing.files import MOST_UPLOADS, SOURCE
from parvis.hub.writing.tests.conftest import API, program

pytestmark = pytest.mark.django_db

NEWER = b"code;nom;places\n01234;Evry;15\n02345;Grigny;7\n03456;Ris;4\n"
OCTETS = {"content_type": "application/octet-stream"}
PIECE = {"content_type": "application/offset+octet-stream", "Tus_Resumable": "1.0.0"}


def test_a_file_sent_by_pieces_goes_on_where_it_stopped_and_becomes_a_version(write, places, work):
    name = base64.b64encode("relevé.csv".encode()).decode()
    made = write("POST", "/datasets/places/uploads", Upload_Length=str(len(NEWER)), Upload_Metadata=f"filename {name}")
    assert (made.status_code, made["Upload-Offset"], made.json()["name"]) == (201, "0", "relevé.csv")
    upload = made.json()["id"]
    assert made["Location"].endswith(f"/uploads/{upload}")
    sent = write("PATCH", f"/uploads/{upload}", NEWER[:20], Upload_Offset="0", **PIECE)
    assert (sent.status_code, sent["Upload-Offset"]) == (204, "20")
    assert write("PATCH", f"/uploads/{upload}", NEWER[:20], Upload_Offset="0", **PIECE).status_code == 409
    early = write("POST", "/datasets/places/versions", {"upload": upload})
    assert early.json()["error_code"] == "upload-incomplete"
    state = write("HEAD", f"/uploads/{upload}", Tus_Resumable="1.0.0")
    assert (state["Upload-Offset"], state["Upload-Length"]) == ("20", str(len(NEWER)))
    write("PATCH", f"/uploads/{upload}", NEWER[20:], Upload_Offset="20", **PIECE)
    begun = write("POST", "/datasets/places/versions", {"upload": upload, "publish": True, "text": ["code"]}).json()
    assert (begun["state"], begun["finished"]) == ("writing", False)
    work()
    report = write("GET", f"/imports/{begun['id']}").json()
    assert (report["state"], report["rows"], report["rejects"], report["published"]) == ("done", 3, 0, True)
    assert not Deposit.objects.filter(source=SOURCE).exists()
    former = write("GET", "/datasets/places/versions").json()["results"][1]["version"]
    changes = write("GET", f"/datasets/places/versions/{report['version']}/changes?since={former}").json()
    assert (changes["state"], changes["added"], changes["changed"] + changes["removed"]) == ("ready", 1, 1)
    back = write("PUT", "/datasets/places/publication", {"version": former}).json()
    assert (back["version"], back["rows"]) == (former, 2)


def test_an_upload_is_of_its_person_and_of_its_dataset_whatever_key_goes_on(write, places, steward, town):
    write("POST", "/datasets", {"title": "Autre", "organisation": "ville", "dataset_id": "autre"})
    upload = write("POST", "/datasets/places/uploads", Upload_Length="6").json()["id"]
    path = f"/uploads/{upload}"
    assert write("PATCH", path, b"abc", Upload_Offset="0", **PIECE).status_code == 204
    ApiKey.objects.update(expires=timezone.now() - timedelta(seconds=1))  # in the midst of the sending
    assert write("PATCH", path, b"def", Upload_Offset="3", **PIECE).status_code == 401
    colleague = program(make_member(town, Role.ADMINISTRATOR), Scope.ADMINISTER, town)
    elsewhere = program(steward, Scope.PUBLISH, town, datasets=["autre"])
    for stranger in (colleague, elsewhere):
        assert stranger("PATCH", path, b"def", Upload_Offset="3", **PIECE).status_code in (403, 404)
    renewed = program(steward, Scope.PUBLISH, town)
    assert renewed("HEAD", path)["Upload-Offset"] == "3"
    assert renewed("PATCH", path, b"def", Upload_Offset="3", **PIECE).status_code == 204
    assert renewed("POST", "/datasets/autre/versions", {"upload": upload}).status_code == 404
    assert renewed("DELETE", f"{path}x", **PIECE).status_code == 404
    assert renewed("DELETE", path, **PIECE).status_code == 204
    assert renewed("HEAD", path).status_code == 404


def test_bytes_changed_on_the_way_are_not_kept(write, places, work):
    upload = write("POST", "/datasets/places/uploads", Upload_Length=str(len(NEWER))).json()["id"]
    digest = base64.b64encode(hashlib.sha256(NEWER).digest()).decode()
    sent = {"Upload_Offset": "0", "Upload_Checksum": f"sha256 {digest}", **PIECE}
    broken = write("PATCH", f"/uploads/{upload}", NEWER.replace(b"15", b"51"), **sent)
    assert (broken.status_code, broken.json()["error_code"]) == (460, "upload-checksum")
    assert write("HEAD", f"/uploads/{upload}")["Upload-Offset"] == "0"
    assert write("PATCH", f"/uploads/{upload}", NEWER, **sent)["Upload-Offset"] == str(len(NEWER))
    for header in ("sha256", "crc32 AAAA", "sha256 !!", ""):
        answer = write("PATCH", f"/uploads/{upload}", b"x", **{**sent, "Upload_Checksum": header})
        assert answer.status_code == 400, header
    at_once = {"Content_Digest": f"sha-256=:{digest}:", **OCTETS}
    changed = write("PUT", "/datasets/places/file", NEWER.replace(b"15", b"51"), **at_once)
    assert (changed.status_code, changed.json()["error_code"]) == (400, "digest-mismatch")
    assert Deposit.objects.filter(source=SOURCE).count() == 1
    assert write("PUT", "/datasets/places/file", NEWER, **at_once).status_code == 200


def test_a_file_sent_at_once_is_imported_as_fme_and_power_automate_do(write, places, work):
    answer = write("PUT", "/datasets/places/file?name=nuit.csv&publish=true", NEWER, **OCTETS)
    assert answer.status_code == 200, answer.content
    work()
    report = write("GET", f"/imports/{answer.json()['id']}").json()
    assert (report["state"], report["file"], report["rows"], report["published"]) == ("done", "nuit.csv", 3, True)


def test_rows_that_do_not_fit_stop_the_import_or_are_counted_as_was_asked(write, places, work):
    places.overrides = {"places": {"parser": "int"}}
    places.save()
    broken = NEWER.replace(b"Ris;4", b"Ris;beaucoup")
    begun = write("PUT", "/datasets/places/file", broken, **OCTETS).json()
    work()
    report = write("GET", f"/imports/{begun['id']}").json()
    assert (report["state"], report["version"]) == ("stopped", None) and report["error"]["message"]
    # The next delivery takes the place of the one that did not go through, whose file is not kept for ever.
    begun = write("PUT", "/datasets/places/file?policy=null", broken, **OCTETS).json()
    assert Deposit.objects.filter(source=SOURCE).count() == 1
    work()
    report = write("GET", f"/imports/{begun['id']}").json()
    assert (report["state"], report["rows"], report["nulled"]) == ("done", 3, 1)
    aside = write("GET", f"/datasets/places/versions/{report['version']}/set-aside?kind=emptied").json()
    assert (aside["total_count"], aside["results"][0]["column"], aside["results"][0]["content"]) == (
        1,
        "places",
        "beaucoup",
    )


def test_what_holds_a_publication_back_is_told_and_nothing_is_shown(write, places, work):
    people = "nom;prenom;telephone;courriel\n" + "".join(
        f"Durand{n};Anne;06 12 34 56 {n:02};anne.durand{n}@gmail.com\n" for n in range(40)
    )
    begun = write("PUT", "/datasets/places/file?publish=true", people.encode(), **OCTETS).json()
    work()
    report = write("GET", f"/imports/{begun['id']}").json()
    assert (report["state"], report["published"]) == ("held", False)
    assert report["blockers"] and all(row["message"] for row in report["blockers"])
    assert write("GET", "/datasets/places").json()["rows"] == 2


def test_a_file_that_breaks_off_leaves_nothing(write, places):
    cut = {"wsgi.input": BytesIO(NEWER), "CONTENT_LENGTH": str(len(NEWER) + 9)}
    answer = write.client.generic("PUT", f"{API}/datasets/places/file", NEWER, content_type="text/csv", **cut)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "upload-broken-off")
    assert not Deposit.objects.filter(source=SOURCE).exists()
    unsized = write.client.generic("PUT", f"{API}/datasets/places/file", NEWER, CONTENT_LENGTH="")
    assert unsized.status_code == 411


def test_what_is_too_large_or_too_many_is_refused_before_a_byte_comes(write, places, settings, steward):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_UPLOAD_BYTES": 100}
    assert write("POST", "/datasets/places/uploads", Upload_Length="101").status_code == 413
    assert write("PUT", "/datasets/places/file", b"x" * 101, **OCTETS).status_code == 413
    assert write("POST", "/datasets/places/uploads", Upload_Length="-1").status_code == 411
    Deposit.objects.bulk_create(Deposit(name="a", bytes=1, source=SOURCE, person=steward) for _n in range(MOST_UPLOADS))
    assert write("POST", "/datasets/places/uploads", Upload_Length="1").status_code == 429


def test_a_document_sent_again_takes_the_place_of_the_former(write, places):
    for words in (b"Premier texte.", b"Second texte, plus long."):
        answer = write("PUT", "/datasets/places/attachments/notice.txt?title=Notice", words, **OCTETS)
        assert answer.json()["slug"] == "notice-txt", answer.content
    row = Attachment.every.get(dataset=places)
    assert (row.title, row.file.read()) == ("Notice", b"Second texte, plus long.")
    assert write("PUT", "/datasets/places/attachments/virus.exe", b"MZ", **OCTETS).status_code == 422
    assert write("DELETE", "/datasets/places/attachments/notice-txt").status_code == 204
    assert write("GET", "/datasets/places/attachments").json()["total_count"] == 0


def test_a_contributor_replaces_no_file_of_a_published_dataset_in_public(places, town, work):
    ask = program(make_member(town, Role.CONTRIBUTOR), Scope.WRITE, town)
    assert ask("PUT", "/datasets/places/file?publish=true", NEWER, **OCTETS).status_code == 403
    assert not Deposit.objects.exists()
    ask("PUT", "/datasets/places/file", NEWER, **OCTETS)
    work()
    assert Version.objects.filter(dataset=places).count() == 2
    assert ask("GET", "/datasets/places").json()["rows"] == 2
