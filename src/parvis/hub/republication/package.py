"""What a subject has appear elsewhere: one dataset and its files, as they are to be seen there. Nothing of it depends on the portal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST_DOCUMENTS = 200
"""Documents of one dataset: portals advise against thousands, and the table of the dataset has the address of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that stays here and is shown there by its address.

    ``key`` tells it from the others of its dataset, for ever; ``mark`` changes when the bytes at the address do.
    """

    key: str
    title: str
    url: str
    format: str
    kind: str = "documentation"
    """``main`` for the data themselves, ``documentation`` for what explains them."""
    description: str = ""
    mime: str = ""
    mark: str = ""
    sha256: str = ""
    bytes: int | None = None
    schema: Mapping[str, str] | None = None
    """``name`` and ``version`` of schema.data.gouv.fr."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A dataset there: ``key`` is the identifier of ours, ``page`` its public address here, which tells it apart there."""

    key: str
    page: str
    title: str
    description: str
    licence: str = "lov2"
    frequency: str = "unknown"
    tags: tuple[str, ...] = ()
    zone: str = ""
    """The territory in the words of the French geozones: ``fr:commune:91228``."""
    documents: tuple[Document, ...] = ()
