"""Identifiers chosen by Parvis: of datasets, of versions, of columns."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.text import slugify
from parvis.core.translation import gettext_noop

DATASET_ID = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?")


class BadDatasetId(RequestError):
    """An identifier that breaks the rule of addresses."""

    code: ClassVar[str] = "dataset-id"
    sentence: ClassVar[str] = gettext_noop("« {id} » ne peut pas servir d’identifiant.")
    advice: ClassVar[str] = gettext_noop(
        "Lettres minuscules sans accent, chiffres, « - » et « _ », 100 caractères au plus."
    )


def check_dataset_id(text: str) -> str:
    """``text`` when it may name a dataset; BadDatasetId when not."""
    if len(text) > 100 or not DATASET_ID.fullmatch(text):
        raise BadDatasetId(id=text)
    return text


CATALOGUE = "catalogue"
"""The collection of records, among those of rows (OGC API)."""


def collection_of(dataset_id: str) -> str:
    """What the collection of the rows of a dataset is called; that of one named as the records are has a name that none may have.

    >>> collection_of("arbres"), collection_of("catalogue"), dataset_of(collection_of("catalogue"))
    ('arbres', 'catalogue_', 'catalogue')
    """
    return f"{CATALOGUE}_" if dataset_id == CATALOGUE else dataset_id


def dataset_of(collection: str) -> str:
    """Of which dataset a collection has the rows."""
    return CATALOGUE if collection == f"{CATALOGUE}_" else collection


def dataset_id_from(title: str) -> str:
    """An identifier made from a title or file name: words without accents, joined by hyphens."""
    return slugify(title)[:100].strip("-") or "jeu-de-donnees"


def new_version_id() -> str:
    """A name for a new version, never used before, that sorts by instant: ``20261125t003833-4f2a9c``."""
    return f"{datetime.now(UTC):%Y%m%dt%H%M%S}-{secrets.token_hex(3)}"


def column_names(headers: Iterable[str]) -> list[str]:
    """Technical names for headers, in order: ``[a-z0-9_]+``, unique, ``colonne_3`` for an empty header.

    A name never starts with two underscores (reserved) nor is longer than 63 characters.
    """
    taken: set[str] = set()
    names = []
    for rank, header in enumerate(headers, start=1):
        base = slugify(header, "_")[:60] or f"colonne_{rank}"
        name, suffix = base, 2
        while name in taken:
            name, suffix = f"{base[:57]}_{suffix}", suffix + 1
        taken.add(name)
        names.append(name)
    return names
