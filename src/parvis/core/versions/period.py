"""The period that the rows of a version speak of, which is how fresh its data is, whatever the day it was imported."""

from __future__ import annotations

import re

from parvis.core.columns import Column, ColumnType
from parvis.core.text import fold
from parvis.core.versions.manifest import Manifest
from parvis.core.years import AFTER_LAST, FIRST, is_year

_MOST_EMPTY = 0.6
"""Share of empty cells beyond which a column dates nothing."""

_UPKEEP = re.compile(
    r"\b(maj|mise a jour|modif\w*|actualis\w*|collecte|extraction|import\w*|saisie|updated?|last|timestamp"
    r"|horodat\w*|creation de la (?:fiche|ligne|donnee)s?|publication des? donnees|publication ?donnees|datepublicationdonnees)\b"
)


def is_upkeep(column: Column) -> bool:
    """Whether its name says when a row was kept, not when what it tells happened."""
    return bool(_UPKEEP.search(fold(f"{column.name} {column.label}").replace("_", " ")))


def period_of(manifest: Manifest) -> str:
    """The first and the last year or day of the first column that dates the rows, years before days, as an interval of ISO 8601:
    ``2013/2021``, ``2019-03-01/2020-07-14``; empty when no column does."""
    columns = sorted(manifest.shape, key=lambda column: not column.type.is_number)
    for column in columns:
        profile = manifest.profile.get(column.name)
        if profile is None or profile.minimum is None or profile.maximum is None or is_upkeep(column):
            continue
        if manifest.rows and profile.nulls > _MOST_EMPTY * manifest.rows:
            continue
        bounds = (profile.minimum, profile.maximum)
        if column.type.is_number:
            if all(is_year(float(bound), column) for bound in bounds):
                return f"{int(float(bounds[0]))}/{int(float(bounds[1]))}"
        elif column.type in (ColumnType.DATE, ColumnType.DATETIME):
            first, last = (str(bound)[:10] for bound in bounds)
            if all(bound[:4].isdecimal() and FIRST <= int(bound[:4]) < AFTER_LAST for bound in (first, last)):
                return f"{first}/{last}"
    return ""
