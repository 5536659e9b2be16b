import pytest

from parvis.core.errors import Forbidden
from parvis.hub.accounts.rules import ANONYMOUS, NEEDED_ROLE, OPERATOR, Actor, Role, may, require

TOWN, OTHER = 1, 2


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.READER, {"read"}),
        (Role.CONTRIBUTOR, {"read", "edit"}),
        (Role.STEWARD, {"read", "edit", "publish"}),
        (Role.ADMINISTRATOR, {"read", "edit", "publish", "administer"}),
    ],
)
def test_each_role_may_do_its_own_and_what_the_lesser_ones_may(role, allowed):
    actor = Actor("Dominique", 1, roles={TOWN: role})
    assert {action for action in NEEDED_ROLE if may(actor, action, TOWN)} == allowed


def test_a_role_is_worth_nothing_in_another_organisation():
    actor = Actor("Dominique", 1, roles={TOWN: Role.ADMINISTRATOR})
    assert not any(may(actor, action, OTHER) for action in NEEDED_ROLE)
    assert not any(may(actor, action, None) for action in NEEDED_ROLE)


def test_nobody_in_particular_may_do_nothing_and_the_operator_everything():
    assert not any(may(ANONYMOUS, action, TOWN) for action in NEEDED_ROLE)
    assert all(may(OPERATOR, action, TOWN) for action in NEEDED_ROLE)


def test_a_refusal_says_what_was_tried():
    with pytest.raises(Forbidden, match="publier « Arbres »"):
        require(ANONYMOUS, "publish", TOWN, "publier « Arbres »")
