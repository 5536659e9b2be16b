from dataclasses import replace

import pytest

from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Actor, Role
from parvis.hub.catalogue.rules import Access, Guarded, Status, may_see, missing_requirements

TOWN, NEIGHBOUR, STRANGER, GROUP = 1, 2, 3, 7


def guarded(status=Status.PUBLISHED, access=Access.PUBLIC) -> Guarded:
    return Guarded(status, access, TOWN, frozenset({NEIGHBOUR}), frozenset({GROUP}))


def member(organisation: int, role: Role = Role.READER, groups=()) -> Actor:
    return Actor("Camille", 1, roles={organisation: role}, groups=frozenset(groups))


WHO = {
    "anonymous": ANONYMOUS,
    "operator": OPERATOR,
    "reader": member(TOWN),
    "contributor": member(TOWN, Role.CONTRIBUTOR),
    "steward": member(TOWN, Role.STEWARD),
    "neighbour": member(NEIGHBOUR),
    "stranger": member(STRANGER, Role.ADMINISTRATOR),
    "in the group": member(STRANGER, groups=[GROUP]),
}
EDITORS = {"operator", "contributor", "steward"}


@pytest.mark.parametrize(
    ("status", "access", "seen_by"),
    [
        (Status.PUBLISHED, Access.PUBLIC, set(WHO)),
        (Status.PUBLISHED, Access.INTERNAL, EDITORS | {"reader", "neighbour"}),
        (Status.PUBLISHED, Access.RESTRICTED, EDITORS | {"in the group"}),
        (Status.DRAFT, Access.PUBLIC, EDITORS),
        (Status.UNPUBLISHED, Access.PUBLIC, EDITORS),
        (Status.DELETED, Access.PUBLIC, {"operator", "steward"}),
    ],
)
def test_each_state_and_access_shows_a_dataset_to_exactly_these_people(status, access, seen_by):
    assert {name for name, actor in WHO.items() if may_see(actor, guarded(status, access))} == seen_by


def test_an_internal_dataset_of_all_organisations_is_read_by_the_members_of_each_and_nobody_else():
    dataset = replace(guarded(access=Access.INTERNAL), all_organisations=True)
    assert {name for name, actor in WHO.items() if may_see(actor, dataset)} == set(WHO) - {"anonymous"}
    assert not may_see(Actor("Passant", 9), dataset)


def test_a_card_without_licence_or_data_cannot_be_published():
    card = {"title": "Arbres", "description": "Les arbres d’alignement de la commune.", "organisation": "ville"}
    assert [r.name for r in missing_requirements(card)] == ["licence", "data"]
    assert missing_requirements({**card, "licence": "lov2", "version": "v1"}) == []
