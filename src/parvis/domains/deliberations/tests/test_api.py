"""A program deposits acts with a key made for it, and follows them; what is refused is said, and leaves nothing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parvis.domains.deliberations.deposit import receiving
from parvis.domains.deliberations.factories import make_assembly
from parvis.domains.deliberations.models import Act, ActFile, Official
from parvis.domains.deliberations.tests.papers import act_pdf, run_queued
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import create_key
from parvis.hub.jobs.models import Job

pytestmark = pytest.mark.django_db

DEPOSITS = "/api/parvis/v1/actes/depots"


@pytest.fixture
def commune(home):
    organisation = make_organisation("Grigny", siren="219102860")
    make_assembly(organisation)
    Official.objects.create(organisation=organisation, given_name="Camille", family_name="Durand", quality="Maire")
    return organisation


@pytest.fixture
def writer(commune):
    return make_member(commune, Role.CONTRIBUTOR)


def key_of(person, scope=Scope.DEPOSIT, organisation=None):
    return create_key(actor_of(person), person, "clé", scope=scope, organisation=organisation)[1]


def client_of(secret):
    return Client(headers={"Authorization": f"ApiKey {secret}"}) if secret else Client()


def pdf(name="2026-014.pdf", **words):
    return SimpleUploadedFile(name, act_pdf(**words), "application/pdf")


def deposit(secret, commune, **form):
    return client_of(secret).post(DEPOSITS, {"organisation": commune.slug, "file": pdf(), **form})


def test_an_act_and_its_annexes_are_deposited_then_followed(commune, writer):
    secret = key_of(writer)
    annexes = [pdf("plan.pdf", number="9"), pdf("bilan.pdf", number="10")]
    answer = deposit(secret, commune, annexes=annexes)
    assert answer.status_code == 200, answer.content
    facts = answer.json()
    assert [(file["name"], file["role"], file["reading"]) for file in facts["files"]] == [
        ("2026-014.pdf", "main", "waiting"),
        ("plan.pdf", "annex", "waiting"),
        ("bilan.pdf", "annex", "waiting"),
    ]
    assert facts["missing"]
    run_queued()
    followed = client_of(secret).get(f"{DEPOSITS}/{facts['id']}").json()
    assert (followed["number"], followed["date"]) == ("2026_014", "2026-01-15")
    assert {file["reading"] for file in followed["files"]} == {"read"}
    assert (followed["confirmed"], followed["published"], followed["url"]) == (False, False, None)
    assert "personne n’a confirmé ce qui en a été lu" in followed["missing"]


@pytest.mark.parametrize("scope", [None, Scope.READ_PUBLIC, Scope.READ, Scope.PROPOSE])
def test_a_key_for_something_else_and_no_key_deposit_nothing(commune, writer, scope):
    answer = deposit(key_of(writer, scope) if scope else "", commune)
    assert (answer.status_code, answer.json()["error_code"]) == (403, "act-scope")
    assert not Act.objects.exists()


def test_a_key_gives_no_more_than_its_owner_and_its_organisation_have(commune, writer):
    reader = make_member(commune, Role.READER)
    other = make_organisation("Ris-Orangis")
    both = make_member(other, Role.CONTRIBUTOR)
    both.memberships.create(organisation=commune, role=Role.CONTRIBUTOR)
    for secret in (key_of(reader), key_of(both, organisation=other), key_of(make_member(other, Role.STEWARD))):
        assert deposit(secret, commune).status_code == 403
    assert not Act.objects.exists()
    assert deposit(key_of(both, organisation=commune), commune).status_code == 200
    unknown = client_of(key_of(writer)).post(DEPOSITS, {"organisation": "nulle-part", "file": pdf()})
    assert unknown.status_code == 404


def test_a_deposit_is_followed_by_who_may_change_it_alone(commune, writer):
    key = deposit(key_of(writer), commune).json()["id"]
    stranger = key_of(make_member(make_organisation(), Role.STEWARD))
    for client in (Client(), client_of(stranger)):
        assert client.get(f"{DEPOSITS}/{key}").status_code == 404
    assert client_of(key_of(writer)).get(f"{DEPOSITS}/{key}").status_code == 200
    assert client_of(key_of(writer)).get(f"{DEPOSITS}/999999").status_code == 404


def test_the_same_file_twice_is_told(commune, writer):
    secret = key_of(writer)
    assert deposit(secret, commune).status_code == 200
    answer = deposit(secret, commune, annexes=[pdf("plan.pdf", number="9")])
    assert (answer.status_code, answer.json()["error_code"]) == (409, "act-twice")
    assert "2026 014" in answer.json()["message"]
    assert (Act.objects.count(), ActFile.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({"file": ""}, 400, "act-no-file"),
        ({"file": SimpleUploadedFile("programme.exe", b"MZ")}, 422, "act-unknown"),
        ({"file": SimpleUploadedFile("vide.pdf", b"")}, 422, "act-file"),
        ({"annexes": [SimpleUploadedFile("programme.exe", b"MZ")]}, 422, "act-unknown"),
        ({"annexes": [pdf("encore.pdf")]}, 409, "act-twice"),
    ],
)
def test_what_is_refused_leaves_nothing(commune, writer, form, status, code):
    answer = deposit(key_of(writer), commune, **form)
    assert (answer.status_code, answer.json()["error_code"]) == (status, code), answer.content
    assert (Act.objects.count(), ActFile.objects.count(), Job.objects.count()) == (0, 0, 0)


def test_a_file_over_the_bound_and_more_annexes_than_the_bound_are_refused(commune, writer, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_BYTES", 1_000)
    answer = deposit(key_of(writer), commune)
    assert (answer.status_code, answer.json()["error_code"]) == (422, "act-file")
    assert "trop lourd" in answer.json()["message"]
    monkeypatch.undo()
    annexes = [SimpleUploadedFile(f"{rank}.pdf", b"%d" % rank) for rank in range(101)]
    answer = deposit(key_of(writer), commune, annexes=annexes)
    assert (answer.status_code, answer.json()["error_code"]) == (422, "act-file")
    assert not Act.objects.exists()


def test_what_is_no_form_is_told(commune, writer):
    client = client_of(key_of(writer))
    for body, media_type in ((b"{}", "application/json"), (b"--x\r\n", "multipart/form-data; boundary=x")):
        answer = client.post(DEPOSITS, body, content_type=media_type)
        assert answer.status_code in (400, 404, 415), answer.content
        assert answer.json()["error_code"]
