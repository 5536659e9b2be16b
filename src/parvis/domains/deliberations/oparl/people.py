"""Those elected, told by the names that acts and sittings write."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from parvis.core.text import fold
from parvis.domains.deliberations.models import Official
from parvis.domains.deliberations.rules import is_in_office

_TITLES = frozenset({"m", "mme", "mlle", "mr", "monsieur", "madame", "mademoiselle", "dr", "docteur", "me", "maitre"})


def name_key(name: str) -> tuple[str, ...]:
    """What two writings of a name have in common: « Mme DURAND Camille » and « Camille Durand » are the same."""
    return tuple(sorted(word for word in re.findall(r"[a-z0-9]+", fold(name)) if word not in _TITLES))


class Officials:
    """Those elected of some organisations, by name: one question, whatever is looked up."""

    def __init__(self, organisations: Iterable[int]) -> None:
        self._by_name: dict[tuple[int, tuple[str, ...]], list[Official]] = defaultdict(list)
        for official in Official.objects.filter(organisation__in=set(organisations)).order_by("pk"):
            self._by_name[official.organisation_id, name_key(official.full_name)].append(official)

    def named(self, organisation: int, name: object, day: date | None) -> Official | None:
        """Who bears that name and was in office that day; None when nobody does, or several do."""
        if not isinstance(name, str) or not (key := name_key(name)):
            return None
        same = self._by_name.get((organisation, key), [])
        if day is not None:
            same = [official for official in same if is_in_office(official.since, official.until, day)]
        return same[0] if len(same) == 1 else None
