"""The schemas known here: a list, a page each, a spreadsheet to fill."""

from __future__ import annotations

import io

import pytest
from python_calamine import CalamineWorkbook

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.validation.services import follow, ref_from
from parvis.web.validation.field_descriptions import without_links

from .conftest import GRANTS

pytestmark = pytest.mark.django_db


def test_schemas_are_found_by_the_words_of_their_title_whatever_the_accents(client):
    page = client.get("/schemas/?q=deliberations").content.decode()
    assert "/schemas/scdl/deliberations/" in page
    assert "/schemas/scdl/subventions/" not in page
    assert "Aucun schéma ne correspond" in client.get("/schemas/?q=zzzz").content.decode()


def test_a_page_tells_each_field_with_its_rules_and_the_versions(client):
    page = client.get("/schemas/scdl/subventions/").content.decode()
    assert "nomAttribuant" in page
    assert "Date (AAAA-MM-JJ)" in page
    assert "obligatoire" in page
    assert "?version=2.0.2" in page
    assert "/valider/?schema=scdl%2Fsubventions%402.1.1" in page


def test_only_the_followers_that_a_reader_may_see_are_told(client):
    shown, hidden = make_dataset(title="Subventions d’Évry"), make_dataset(title="Brouillon", access=Access.RESTRICTED)
    for dataset in (shown, hidden):
        follow(OPERATOR, dataset, ref_from(GRANTS))
    page = client.get("/schemas/scdl/subventions/").content.decode()
    assert "Subventions d’Évry" in page
    assert "Brouillon" not in page


def test_the_spreadsheet_to_fill_bears_the_fields_as_header(client):
    answer = client.get("/schemas/scdl/subventions/modele.xlsx?version=2.1.1")
    assert "modele-subventions-2.1.1.xlsx" in answer["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.get_sheet_by_index(0).to_python()[0][:2] == ["nomAttribuant", "idAttribuant"]


@pytest.mark.parametrize(
    "path", ["/schemas/scdl/absent/", "/schemas/scdl/subventions/?version=9", "/schemas/a/b/modele.xlsx"]
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_links_in_descriptions_leave_their_words():
    assert without_links("Le [SIRET](https://exemple.fr) du bénéficiaire") == "Le SIRET du bénéficiaire"
