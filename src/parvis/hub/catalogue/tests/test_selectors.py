import itertools

import pytest

from parvis.core.errors import NotFound
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue import selectors
from parvis.hub.catalogue.factories import make_dataset, make_version
from parvis.hub.catalogue.rules import Access, Status, may_see
from parvis.hub.catalogue.selectors import any_version, published_versions, version
from parvis.hub.catalogue.services import publish

pytestmark = pytest.mark.django_db


def test_the_list_and_the_one_answer_agree_for_every_actor_access_and_state():
    town, neighbour, stranger = (make_organisation() for _n in range(3))
    people = [make_member(place, role) for place, role in itertools.product((town, neighbour, stranger), Role)]
    actors = [ANONYMOUS, OPERATOR, *(actor_of(person) for person in people)]
    datasets = [make_dataset(town, status=s, access=a) for s, a in itertools.product(Status, Access)]
    for dataset in datasets:
        dataset.allowed_organisations.add(neighbour)
    datasets += [make_dataset(town, access=a, all_organisations=True) for a in (Access.INTERNAL, Access.RESTRICTED)]
    for actor in actors:
        listed = set(selectors.datasets_visible_to(actor).values_list("pk", flat=True))
        answered = {d.pk for d in datasets if d.status == Status.PUBLISHED and may_see(actor, d.guarded)}
        assert listed == answered, actor


def test_a_dataset_nobody_told_you_of_does_not_exist():
    dataset = make_dataset(access=Access.RESTRICTED)
    with pytest.raises(NotFound):
        selectors.dataset(ANONYMOUS, dataset.dataset_id)
    with pytest.raises(NotFound):
        selectors.dataset(ANONYMOUS, "jamais-vu")
    assert selectors.dataset(OPERATOR, dataset.dataset_id) == dataset


def test_reading_the_list_costs_the_same_whatever_its_length(django_assert_num_queries):
    organisation = make_organisation()
    for _n in range(6):
        make_dataset(organisation)
    with django_assert_num_queries(4):
        for dataset in selectors.datasets_visible_to(ANONYMOUS):
            str(dataset.organisation), list(dataset.territories.all()), dataset.guarded


def test_an_organisation_that_changes_its_name_changes_what_the_catalogue_shows():
    organisation = make_organisation("Ville d’Évry")
    before = selectors.catalogue_revision()
    organisation.name = "Ville d’Évry-Courcouronnes"
    organisation.save()
    assert selectors.catalogue_revision() != before


def test_a_version_that_was_never_published_is_known_to_editors_alone():
    dataset = make_dataset()
    waiting = make_version(dataset, published=None)
    assert list(published_versions(dataset)) == [dataset.current]
    with pytest.raises(NotFound):
        version(dataset, waiting.name)
    assert any_version(dataset, waiting.name) == waiting


def test_a_version_stays_readable_once_it_was_published():
    dataset = make_dataset()
    former, latest = dataset.current, make_version(dataset, published=None)
    publish(OPERATOR, dataset, latest)
    assert {row.name for row in published_versions(dataset)} == {former.name, latest.name}
