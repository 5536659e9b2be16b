"""The stamp of a dataset: another, and greater, after each change of what is shown of it, and of it alone."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue import attachments, services
from parvis.hub.catalogue.factories import make_dataset, make_version
from parvis.hub.catalogue.models import CatalogueState, Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.selectors import catalogue_revision, dataset_stamp, stamps_of

pytestmark = pytest.mark.django_db


def with_document(dataset: Dataset) -> None:
    attachments.add_attachment(OPERATOR, dataset, "Notice", "notice.txt", ContentFile(b"Lisez-moi."))


CHANGES: dict[str, Callable[[Dataset], object]] = {
    "card": lambda dataset: services.update_card(OPERATOR, dataset, {"title": "Autre"}),
    "access": lambda dataset: services.set_access(OPERATOR, dataset, Access.INTERNAL, [], []),
    "announced": lambda dataset: services.set_access(OPERATOR, dataset, Access.RESTRICTED, [], [], announced=True),
    "version": lambda dataset: services.publish(OPERATOR, dataset, make_version(dataset)),
    "withdrawal": lambda dataset: services.unpublish(OPERATOR, dataset),
    "deletion": lambda dataset: services.delete(OPERATOR, dataset),
    "document": with_document,
    "identifier": lambda dataset: services.rename_dataset(OPERATOR, dataset, "nouveau-nom"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_renews_the_stamp_of_its_dataset_alone(change):
    dataset, other = make_dataset(), make_dataset()
    before, of_other, revision = (
        dataset_stamp(dataset.dataset_id),
        dataset_stamp(other.dataset_id),
        catalogue_revision(),
    )
    CHANGES[change](dataset)
    dataset.refresh_from_db()
    assert dataset.stamp > max(before, of_other, revision)
    assert dataset.stamp == catalogue_revision() == dataset_stamp(dataset.dataset_id)
    assert dataset_stamp(other.dataset_id) == of_other


def test_the_name_of_an_organisation_renews_the_stamps_of_its_datasets():
    organisation = make_organisation("Ville")
    mine, other = [make_dataset(organisation) for _turn in range(3)], make_dataset(make_organisation("Autre"))
    organisation.name = "Ville nouvelle"
    organisation.save()
    stamps = {dataset_stamp(dataset.dataset_id) for dataset in mine}
    assert len(stamps) == 1
    assert stamps.pop() > dataset_stamp(other.dataset_id) == other.stamp


def test_an_organisation_without_datasets_renews_the_mark_of_the_catalogue():
    dataset, before = make_dataset(), catalogue_revision()
    make_organisation("Nouvelle")
    assert catalogue_revision() > before
    assert dataset_stamp(dataset.dataset_id) == dataset.stamp


def test_a_dataset_read_before_a_change_and_saved_after_leaves_the_stamp(django_assert_num_queries):
    dataset = make_dataset()
    stale = Dataset.objects.get(pk=dataset.pk)
    services.update_card(OPERATOR, dataset, {"title": "Autre"})
    stale.source = "Relevé"
    stale.save()
    stale.refresh_from_db()
    assert (stale.source, stale.stamp) == ("Relevé", dataset.stamp)


def test_stamps_come_from_the_clock_and_still_grow_when_it_goes_back():
    first = services.bump_revision(make_dataset())
    assert abs(first / 1e6 - time.time()) < 60
    CatalogueState.objects.update(revision=first + 10**12)
    assert services.bump_revision() == first + 10**12 + 1


def test_when_nothing_is_named_every_stamp_is_renewed():
    datasets = [make_dataset() for _turn in range(3)]
    stamp = services.bump_revision()
    assert {dataset_stamp(dataset.dataset_id) for dataset in datasets} == {stamp}


def test_stamps_are_asked_by_present_and_former_identifiers(django_assert_num_queries):
    dataset, other = make_dataset(dataset_id="ancien"), make_dataset(dataset_id="autre")
    services.rename_dataset(OPERATOR, dataset, "nouveau")
    with django_assert_num_queries(2):
        stamps = stamps_of(["ancien", "autre", "absent"])
    assert stamps == {"ancien": ("nouveau", dataset.stamp), "autre": ("autre", other.stamp)}
    with django_assert_num_queries(0):
        assert stamps_of([]) == {}
