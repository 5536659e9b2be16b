"""Persons planted in every place that readers reach, brought by every door that writes: nothing passes without a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.attachments import add_attachment
from parvis.hub.catalogue.models import Attachment, Dataset, Version
from parvis.hub.catalogue.publication_checks import PublicationHeld
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.selectors import card_of
from parvis.hub.catalogue.services import publish, restore_card, set_access, unpublish, update_card
from parvis.hub.datastore import selectors
from parvis.hub.datastore.models import Import
from parvis.hub.privacy.services import decide, withdraw
from parvis.hub.privacy.tests.conftest import HALLS, PEOPLE, Bring

WHY = "Élus du conseil municipal, nommés dans l’exercice de leur mandat."
SAID = "Appelez Mme Lefebvre au 06 12 34 56 78."


def decided(dataset: Dataset):
    return decide(OPERATOR, dataset, dataset.versions.first(), ground="office", explanation=WHY)


CARDS: dict[str, dict[str, Any]] = {
    "title": {"title": "Plainte de Mme Lefebvre"},
    "description": {"description": f"<p>{SAID}</p>"},
    "contact": {"contact_name": "Nathalie Rousseau"},
    "box of the contact": {"contact_email": "nathalie.rousseau@orange.fr"},
    "source": {"source": "Tableur de Mme Lefebvre, 06 12 34 56 78"},
    "address of the source": {"source_url": "https://exemple.fr/?demande=nathalie.rousseau@orange.fr"},
    "note": {"ip_note": SAID},
    "keywords": {"keywords": ["salles", "Mme Lefebvre 06 12 34 56 78"]},
    "description of a column": {"fields": {"salle": {"description": SAID}}},
    "label of a column": {"fields": {"salle": {"label": "Gardée par Mme Lefebvre, 06 12 34 56 78"}}},
    "unit of a column": {"fields": {"salle": {"unit": "06 12 34 56 78"}}},
    "other metadata": {"custom": {"gardien": {"nom": SAID}}},
    "name of other metadata": {"custom": {"Mme Lefebvre 06 12 34 56 78": {"nom": "x"}}},
    "what came with it": {"as_told": {"default": {"attributions": [SAID]}}},
}


def test_a_person_on_a_card_waits_before_and_after_it_is_online(dataset: Dataset, bring: Bring) -> None:
    bring(HALLS)
    before = {**card_of(dataset), "contact_name": ""}
    for place, card in CARDS.items():
        with pytest.raises(PublicationHeld):
            pytest.fail(f"{place}: {update_card(OPERATOR, dataset, card)} changed while online")
        dataset.refresh_from_db()
    for place, card in CARDS.items():
        unpublish(OPERATOR, dataset)
        update_card(OPERATOR, dataset, card)
        with pytest.raises(PublicationHeld):
            pytest.fail(f"{place}: {publish(OPERATOR, dataset)} published")
        update_card(OPERATOR, dataset, {name: before[name] for name in card})
    publish(OPERATOR, dataset)
    assert dataset.status == Status.PUBLISHED


def test_a_card_brought_back_from_its_history_waits_too(dataset: Dataset, bring: Bring) -> None:
    bring(HALLS)
    unpublish(OPERATOR, dataset)
    update_card(OPERATOR, dataset, {"fields": {"salle": {"description": SAID}}})
    former = dataset.revisions.first()
    update_card(OPERATOR, dataset, {"fields": {}})
    publish(OPERATOR, dataset)
    with pytest.raises(PublicationHeld):
        restore_card(OPERATOR, dataset, former)


def test_a_person_in_a_header_waits(dataset: Dataset, bring: Bring) -> None:
    for header in (
        "Gardée par Mme Lefebvre",
        "06 12 34 56 78",
        "nathalie.rousseau@orange.fr",
        "Nathalie ROUSSEAU, malade",
    ):
        assert bring(HALLS.replace("capacité", header)).state == Import.State.HELD, header
    assert dataset.status == Status.DRAFT


def test_a_person_in_the_name_of_the_file_waits(dataset: Dataset, bring: Bring) -> None:
    version = bring(HALLS, publish=False).version
    Version.objects.filter(pk=version.pk).update(original="dossier_DUPONT_Jean.csv")
    with pytest.raises(PublicationHeld, match="DUPONT_Jean"):
        publish(OPERATOR, dataset)
    decided(dataset)
    publish(OPERATOR, dataset)
    assert dataset.status == Status.PUBLISHED


def test_the_heads_of_a_list_of_candidates_are_no_secret(dataset: Dataset, bring: Bring) -> None:
    heads = (
        "bureau;inscrits;votants;exprimés;Mme Anne HIDALGO;M. Jean LASSALLE\n1;900;500;480;12;13\n2;800;400;380;14;15\n"
    )
    assert bring(heads).state == Import.State.DONE


ATTACHED = {
    "title": ("Plainte de Mme Lefebvre", "note.txt", "Salle Victor Hugo"),
    "name": ("", "cv_nathalie_rousseau.txt", "Salle Victor Hugo"),
    "name with a number": ("", "Mme Lefebvre 06 12 34 56 78.txt", "Salle Victor Hugo"),
    "content": ("Note", "note.txt", SAID),
}


def test_a_document_waits_for_what_its_title_name_or_content_says(dataset: Dataset, bring: Bring) -> None:
    bring(HALLS)
    for place, (title, name, content) in ATTACHED.items():
        add_attachment(OPERATOR, dataset, title, name, ContentFile(content.encode()))
        assert Attachment.every.latest("pk").held, place
    add_attachment(
        OPERATOR, dataset, "Plan de la salle Jean Moulin", "plan-marie-curie.txt", ContentFile(b"Rez-de-jardin")
    )
    assert not Attachment.every.latest("pk").held
    decided(dataset)
    assert not Attachment.every.filter(held=True).exists()


@pytest.fixture
def read_here(dataset: Dataset) -> Iterator[None]:
    """The engine of this test's home."""
    selectors.engine.cache_clear()
    yield
    selectors.engine.cache_clear()


def rows_of(version: str) -> int:
    return Client().get(f"/api/explore/v2.1/catalog/datasets/inscrits/records?version={version}").status_code


@pytest.mark.usefixtures("read_here")
def test_a_withdrawn_decision_closes_former_versions_that_were_public_only_by_it(
    dataset: Dataset, bring: Bring
) -> None:
    former = bring(PEOPLE).version
    made = decided(dataset)
    publish(OPERATOR, dataset)
    assert bring(HALLS).state == Import.State.DONE
    assert rows_of(former.name) == 200
    withdraw(OPERATOR, made)
    dataset.refresh_from_db()
    assert dataset.status == Status.PUBLISHED
    assert rows_of(former.name) == 404
    assert rows_of(dataset.current.name) == 200
    with pytest.raises(PublicationHeld):
        publish(OPERATOR, dataset, former)


OPENED: dict[str, Callable[[Dataset], object]] = {
    "its access changed": lambda dataset: set_access(OPERATOR, dataset, Access.PUBLIC, [], []),
    "its card changed": lambda dataset: update_card(OPERATOR, dataset, {"access": "public"}),
    "withdrawn first": lambda dataset: (
        unpublish(OPERATOR, dataset),
        set_access(OPERATOR, dataset, Access.PUBLIC, [], []),
        publish(OPERATOR, dataset),
    ),
}


@pytest.mark.parametrize("opened", OPENED.values(), ids=OPENED)
@pytest.mark.usefixtures("read_here")
def test_reserved_data_once_opened_shows_the_version_that_was_decided_and_no_former_one(
    dataset: Dataset, bring: Bring, opened: Callable[[Dataset], object]
) -> None:
    set_access(OPERATOR, dataset, Access.RESTRICTED, [], [])
    former = bring(HALLS.replace("capacité", "budget")).version
    bring(HALLS)
    decide(
        OPERATOR, dataset, dataset.current, ground="not-personal", explanation="Des salles municipales, rien de plus."
    )
    opened(dataset)
    dataset.refresh_from_db()
    assert (dataset.status, dataset.access) == (Status.PUBLISHED, Access.PUBLIC)
    assert rows_of(former.name) == 404
    opened_once = dataset.current
    bring(HALLS.replace("300", "301"))
    assert rows_of(opened_once.name) == 200


def test_an_announced_dataset_is_no_longer_announced_when_the_decision_on_its_card_is_withdrawn(
    dataset: Dataset, bring: Bring
) -> None:
    update_card(OPERATOR, dataset, {"contact_name": "Nathalie Rousseau"})
    bring(HALLS, publish=False)
    made = decided(dataset)
    set_access(OPERATOR, dataset, Access.RESTRICTED, [], [], announced=True)
    publish(OPERATOR, dataset)
    assert Client().get("/explore/dataset/inscrits/information/").status_code != 404
    withdraw(OPERATOR, made)
    dataset.refresh_from_db()
    assert (dataset.status, dataset.announced) == (Status.PUBLISHED, False)
    assert Client().get("/explore/dataset/inscrits/information/").status_code == 404
