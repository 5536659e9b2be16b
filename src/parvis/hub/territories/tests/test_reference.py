"""The reference of territories in the table, and finding one's way in it."""

from __future__ import annotations

import pytest
from django.db import transaction

from parvis.core.errors import Forbidden, NotFound
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.audit.models import Entry
from parvis.hub.territories import selectors, services
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def reference(django_db_setup, django_db_blocker):
    """How many territories were loaded: once for the file, in a transaction around those of its tests, which is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield services.load_reference(OPERATOR)
        transaction.set_rollback(True)


def test_the_reference_is_loaded_with_contours_and_found_by_code(reference):
    assert reference == Territory.objects.count() > 36_000
    evry = selectors.by_code("commune", "91228")
    assert (evry.name, evry.epci, evry.department) == ("Évry-Courcouronnes", "200059228", "91")
    assert "91182" in evry.former_codes
    assert evry.contour["type"] in ("Polygon", "MultiPolygon")
    assert selectors.by_any_code("200059228").name == "Grand Paris Sud Seine Essonne Sénart"
    assert selectors.by_any_code("2A004").name == "Ajaccio"
    assert selectors.by_any_code("region:11").kind == "region"
    assert Entry.objects.filter(action="territories.load").count() == 1


def test_loading_again_writes_only_what_changed(reference):
    assert services.load_reference(OPERATOR) == 0
    Territory.objects.filter(code="91228").update(name="Ailleurs")
    assert services.load_reference(OPERATOR) == 1
    assert selectors.by_code("commune", "91228").name == "Évry-Courcouronnes"


def test_only_who_has_every_right_loads_the_reference(reference):
    Territory.objects.filter(code="91228").delete()
    with pytest.raises(Forbidden):
        services.load_reference(ANONYMOUS)
    assert not Territory.objects.filter(code="91228").exists()


def test_children_are_the_communes_of_an_epci_and_the_departments_of_a_region(reference):
    communes = selectors.children(selectors.by_any_code("200059228"))
    assert {c.name for c in communes} >= {"Évry-Courcouronnes", "Corbeil-Essonnes", "Grigny"}
    assert selectors.children(selectors.by_code("region", "11")).count() == 8
    assert not selectors.children(selectors.by_any_code("91228")).exists()


def test_search_forgives_accents_and_puts_the_exact_name_first(reference):
    assert selectors.search("evry-courcouronnes")[0].code == "91228"
    assert selectors.search("ISSY-les")[0].code == "92040"
    assert selectors.search("92040")[0].code == "92040"
    assert "92040" in [t.code for t in selectors.search("92130")]
    assert selectors.search("Paris")[0].name == "Paris"
    assert not selectors.search("  ").exists()


def test_an_unknown_code_is_not_found(reference):
    for code in ("99999", "commune:11"):
        with pytest.raises(NotFound):
            selectors.by_any_code(code)


def test_a_body_over_two_departments_is_part_of_both(reference):
    names = [parent.name for parent in selectors.parents_of(selectors.by_any_code("200059228"))]
    assert names == ["Essonne", "Seine-et-Marne", "Île-de-France"]
    over_two_regions = selectors.parents_of(selectors.by_any_code("200070308"))
    assert len([parent for parent in over_two_regions if parent.kind == "region"]) == 2


@pytest.mark.parametrize(
    ("code", "neighbour"),
    [("29019", "Guipavas"), ("59350", "Lambersart"), ("13055", "Aubagne"), ("2A004", "Alata"), ("97411", "La Possession"),
     ("97302", "Matoury"), ("97611", "Koungou"), ("75056", "Vincennes")],
)  # fmt: skip
def test_neighbours_are_those_of_the_ground_everywhere_in_france(reference, code, neighbour):
    assert neighbour in selectors.neighbours([selectors.by_code("commune", code)])[code]
