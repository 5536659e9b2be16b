"""An organisation's inventory follows what it publishes and what its people say; rights hold."""

from __future__ import annotations

import pytest

from parvis.core.errors import Forbidden
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.inventory.models import InventoryChoice
from parvis.hub.inventory.presentation import as_csv, harmless
from parvis.hub.inventory.rules import Fact, Standing
from parvis.hub.inventory.selectors import inventory_of, local_authorities, population_of, progress
from parvis.hub.inventory.services import NotInInventory, say
from parvis.hub.territories.models import Territory
from parvis.hub.validation.selectors import bundled_ref
from parvis.hub.validation.services.dataset_schema import follow

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    place = Territory.objects.create(kind="commune", code="91340", name="Lisses", folded="lisses", population=7400)
    return make_organisation("Ville de Lisses", slug="lisses", kind="commune", territory=place)


def standing(actor, town, slug) -> Standing:
    return next(item.standing for item in inventory_of(actor, town) if item.usual.slug == slug)


def test_what_is_published_is_found_as_the_reader_sees_it(town):
    make_dataset(town, title="Subventions 2025", custom={"schema": "scdl/subventions"}, access=Access.INTERNAL)
    assert standing(OPERATOR, town, "subventions") is Standing.PUBLISHED
    assert standing(ANONYMOUS, town, "subventions") is Standing.MISSING


def test_the_schema_that_a_dataset_follows_makes_it_known(town):
    dataset = make_dataset(town, title="Tableau 7")
    follow(OPERATOR, dataset, bundled_ref("scdl/subventions"))
    assert standing(ANONYMOUS, town, "subventions") is Standing.PUBLISHED


def test_a_steward_says_what_a_guess_cannot(town):
    steward = actor_of(make_member(town, Role.STEWARD))
    dataset = make_dataset(town, title="Tableau 12")
    say(steward, town, "menus", Fact.PUBLISHED, dataset)
    assert standing(ANONYMOUS, town, "menus") is Standing.PUBLISHED
    say(steward, town, "menus", None)
    assert standing(ANONYMOUS, town, "menus") is Standing.MISSING
    assert not InventoryChoice.objects.exists()
    assert Entry.objects.filter(action="inventory.say").count() == 2


def test_a_contributor_may_not(town):
    with pytest.raises(Forbidden):
        say(actor_of(make_member(town, Role.CONTRIBUTOR)), town, "menus", Fact.PLANNED)


def test_nonsense_is_refused(town):
    other = make_dataset(make_organisation())
    for slug, status, dataset in (
        ("licornes", Fact.PLANNED, None),
        ("menus", Fact.PUBLISHED, None),
        ("menus", Fact.PLANNED, make_dataset(town)),
        ("menus", Fact.PUBLISHED, other),
    ):
        with pytest.raises(NotInInventory):
            say(OPERATOR, town, slug, status, dataset)


def test_the_population_of_an_agglomeration_is_that_of_its_communes(town):
    epci = Territory.objects.create(kind="epci", code="200059228", name="GPS", folded="gps")
    for code, people in (("91340", 7400), ("91228", 70_000)):
        Territory.objects.update_or_create(
            kind="commune",
            code=code,
            defaults={"name": code, "folded": code, "epci": "200059228", "population": people},
        )
    assert population_of(make_organisation("GPS", kind="epci", territory=epci)) == 77_400


def test_progress_counts_what_is_sure(town):
    make_dataset(town, title="Aides", custom={"schema": "scdl/subventions"})
    make_dataset(town, title="Arbres")
    say(OPERATOR, town, "taxis", Fact.NOT_OURS)
    items = inventory_of(ANONYMOUS, town)
    counted = progress(items)
    assert (counted["all_done"], counted["socle_done"], counted["must_done"], counted["likely"]) == (1, 1, 1, 1)
    assert counted["all"] == len(items) - 1


def test_only_local_authorities_that_publish_are_listed(town):
    make_dataset(town)
    make_dataset(make_organisation("Association", kind="association"))
    make_organisation("Sans jeu", kind="commune")
    assert local_authorities(ANONYMOUS) == [town]


def test_the_target_list_opens_in_a_spreadsheet_without_formula(town):
    text = b"".join(as_csv(inventory_of(ANONYMOUS, town), "https://x")).decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0].startswith("Jeu de données;Compétence;État;Socle")
    assert len(lines) == len(inventory_of(ANONYMOUS, town)) + 1
    assert harmless("=1+1") == "'=1+1"
    assert harmless("@x").startswith("'")
