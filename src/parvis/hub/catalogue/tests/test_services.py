import inspect

import pytest

from parvis.core.errors import Forbidden
from parvis.core.identifiers import BadDatasetId
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.selectors import entries_about
from parvis.hub.catalogue import selectors, services
from parvis.hub.catalogue.factories import CARD, make_dataset, make_version
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.rules import Access, Status

pytestmark = pytest.mark.django_db


def test_every_service_refuses_a_stranger_and_changes_nothing():
    dataset = make_dataset()
    revision = dataset.revisions.first()
    calls = {
        "create_dataset": (dataset.organisation, "autre", CARD),
        "update_card": (dataset, {"title": "Pris"}),
        "update_cards": ([(dataset, {"title": "Pris"})],),
        "set_access": (dataset, Access.RESTRICTED, [], []),
        "withhold_original": (dataset,),
        "restore_card": (dataset, revision),
        "rename_dataset": (dataset, "pris"),
        "answer_to": (dataset, "Pris.Ailleurs"),
        "add_version": (dataset, Version(name="v", rows=1, columns=1, bytes=1)),
        "publish": (dataset,),
        "unpublish": (dataset,),
        "delete": (dataset,),
        "restore": (dataset,),
    }
    before = selectors.card_of(dataset), dataset.status, Dataset.objects.count(), Version.objects.count()
    for name, arguments in calls.items():
        with pytest.raises(Forbidden):
            getattr(services, name)(ANONYMOUS, *arguments)
    dataset.refresh_from_db()
    assert (selectors.card_of(dataset), dataset.status, Dataset.objects.count(), Version.objects.count()) == before
    taking_an_actor = {
        name
        for name, function in inspect.getmembers(services, inspect.isfunction)
        if function.__module__ == services.__name__
        and not name.startswith("_")
        and "actor" in inspect.signature(function).parameters
    }
    assert taking_an_actor == set(calls)


def test_an_identifier_breaks_no_address_and_serves_once():
    organisation = make_organisation()
    for bad in ("", "Arbres", "été", "-a", "a-", "a b", "a/b", "x" * 101):
        with pytest.raises(BadDatasetId):
            services.create_dataset(OPERATOR, organisation, bad, CARD)
    services.create_dataset(OPERATOR, organisation, "arbres", CARD)
    with pytest.raises(services.IdentifierTaken):
        services.create_dataset(OPERATOR, organisation, "arbres", CARD)


def test_a_renamed_dataset_keeps_its_former_address_for_ever():
    dataset = make_dataset(dataset_id="arbres")
    services.rename_dataset(OPERATOR, dataset, "arbres-d-alignement")
    assert selectors.renamed(ANONYMOUS, "arbres") == "arbres-d-alignement"
    with pytest.raises(services.IdentifierTaken):
        services.create_dataset(OPERATOR, dataset.organisation, "arbres", CARD)
    services.rename_dataset(OPERATOR, dataset, "arbres")
    assert selectors.public_dataset(ANONYMOUS, "arbres") == dataset


def test_a_contributor_prepares_and_a_steward_publishes():
    organisation = make_organisation()
    contributor = actor_of(make_member(organisation, Role.CONTRIBUTOR))
    steward = actor_of(make_member(organisation, Role.STEWARD))
    dataset = services.create_dataset(contributor, organisation, "bancs", CARD)
    make_version(dataset)
    with pytest.raises(Forbidden):
        services.publish(contributor, dataset)
    services.publish(steward, dataset)
    assert selectors.public_dataset(ANONYMOUS, "bancs").issued is not None
    assert [e.action for e in entries_about("dataset", "bancs")] == ["dataset.publish", "dataset.create"]


def test_nothing_is_published_without_what_the_law_and_reusers_need():
    dataset = services.create_dataset(OPERATOR, make_organisation(), "vide", {"title": "Bancs"})
    with pytest.raises(services.NotPublishable, match="Description, Données"):
        services.publish(OPERATOR, dataset)
    assert dataset.status == Status.DRAFT


def test_a_deleted_dataset_vanishes_from_public_doors_and_can_come_back():
    dataset = make_dataset()
    services.delete(OPERATOR, dataset)
    assert not selectors.datasets_visible_to(ANONYMOUS).filter(pk=dataset.pk).exists()
    services.restore(OPERATOR, dataset)
    assert dataset.status in (Status.DRAFT, Status.UNPUBLISHED)
    services.publish(OPERATOR, dataset)
    assert selectors.public_dataset(ANONYMOUS, dataset.dataset_id) == dataset


def test_a_change_of_card_can_be_seen_and_undone():
    dataset = make_dataset()
    services.update_card(OPERATOR, dataset, {"title": "Bancs publics", "keywords": ["banc"]})
    latest, first = dataset.revisions.all()
    assert latest.changed == ["keywords", "title"]
    services.restore_card(OPERATOR, dataset, first)
    dataset.refresh_from_db()
    assert (dataset.title, dataset.keywords) == (CARD["title"], [])
    assert dataset.revisions.count() == 3


def test_a_description_keeps_its_paragraphs_and_loses_its_scripts():
    dataset = make_dataset(description='<p onclick="x()">Deux mots<script>alert(1)</script> et <b>gras</b></p>')
    assert dataset.description == "<p>Deux mots et <b>gras</b></p>"


def test_each_change_of_what_is_shown_moves_the_revision():
    dataset = make_dataset()
    seen = [selectors.catalogue_revision()]
    services.update_card(OPERATOR, dataset, {"title": "Autre"})
    seen.append(selectors.catalogue_revision())
    services.unpublish(OPERATOR, dataset)
    seen.append(selectors.catalogue_revision())
    assert len(set(seen)) == 3


def test_a_contributor_cannot_open_what_is_reserved_once_it_is_published():
    organisation = make_organisation()
    contributor = actor_of(make_member(organisation, Role.CONTRIBUTOR))
    dataset = make_dataset(organisation, access=Access.RESTRICTED)
    with pytest.raises(Forbidden):
        services.update_card(contributor, dataset, {"access": Access.PUBLIC})
    with pytest.raises(Forbidden):
        services.set_access(contributor, dataset, Access.PUBLIC, [], [])
    dataset.refresh_from_db()
    assert dataset.access == Access.RESTRICTED


def test_two_people_who_change_the_same_card_are_told():
    dataset = make_dataset()
    read = dataset.revisions.first().pk
    services.update_card(OPERATOR, dataset, {"title": "Le premier"}, based_on=read)
    with pytest.raises(services.CardChanged):
        services.update_card(OPERATOR, dataset, {"title": "Le second"}, based_on=read)
    dataset.refresh_from_db()
    assert dataset.title == "Le premier"


MOVED = {"default": {"modified": "2024-05-06T07:08:09+00:00", "timezone": "Europe/Paris"}}


def modified_told(dataset: Dataset) -> str | None:
    dataset.refresh_from_db()
    return dataset.as_told["default"].get("modified")


def test_the_date_of_change_that_came_with_a_dataset_holds_until_its_card_changes():
    dataset = make_dataset(as_told=MOVED)
    services.update_card(OPERATOR, dataset, {"title": dataset.title})
    assert modified_told(dataset) == "2024-05-06T07:08:09+00:00"
    services.update_card(OPERATOR, dataset, {"title": "Autre titre"})
    assert modified_told(dataset) is None
    assert dataset.as_told == {"default": {"timezone": "Europe/Paris", "data_dated": "2024-05-06T07:08:09+00:00"}}


def test_it_holds_until_other_data_are_published():
    dataset = make_dataset(as_told=MOVED, status=Status.DRAFT)
    services.publish(OPERATOR, dataset)
    assert modified_told(dataset)
    services.publish(OPERATOR, dataset, make_version(dataset))
    assert modified_told(dataset) is None


def test_it_holds_for_ever_when_the_card_says_that_no_change_counts():
    still = dict.fromkeys(("modified_updates_on_metadata_change", "modified_updates_on_data_change"), False)
    dataset = make_dataset(as_told={"default": {**MOVED["default"], **still}}, status=Status.DRAFT)
    services.publish(OPERATOR, dataset)
    services.publish(OPERATOR, dataset, make_version(dataset))
    services.update_card(OPERATOR, dataset, {"title": "Autre titre"})
    assert modified_told(dataset)


def test_an_internal_identifier_of_elsewhere_is_kept_when_it_is_free():
    organisation = make_organisation()
    first = services.create_dataset(OPERATOR, organisation, "un", CARD, uid="da_wnys12")
    second = services.create_dataset(OPERATOR, organisation, "deux", CARD, uid="da_wnys12")
    assert first.uid == "da_wnys12"
    assert second.uid not in ("", "da_wnys12")
