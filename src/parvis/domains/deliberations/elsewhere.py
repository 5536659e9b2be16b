"""The deliberations of an organisation on data.gouv.fr: one dataset, its SCDL table and the last acts, by their addresses here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import slugify

from parvis.core.acts.scdl import SCHEMA_VERSION
from parvis.core.errors import ParvisError
from parvis.domains.deliberations.models import Act
from parvis.domains.deliberations.presentation import heading, origin_words, vote_words
from parvis.domains.deliberations.publication import PREFIX, card_of
from parvis.domains.deliberations.scdl import SCHEMA
from parvis.domains.deliberations.selectors import files_of, published_acts
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.addresses import absolute_url
from parvis.hub.catalogue.selectors import public_dataset
from parvis.hub.republication.asking import ask
from parvis.hub.republication.package import MOST_DOCUMENTS, Document, Package, zone_of

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation
    from parvis.hub.catalogue.models import Dataset

PUBLISHING, TAKING_AWAY = frozenset({"publish", "scheduled"}), frozenset({"unpublish", "retire", "archive", "delete"})
"""What is done to an act that changes what readers see of it."""


def act_goes_elsewhere(sender: type[Act], record: Act, act: str, **_rest: Any) -> None:
    """An act came online or was taken away: what is elsewhere follows."""
    if act in PUBLISHING | TAKING_AWAY and record.kind == Act.Kind.DELIBERATION:
        ask(record.organisation_id, urgent=act in TAKING_AWAY)


def packages(organisation: Organisation) -> Iterator[Package]:
    """The dataset of an organisation that has deliberations, or had some; nothing of the others."""
    if not Act.objects.filter(organisation=organisation.pk, first_published_at__isnull=False).exists():
        return
    key = f"{PREFIX}{organisation.slug}"
    dataset = _read_by_all(key)
    card = card_of(organisation)
    table = [_table(dataset)] if dataset is not None else []
    territory = organisation.territory
    page = absolute_url(f"/explore/dataset/{key}/")
    description = dataset.description if dataset is not None else card["description"]
    yield Package(
        key=key,
        page=page,
        title=dataset.title if dataset is not None else card["title"],
        description=f"{description}\n\n{absolute_url(reverse('act-list'))}?organisation={organisation.slug}",
        licence=dataset.licence if dataset is not None else card["licence"],
        frequency=card["frequency"],
        tags=tuple(sorted({slugify(word) for word in card["keywords"]})),
        zones=tuple(filter(None, (zone_of(territory.kind, territory.code),))) if territory else (),
        documents=(*table, *_documents(organisation)),
    )


def _read_by_all(key: str) -> Dataset | None:
    try:
        return public_dataset(ANONYMOUS, key)
    except ParvisError:  # not made yet, withdrawn, or not for all
        return None


def _table(dataset: Dataset) -> Document:
    path = f"/api/explore/v2.1/catalog/datasets/{dataset.dataset_id}/exports/csv?delimiter=%2C"
    return Document(
        key="table",
        title=f"{dataset.title} (CSV)",
        description="Une ligne par délibération, avec l’adresse où la lire.",
        url=absolute_url(path),
        format="csv",
        kind="main",
        mime="text/csv",
        mark=dataset.current.name if dataset.current else "",
        schema={"name": SCHEMA, "version": SCHEMA_VERSION},
    )


def _documents(organisation: Organisation) -> Iterator[Document]:
    """The last deliberations that have a file to read, the latest first; annexes stay on their page."""
    acts = list(published_acts().filter(organisation=organisation.pk, kind=Act.Kind.DELIBERATION)[:MOST_DOCUMENTS])
    files = files_of(acts)
    for act in acts:
        main = next((file for file in files[act.pk] if file.published), None)
        if main is None or main.role != main.Role.MAIN:
            continue
        details = [heading(act), origin_words(act), vote_words(act)]
        yield Document(
            key=f"act:{act.slug}",
            title=f"{act.number} {act.title}".strip(),
            description=". ".join(text for text in details if text) + f".\n\n{absolute_url(act.get_absolute_url())}",
            url=absolute_url(reverse("act-file", args=[act.slug, 1])),
            format=main.published_type.rpartition("/")[2] or "pdf",
            mime=main.published_type,
            sha256=main.published_digest,
            bytes=main.published_bytes,
        )
