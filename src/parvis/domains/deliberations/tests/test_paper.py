"""The certificate of a publication and the register of a year, read back from their PDF."""

from __future__ import annotations

import io
from datetime import date

import pytest
from pdfminer.high_level import extract_text

from parvis.core.seals import Author, FileDigest, Kind
from parvis.domains.deliberations.factories import make_act, make_assembly, make_session
from parvis.domains.deliberations.online.publishing import withdraw_act
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.addresses import absolute_url
from parvis.hub.seals.selectors import entries_of
from parvis.hub.seals.services import seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune(home):
    return make_organisation("Grigny", slug="grigny", siren="219102860")


def words(response) -> str:
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF")
    return " ".join(extract_text(io.BytesIO(response.content)).split())


def test_a_sealed_act_has_its_certificate_and_its_page_leads_there(commune, client):
    act = make_act(commune, "Toiture de l’école", number="2026-014")
    file, page = act.act_files.get(), act.get_absolute_url()
    if not entries_of(absolute_url(page)).exists():
        digests = [FileDigest("fichiers/1/", file.published_bytes, file.published_digest)]
        seal(OPERATOR, Kind.PUBLICATION, absolute_url(page), digests, Author(act.signatory, act.signatory_quality))
    html = client.get(page).content.decode()
    assert f"{page}certificat.pdf" in html
    assert f"/sceaux/?empreinte={file.published_digest}" in html
    text = words(client.get(f"{page}certificat.pdf"))
    for fact in ("Toiture de l’école", "2026-014", "Camille Durand, Maire", "15 janvier 2026"):
        assert fact in text, fact
    assert file.published_digest in text.replace(" ", "")


def test_the_register_has_the_acts_of_a_year_in_order_and_nothing_of_drafts_nor_of_what_was_withdrawn(commune, client):
    session = make_session(make_assembly(commune), president="Camille Durand", secretary="Paul Martin")
    make_act(commune, "Second acte", number="2026-002", session=session, is_unanimous=True, present=15)
    first = make_act(commune, "Premier acte", number="2026-001", session=session)
    make_act(commune, "Rectificatif", number="2026-003", session=session, corrects=first)
    make_act(commune, "Brouillon", number="2026-004", session=session, online=False)
    make_act(commune, "D’une autre année", date=date(2025, 1, 1))
    withdraw_act(OPERATOR, make_act(commune, "Nom de personne", number="2026-099", session=session), "privacy")
    text = words(client.get("/deliberations/registre/grigny/2026.pdf"))
    places = [text.index(title) for title in ("Conseil municipal", "Premier acte", "Second acte", "Rectificatif")]
    assert places == sorted(places)
    for fact in ("Registre des délibérations 2026", "corrigé par 2026-003", "acte retiré", "Paul Martin"):
        assert fact in text, fact
    for fact in ("Brouillon", "Nom de personne", "2026-099", "autre année"):
        assert fact not in text, fact


def test_a_draft_has_no_certificate_even_for_those_who_write_it(commune, client):
    act = make_act(commune, online=False)
    client.force_login(make_member(commune, Role.CONTRIBUTOR))
    assert client.get(f"{act.get_absolute_url()}certificat.pdf").status_code == 404


@pytest.mark.parametrize(
    "address", ["grigny/2024.pdf", "personne/2026.pdf", "grigny/2026.pdf?document=minutes", "grigny/0.pdf"]
)
def test_an_empty_register_is_not_there(commune, client, address):
    make_act(commune)
    assert client.get(f"/deliberations/registre/{address}").status_code == 404
