"""Anyone checks a file: the report is read by anyone who has its address, for an hour; the file is theirs for a quarter of one."""

from __future__ import annotations

import io
import os
import re
import time
import zipfile
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parvis.core.fetching import PrivateAddress
from parvis.hub.quotas.concurrency import PERMITS
from parvis.hub.quotas.metering import limiter
from parvis.hub.quotas.rules import anonymous_name
from parvis.hub.store import store
from parvis.hub.ui.tests.markup import tight
from parvis.hub.validation import transient_checks
from parvis.hub.validation.transient_checks import sweep
from parvis.web.validation import query, uploads

from .conftest import GRANTS, RIGHT, SCHEMA, WRONG

BAL_HEAD = "cle_interop;id_ban_commune;id_ban_toponyme;id_ban_adresse;commune_insee;voie_nom;numero;suffixe;commune_nom;position;long;lat;x;y;source;date_der_maj"
BAL_ROW = (
    "31591_xxxx_00009;0246e48c-f33d-433a-8984-034219be842e;8a3bab10-f329-4ce3-9c7d-280d91a8053a;"
    "3c87abe4-887b-46ee-9192-5c1b35a06625;31591;Rue des 3 Places;9;;Escoulis;entrée;1.028392;43.111637;539416.13;6225601.11;;2020-11-09"
)
"""An address as the national validator of Bases Adresses Locales takes it."""

pytestmark = pytest.mark.django_db


def given(name, content):
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def check(client, content=WRONG, name="places.csv", **form):
    form = {"fichier_schema": given("places.json", SCHEMA), **form}
    return client.post("/valider/", {"fichier": given(name, content), **form})


def files_of(home):
    return [path for path in home.rglob("*") if path.is_file() and "running" not in path.parts]


def test_a_report_tells_each_fault_in_its_row(client):
    response = check(client)
    assert response.status_code == 302
    assert re.fullmatch(r"/valider/[\w-]{32}/", response["Location"])
    page = tight(client.get(response["Location"]).content.decode())
    assert "<h1>3 erreurs</h1>" in page
    assert "Vouliez-vous écrire 2024-02-03" in page
    assert "<mark>03/02/2024</mark>" in page
    assert "&lt;b&gt;é&lt;/b&gt;" in page
    assert "<b>é</b>" not in page


def aged(seconds):
    past = time.time() - seconds
    for folder in store().local_root("checks").iterdir():
        for path in folder.iterdir():
            os.utime(path, (past, past))


def test_a_file_is_gone_after_a_quarter_of_an_hour_and_its_report_stays(client, own_home):
    address = check(client)["Location"]
    assert "Votre fichier sera effacé dans 15 minutes" in tight(client.get(address).content.decode())
    aged(901)
    page = tight(client.get(address).content.decode())  # before anything has swept
    assert "Votre fichier est effacé" in page
    assert "/schema/" not in page
    assert client.post(f"{address}schema/", {"schema": GRANTS}).status_code == 404
    assert client.post(f"{address}corriger/").status_code == 404
    sweep()
    assert all(WRONG not in path.read_bytes() for path in files_of(own_home))
    assert "<h1>3 " in tight(client.get(address).content.decode())


def test_a_file_without_room_is_gone_at_once(client, own_home, monkeypatch):
    monkeypatch.setattr(transient_checks, "ALL_KEPT_BYTES", len(WRONG) - 1)
    address = check(client)["Location"]
    assert "Votre fichier est effacé" in tight(client.get(address).content.decode())
    assert all(WRONG not in path.read_bytes() for path in files_of(own_home))


def test_the_full_report_is_downloaded_in_three_forms(client):
    address = check(client)["Location"]
    for ending, sign in (("csv", b"\xef\xbb\xbf"), ("json", b"{"), ("xlsx", b"PK")):
        answer = client.get(f"{address}rapport.{ending}")
        assert b"".join(answer.streaming_content).startswith(sign)
    assert client.get(f"{address}rapport.parquet").status_code == 404


def test_a_valid_file_is_said_to_be_valid(client):
    page = tight(client.get(check(client, RIGHT)["Location"]).content.decode())
    assert "Ce fichier est valide" in page


def test_a_real_file_in_windows_1252_is_read_as_it_is_and_its_corrections_are_proposed(client, grants):
    response = client.post("/valider/", {"fichier": given("lot.csv", grants), "schema": GRANTS})
    page = tight(client.get(response["Location"]).content.decode())
    assert "Le fichier est en cp1252" in page
    assert "Nombres avec des espaces entre les milliers" in page
    assert "/schemas/scdl/subventions/?version=2.1.1" in page


def test_without_a_schema_the_one_that_the_file_most_looks_like_is_taken(client, grants):
    response = client.post("/valider/", {"fichier": given("lot.csv", grants)})
    page = tight(client.get(response["Location"]).content.decode())
    assert "ce fichier ressemble le plus à « Subventions »" in page
    assert "/schemas/scdl/subventions/?version=2.1.1" in page


def test_another_schema_is_asked_of_the_same_file_and_the_former_report_goes(client, grants):
    address = client.post("/valider/", {"fichier": given("lot.csv", grants), "schema": GRANTS})["Location"]
    again = client.post(f"{address}schema/", {"schema": "scdl/prenoms"})
    page = tight(client.get(again["Location"]).content.decode())
    assert "/schemas/scdl/prenoms/" in page
    assert client.get(address).status_code == 404


def test_a_file_that_looks_like_no_schema_is_checked_with_the_one_then_chosen(client):
    address = client.post("/valider/", {"fichier": given("vide.csv", b"zyx,wvu\n1,2\n")})["Location"]
    assert "ne ressemble à aucun schéma" in client.get(address).content.decode()
    again = client.post(f"{address}schema/", {"schema": "scdl/prenoms"})
    assert "/schemas/scdl/prenoms/" in client.get(again["Location"]).content.decode()


def test_the_corrected_file_has_the_sure_corrections_alone(client):
    content = b"code,jour\n91228,23/02/2024\n1004,bientot\n"
    address = check(client, content)["Location"]
    assert "Télécharger le fichier corrigé" in client.get(address).content.decode()
    answer = client.post(f"{address}corriger/")
    assert 'filename="places-corrige.csv"' in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content).decode().splitlines() == ["code,jour", "91228,2024-02-23", "1004,bientot"]


@pytest.mark.parametrize(("sample", "verdict"), [("valide", "Ce fichier est valide"), ("invalide", "id_ban_adresse")])
def test_a_base_adresse_locale_is_recognised_and_checked(client, sample, verdict):
    row = {"valide": BAL_ROW, "invalide": BAL_ROW.replace("3c87abe4-887b-46ee-9192-5c1b35a06625", "3c87abe4-887b")}[
        sample
    ]
    response = client.post("/valider/", {"fichier": given("bal.csv", f"{BAL_HEAD}\n{row}\n".encode())})
    page = tight(client.get(response["Location"]).content.decode())
    assert "/schemas/etalab/schema-bal/?version=1.4" in page
    assert verdict in page


def test_a_report_is_erased_by_its_button(client):
    address = check(client)["Location"]
    assert "Le rapport est effacé" in client.post(f"{address}supprimer/").content.decode()
    assert client.get(address).status_code == 404
    assert store().children("checks") == []


def test_a_report_is_gone_after_an_hour(client):
    address = check(client)["Location"]
    token = address.split("/")[2]
    past = time.time() - 3_601
    os.utime(store().local_root("checks") / token / "facts.json", (past, past))
    assert client.get(address).status_code == 404
    assert not (store().local_root("checks") / token).exists()


def test_what_was_left_is_swept(client):
    check(client)
    (folder,) = store().local_root("checks").iterdir()
    assert sweep() == 0
    past = time.time() - 3_601
    for path in folder.iterdir():
        os.utime(path, (past, past))
    assert sweep() == 1
    assert not folder.exists()


@pytest.mark.parametrize("token", ["..%2F..%2Fsecret-key", "a" * 32, "a" * 31 + ".", "x"])
def test_no_other_address_gives_a_report(client, token):
    assert client.get(f"/valider/{token}/").status_code == 404


# -- hostile files


def test_a_file_announced_too_long_is_refused_before_a_byte_of_it_is_read(client, monkeypatch):
    def never(*_args, **_kwargs):
        raise AssertionError("read")

    monkeypatch.setattr(uploads, "Receiving", never)
    response = client.post(
        "/valider/",
        b"--x--",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="2000000000",
        headers={"content-length": "2000000000"},
    )
    assert response.status_code == 413
    assert "2000000000 octets" in response.content.decode()


def test_a_file_longer_than_announced_is_stopped_where_it_passes_the_bound(client, monkeypatch, own_home):
    monkeypatch.setattr(uploads, "MOST_BYTES", 1_000)
    response = check(client, b"code,jour\n" + b"91228,2024-02-03\n" * 1_000)
    assert response.status_code == 413
    assert not any("check-" in str(path) for path in own_home.rglob("*"))


def test_a_file_that_comes_by_drops_is_stopped(tmp_path, monkeypatch):
    receiving = uploads.Receiving("lent.csv", tmp_path / "lent", 10_000)
    monkeypatch.setattr(uploads, "GRACE", 0.0)
    clock = time.monotonic() + 3_600
    monkeypatch.setattr(uploads.time, "monotonic", lambda: clock)
    with pytest.raises(uploads.TooSlow):
        receiving.write(b"a")


def test_a_bomb_is_refused(client):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("places.csv", b"0" * 200_000_000)
    response = check(client, packed.getvalue(), "places.zip")
    assert response.status_code == 422
    assert "une fois décompressée, elle dépasserait la limite" in response.content.decode()


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"%PDF-1.7\n%\xe2\xe3\n", "acte.pdf"), (os.urandom(3_000), "bruit.csv"), (b"MZ\x90\x00" * 500, "programme.csv")],
)
def test_what_is_no_table_is_refused_with_a_sentence_or_reported(client, content, name):
    response = check(client, content, name)
    assert response.status_code in (302, 422)
    if response.status_code == 422:
        assert "n’a pas pu être vérifié" in response.content.decode()


def test_nothing_at_all_is_told(client):
    response = client.post("/valider/", {"schema": GRANTS})
    assert response.status_code == 400
    assert "Il n’y a pas de fichier à vérifier" in response.content.decode()


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"fields": [{"type": "nombre", "name": "a"}]}', b"\xff" * 20])
def test_a_schema_that_is_none_is_told_before_the_file_is_checked(client, content):
    response = check(client, RIGHT, fichier_schema=given("faux.json", content))
    assert response.status_code == 422
    assert "schéma" in response.content.decode()


@pytest.mark.parametrize("url", ["http://127.0.0.1/x.csv", "http://169.254.169.254/latest", "file:///etc/passwd"])
def test_an_address_of_the_house_is_never_fetched(client, url):
    response = client.post("/valider/", {"adresse": url, "schema": GRANTS})
    assert response.status_code == 400
    assert PrivateAddress.code in response.content.decode() or "http" in response.content.decode()


def test_a_schema_is_never_fetched_from_the_house(client):
    response = client.post("/valider/", {"fichier": given("a.csv", RIGHT), "adresse_schema": "http://localhost/s.json"})
    assert response.status_code == 400


def test_a_check_that_lasts_too_long_is_stopped_and_leaves_nothing(client, monkeypatch, own_home):
    monkeypatch.setattr(query, "SECONDS", 0.0)
    response = check(client)
    assert response.status_code == 503
    assert "0 secondes" in response.content.decode()
    assert store().children("checks") == []


def test_only_so_many_files_are_taken_at_once(client):
    callers = [f"other {rank}" for rank in range(PERMITS["checks"].in_all)]
    for name in callers:
        assert limiter().take("checks", name) is None
    try:
        refused = check(client)
        assert (refused.status_code, refused["Retry-After"]) == (503, "60")
    finally:
        for name in callers:
            limiter().give_back("checks", name)
    assert check(client).status_code == 302


def test_one_caller_has_two_files_checked_at_once_and_leaves_places_to_others(client):
    own = anonymous_name("127.0.0.1", datetime.now(UTC).date(), settings.SECRET_KEY)
    for _rank in range(PERMITS["checks"].of_one):
        assert limiter().take("checks", own) is None
    try:
        refused = check(client)
        assert (refused.status_code, refused["Retry-After"]) == (429, "5")
        assert check(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302
    finally:
        for _rank in range(PERMITS["checks"].of_one):
            limiter().give_back("checks", own)


def test_who_has_spent_their_day_is_told_before_sending(client, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_QUOTA_ANONYMOUS_CALLS": 1}
    assert check(client).status_code == 302
    refused = check(client)
    assert refused.status_code == 429
    assert "quota" in refused.content.decode()


def test_a_private_portal_checks_nothing_for_strangers(client, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_PRIVATE": True}
    assert client.get("/valider/").status_code in (302, 401)
    assert check(client).status_code in (302, 401)


def test_a_schema_is_found_by_a_word_of_its_title(client, grants):
    response = client.post("/valider/", {"fichier": given("lot.csv", grants), "schema": "Subventions"})
    assert "/schemas/scdl/subventions/?version=" in client.get(response["Location"]).content.decode()


def test_a_word_that_several_schemas_bear_names_them_and_keeps_what_was_typed(client, grants):
    response = client.post("/valider/", {"fichier": given("lot.csv", grants), "schema": "irve"})
    page = tight(response.content.decode())
    assert response.status_code == 400
    assert "etalab/schema-irve-statique" in page and "etalab/schema-irve-dynamique" in page
    assert 'name="schema" value="irve"' in page


def test_the_form_offers_every_schema_by_title_without_a_script(client):
    page = tight(client.get("/valider/?schema=scdl/subventions").content.decode())
    assert f'value="{GRANTS}"' in page
    assert '<option value="scdl/deliberations@' in page


def test_where_reading_cannot_be_confined_files_of_the_public_are_refused_unless_that_is_accepted(client, monkeypatch):
    monkeypatch.setattr("parvis.hub.datastore.confined.can_confine", lambda: False)
    refused = check(client)
    assert refused.status_code == 503
    assert "cannot-confine" in refused.content.decode()
    assert client.post("/api/parvis/v1/validate", WRONG, content_type="text/csv").status_code == 503
    monkeypatch.setitem(settings.PARVIS, "PARVIS_ACCEPT_UNCONFINED", True)
    assert check(client).status_code == 302
