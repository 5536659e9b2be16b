"""What a search tells of datasets that the reader may not see: nothing, by no count, word, order, neighbour, feed or facet."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue import factories
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import bump_revision
from parvis.hub.maps.factories import make_trees
from parvis.hub.search.rules import SearchRequest
from parvis.hub.search.selectors import search

pytestmark = pytest.mark.django_db

HIDDEN, ABSENT = "zanzibarite", "quetzalcoat"
"""Two words of one length: one stands in a hidden dataset alone, the other nowhere."""

ADDRESSES = (
    "/recherche/?q={}",
    "/recherche/?q=arbres+{}",
    "/recherche/suggestions?q={}",
    "/recherche/suggestions?q=arbres+{}",
    "/explore/?q={}",
    "/explore/?q=arbres+{}",
    "/explore/?q={}+arbres",
    "/explore/?q={}&sort=titre",
    "/api/explore/v2.1/catalog/datasets?where=search(%22{}%22)",
    "/api/explore/v2.1/catalog/datasets?where=suggest(%22{}%22)",
    "/api/explore/v2.1/catalog/datasets?where=%22{}%22",
    "/api/explore/v2.1/catalog/datasets?where=title+like+%22{}%22",
    "/api/explore/v2.1/catalog/datasets?refine=keyword:{}",
    "/api/explore/v2.1/catalog/facets?where=search(%22{}%22)",
    "/api/explore/v2.1/catalog/exports/json?where=search(%22{}%22)",
    "/api/explore/v2.1/catalog/exports/rss?where=search(%22{}%22)",
    "/api/datasets/1.0/search/?q={}",
    "/sql/?q={}",
)


def make_dataset(**card):
    return factories.make_dataset(**{"description": "Relevé chaque année par un agent.", **card})


@pytest.fixture
def hidden():
    """A public dataset of trees, and what only others may see, all words of which are rare."""
    make_trees([(2.44, 48.62)], title="Arbres du parc")
    organisation = make_organisation()
    for access in (Access.INTERNAL, Access.RESTRICTED):
        make_dataset(
            organisation=organisation,
            title=f"Arbres {HIDDEN}",
            description=f"Le {HIDDEN} des arbres.",
            keywords=[HIDDEN],
            access=access,
        )
    bump_revision()
    return organisation


def titles(text, actor=ANONYMOUS, **rest):
    bump_revision()
    result = search(actor, SearchRequest(text, **rest), announced=True)
    return [dataset.title for dataset in result.datasets], result.every_word, result.total


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_hidden_word_is_answered_as_one_that_nobody_wrote(client, hidden, address):
    answers = [client.get(address.format(word)) for word in (HIDDEN, ABSENT)]
    assert answers[0].status_code == answers[1].status_code < 500
    first, second = ((b"".join(answer.streaming_content) if answer.streaming else answer.content) for answer in answers)
    assert _comparable(first, HIDDEN) == _comparable(second, ABSENT)


def _comparable(body: bytes, word: str) -> list[str]:
    """The answer without the word that was asked, nor what changes at each request."""
    lines = body.decode().replace(word, "—").splitlines()
    changing = ("nonce", "csrf", "lastBuildDate", "pubDate", "<updated", "timestamp")
    return [line for line in lines if not any(mark in line for mark in changing)]


def test_some_words_are_found_where_only_a_hidden_dataset_has_them_all(hidden):
    assert titles(f"arbres {HIDDEN}") == titles(f"arbres {ABSENT}") == (["Arbres du parc"], False, 1)


def test_a_slip_of_the_finger_is_forgiven_whatever_hidden_datasets_hold():
    make_dataset(title="Bibliothèques")
    assert titles("bibliotheqes")[0] == ["Bibliothèques"]
    make_dataset(title="Bibliotheqes", access=Access.INTERNAL)
    assert titles("bibliotheqes") == (["Bibliothèques"], True, 1)


def test_hidden_datasets_change_no_order():
    for title in ("Kiosques anciens", "Fontaines anciennes"):
        make_dataset(title=title)
    before = titles("kiosques fontaines")
    for _ in range(12):  # what is common weighs less: told to all, it would count hidden datasets
        make_dataset(title="Kiosques kiosques", access=Access.INTERNAL)
    assert titles("kiosques fontaines") == before
    for _ in range(24):
        make_dataset(title="Fontaines fontaines", access=Access.RESTRICTED)
    assert titles("kiosques fontaines") == before


def test_a_member_finds_what_their_own_organisation_keeps_and_nothing_of_others(hidden):
    reader = actor_of(make_member(hidden, Role.READER))
    assert titles(HIDDEN, reader)[0] == [f"Arbres {HIDDEN}"]
    other = actor_of(make_member(make_organisation(), Role.READER))
    assert titles(HIDDEN, other) == titles(ABSENT, other)
