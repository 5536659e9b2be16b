"""What a reuse is, when its link is followed again, what refuses one: pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop

LONGEST_TEXT = 3_000
MOST_DATASETS = 20
MOST_PICTURE_BYTES = 10_000_000
DEAD_AFTER = 3
"""Checks in a row, a day apart at least, that a link fails before it is said: sites have bad days."""
CALM, WORRIED = timedelta(days=7), timedelta(hours=20)
"""Between two checks of a link that answers, and of one that did not."""
_PAGE = re.compile(r"/(?:explore/)?(?:embed/)?dataset/([\w-]{1,100})")


class UnknownDatasets(RequestError):
    """Some of the datasets named are not here."""

    code: ClassVar[str] = "reuse-datasets"
    sentence: ClassVar[str] = gettext_noop("Ces jeux de données ne sont pas sur ce portail : {names}.")
    advice: ClassVar[str] = gettext_noop("Collez l’adresse de leur page, une par ligne.")


class NoDataset(RequestError):
    """A reuse is of something."""

    code: ClassVar[str] = "reuse-none"
    sentence: ClassVar[str] = gettext_noop("Indiquez au moins un jeu de données de ce portail, {most} au plus.")
    advice: ClassVar[str] = gettext_noop("Collez l’adresse de leur page, une par ligne.")


def named_datasets(text: str) -> list[str]:
    """The identifiers that a text names, one a line: addresses of pages, or identifiers; each once, in order."""
    names = []
    for line in text.splitlines():
        words = line.strip()[:600]
        page = _PAGE.search(words)
        if words:
            names.append(page.group(1) if page else words[:200])
    return list(dict.fromkeys(names))


def is_due(checked: datetime | None, failures: int, now: datetime) -> bool:
    """Whether a link is to be followed again."""
    return checked is None or now - checked >= (WORRIED if failures else CALM)


def written_list(names: Iterable[str]) -> str:
    """Datasets as the form has them, one a line."""
    return "\n".join(names)
