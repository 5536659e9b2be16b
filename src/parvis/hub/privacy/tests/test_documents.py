"""Documents that nobody looked at when they were attached."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from parvis.core.errors import Forbidden
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.audit.selectors import entries_about
from parvis.hub.catalogue.attachments import add_attachment
from parvis.hub.catalogue.models import Attachment, Dataset
from parvis.hub.privacy.documents import search_documents_again
from parvis.hub.privacy.services import decide
from parvis.hub.privacy.tests.conftest import HALLS

GROUND = {"ground": "not-personal", "explanation": "Personne inventée pour cet essai."}


def attached_before(dataset: Dataset, title: str, content: bytes) -> Attachment:
    """A document as it was attached when no document was searched."""
    made = add_attachment(OPERATOR, dataset, title, f"{title.lower()}.txt", ContentFile(content))
    Attachment.every.filter(pk=made.pk).update(held=False, findings=[])
    return made


@pytest.fixture
def note(dataset, bring) -> Attachment:
    bring(HALLS)
    attached_before(dataset, "Plan", b"Salle Victor Hugo, rez-de-jardin")
    return attached_before(dataset, "Note", b"Mme Lefebvre se plaint, 06 12 34 56 78")


def test_a_document_that_names_people_is_shown_no_more_and_the_others_are(note, dataset):
    address = f"/api/explore/v2.1/catalog/datasets/inscrits/attachments/{note.slug}"
    assert Client().get(address).status_code == 200
    by_title = {one.attachment.title: one for one in search_documents_again(OPERATOR)}
    assert (by_title["Note"].held, by_title["Note"].was_shown) == (True, True)
    assert (by_title["Plan"].held, by_title["Plan"].findings) == (False, 0)
    assert Client().get(address).status_code == 404
    assert [one.title for one in dataset.attachments.all()] == ["Plan"]
    assert "attachment.search" in [entry.action for entry in entries_about("dataset", "inscrits")]


def test_what_was_decided_stays_shown_and_a_second_search_changes_nothing(note, dataset):
    list(search_documents_again(OPERATOR))
    decide(OPERATOR, dataset, dataset.current, **GROUND)
    assert dataset.attachments.count() == 2
    again = [one for one in search_documents_again(OPERATOR) if one.attachment.pk == note.pk]
    assert [(one.held, one.was_shown) for one in again] == [(False, True)]
    assert len([e for e in entries_about("dataset", "inscrits") if e.action == "attachment.search"]) == 1


def test_a_file_that_is_gone_is_told_and_left_as_it_is(note, dataset):
    note.file.storage.delete(note.file.name)
    missing = [one for one in search_documents_again(OPERATOR) if one.missing]
    assert [one.attachment.title for one in missing] == ["Note"]
    assert dataset.attachments.count() == 2


def test_a_stranger_searches_nothing(note):
    with pytest.raises(Forbidden):
        list(search_documents_again(ANONYMOUS))
