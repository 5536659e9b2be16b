"""Why datasets are closed, what INSPIRE wants of them, documents without a digest."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.base import ContentFile

from parvis.core.closures import CLOSURES, inspire_limits
from parvis.core.errors import Cancelled
from parvis.core.hvd import proposed
from parvis.core.inspire.block import BadInspire
from parvis.core.progress import no_progress
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue import attachments, services
from parvis.hub.catalogue.attachments import add_attachment, note_digests
from parvis.hub.catalogue.attention import needing, proposed_high_value, undecided_high_value, unexplained
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.judging import UnknownClosure
from parvis.hub.catalogue.models import Attachment, Dataset
from parvis.hub.catalogue.rules import Access, Status, unheeded
from parvis.hub.catalogue.selectors import card_of, catalogue_revision
from parvis.hub.catalogue.services import restore_card, set_access, update_card
from parvis.hub.catalogue.sidecar import card_from

pytestmark = pytest.mark.django_db


def names(dataset: Dataset) -> list[str]:
    return [requirement.name for requirement in unheeded(card_of(dataset))]


def test_every_reason_names_its_article_and_a_case_of_the_directive_or_none():
    assert all("article" in closure.article and closure.url.startswith("http") for closure in CLOSURES)
    assert {closure.inspire for closure in CLOSURES} <= {"", *"abcdefgh"}
    assert inspire_limits(["business", "inconnu", "taxes", "environment"]) == ["d", "h"]


def test_a_closed_dataset_is_asked_why_and_an_open_one_tells_no_reason():
    dataset = make_dataset(access=Access.INTERNAL)
    assert "closure" in names(dataset)
    assert list(needing(Dataset.objects.all(), unexplained())) == [dataset]
    set_access(OPERATOR, dataset, Access.INTERNAL, [], [], closure=["business", "business"], closure_note="Marché.")
    assert (dataset.closure, dataset.inspire_limits, "closure" in names(dataset)) == (["business"], ["d"], False)
    dataset.inspire = {"scope": True, "limits": ["noLimitations"]}
    assert dataset.inspire_limits == ["d"], "what was open is not said to be open still"
    dataset.inspire = {"scope": True, "limits": ["b"]}
    assert dataset.inspire_limits == ["b"]
    dataset.refresh_from_db()
    assert dataset.revisions.first().changed == ["access", "closure", "closure_note"]
    assert list(needing(Dataset.objects.all(), unexplained())) == []
    with pytest.raises(UnknownClosure):
        set_access(OPERATOR, dataset, Access.INTERNAL, [], [], closure=["caprice"])
    dataset.refresh_from_db()
    assert dataset.closure == ["business"]
    services.unpublish(OPERATOR, dataset)
    update_card(OPERATOR, dataset, {"access": Access.PUBLIC})
    assert (dataset.closures, dataset.closure_words, dataset.inspire_limits) == ([], "", ["noLimitations"])


def test_inspire_is_asked_only_of_what_is_of_its_scope_and_comes_back_with_a_revision():
    dataset = make_dataset()
    assert not [name for name in names(dataset) if name.startswith("inspire")]
    update_card(OPERATOR, dataset, {"inspire": {"scope": True, "themes": ["ad"]}})
    assert "inspire_lineage" in names(dataset) and "inspire_theme" not in names(dataset)
    first = dataset.revisions.first()
    update_card(OPERATOR, dataset, {"inspire": {"scope": False}})
    assert not [name for name in names(dataset) if name.startswith("inspire")]
    restore_card(OPERATOR, dataset, first)
    assert dataset.inspire == {"scope": True, "themes": ["ad"]}
    with pytest.raises(BadInspire):
        update_card(OPERATOR, dataset, {"inspire": {"scale": "fin"}})
    dataset.refresh_from_db()
    assert dataset.inspire == {"scope": True, "themes": ["ad"]}


def test_high_value_is_proposed_until_somebody_decides():
    roads = make_dataset(title="Voirie communale")
    path = make_dataset(title="Pistes cyclables", hvd=["mobilite"])
    no = make_dataset(title="Cadastre solaire", hvd_refused=True)
    make_dataset(title="Budget")
    rows = Dataset.objects.all()
    assert [row.pk for row in needing(rows, undecided_high_value(rows))] == [roads.pk]
    assert proposed_high_value(rows.filter(pk__in=[roads.pk, path.pk, no.pk])) == {
        row.pk: proposed([row.title]) for row in (roads, path, no)
    }


def documents(dataset: Dataset, count: int) -> list[Attachment]:
    rows = [
        add_attachment(OPERATOR, dataset, f"Notice {n}", f"notice{n}.txt", ContentFile(f"Lire {n}.".encode()))
        for n in range(count)
    ]
    Attachment.every.filter(dataset=dataset).update(sha256="")
    return rows


def test_older_documents_get_the_digest_of_their_files_and_their_datasets_another_stamp():
    dataset, other = make_dataset(), make_dataset(status=Status.DRAFT)
    first, away, third = documents(dataset, 3)
    away.file.storage.delete(away.file.name)
    Attachment.every.filter(pk=third.pk).update(held=True)
    stamps = dict(Dataset.objects.values_list("pk", "stamp"))
    revision = catalogue_revision()
    assert note_digests(no_progress) == 2
    digests = dict(Attachment.every.values_list("pk", "sha256"))
    assert digests == {
        first.pk: hashlib.sha256(b"Lire 0.").hexdigest(),
        away.pk: "",
        third.pk: hashlib.sha256(b"Lire 2.").hexdigest(),
    }
    after = dict(Dataset.objects.values_list("pk", "stamp"))
    assert after[dataset.pk] > stamps[dataset.pk] and after[other.pk] == stamps[other.pk]
    assert catalogue_revision() > revision
    assert note_digests(no_progress) == 0, "what is away is left; the rest is done once"


def test_a_run_that_is_stopped_is_taken_up_where_it_was(monkeypatch):
    monkeypatch.setattr(attachments, "_AT_ONCE", 2)
    documents(make_dataset(), 5)
    calls = []

    def stopped(stage: str, done: int, total: int | None = None) -> None:
        calls.append(done)
        if len(calls) == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        note_digests(stopped)
    assert Attachment.every.filter(sha256="").count() == 3
    assert note_digests(no_progress, most=1) == 1
    assert note_digests(no_progress) == 2
    assert not Attachment.every.filter(sha256="").exists()


def test_a_digest_noted_meanwhile_is_left_as_it_is():
    dataset = make_dataset()
    (document,) = documents(dataset, 1)
    Attachment.every.filter(pk=document.pk).update(sha256="f" * 64)
    assert attachments._keep_digests({document.pk: (dataset.pk, "0" * 64)}) == 0
    document.refresh_from_db()
    assert document.sha256 == "f" * 64


def test_a_sidecar_brings_the_block_and_what_other_templates_say():
    block = {"scope": True, "themes": ["hy"], "scale": 5000}
    metas = {
        "default": {"title": "Rivières"},
        "parvis": {"inspire": block, "closure": ["security", "caprice"], "closure_note": "Captages."},
        "inspire": {"theme": "Hydrography", "purpose": "Gérer"},
        "dublin-core": {"creator": "Agence", "empty": None, "long": "x" * 20_000},
        "explore": {"download_count": 3},
        "../etc": {"a": 1},
        "faux": "texte",
    }
    card = card_from({"metas": metas}, "fiche.json")
    assert (card["inspire"], card["closure"], card["closure_note"]) == (block, ["security"], "Captages.")
    assert {name: card["as_told"].get(name) for name in ("inspire", "dublin-core")} == {
        "inspire": {"purpose": "Gérer"},
        "dublin-core": {"creator": "Agence"},
    }
    assert set(card["as_told"]) <= {"default", "dcat", "inspire", "dublin-core"}
    del metas["parvis"]
    assert card_from({"metas": metas}, "fiche.json")["inspire"] == {"scope": True, "themes": ["hy"]}


def test_limits_that_follow_from_the_access_are_not_kept_with_the_block():
    block = {"scope": True, "themes": ["hy"]}
    closed = {"closure": ["security"], "inspire": {**block, "limits": ["b"]}}
    for visibility, parvis in (("domain", {"inspire": {**block, "limits": ["noLimitations"]}}), ("restricted", closed)):
        card = card_from({"visibility": visibility, "metas": {"parvis": parvis}}, "fiche.json")
        assert card["inspire"] == block, visibility
    chosen = {"closure": ["security"], "inspire": {**block, "limits": ["b", "e"]}}
    card = card_from({"visibility": "restricted", "metas": {"parvis": chosen}}, "fiche.json")
    assert card["inspire"] == {**block, "limits": ["b", "e"]}
    assert card_from({"metas": {"parvis": {"hvd": ["mobilite", "caprice"]}}}, "fiche.json")["hvd"] == ["mobilite"]


def test_two_changes_at_once_leave_neither_half_written():
    dataset = make_dataset()
    stale = Dataset.objects.get(pk=dataset.pk)
    set_access(OPERATOR, dataset, Access.INTERNAL, [], [], closure=["personal"])
    services.update_card(OPERATOR, stale, {"inspire": {"scope": True}})
    dataset.refresh_from_db()
    assert (dataset.closure, dataset.inspire, dataset.access) == (["personal"], {"scope": True}, Access.INTERNAL)
