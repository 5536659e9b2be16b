"""Lists of objects: filters by date, pages that neither lose nor repeat anything while the list changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

from parvis.core.translation import gettext_noop
from parvis.domains.deliberations.oparl.ledger import tell
from parvis.domains.deliberations.oparl.tables import OparlObject
from parvis.domains.deliberations.oparl.words import LONG, moment
from parvis.hub.api.errors import BadParameter

MOST, MOST_LONG = 100, 20
"""Objects of a page; fewer of those that bear whole texts."""
MOMENTS = ("created_since", "created_until", "modified_since", "modified_until")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
_YEARS = range(1900, 2500)
"""Beyond, a moment may have no place in the calendar of another zone."""
_NUMBER = re.compile(r"[1-9]\d{0,17}")


class BadFilter(BadParameter):
    """A filter of a list has a value that it does not take."""

    code = "oparl-filter"
    advice = gettext_noop("Une date s’écrit 2026-01-31T00:00:00+01:00, le signe + noté %2B dans l’adresse.")


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked of a list: its filters, how many objects, after which row of the ledger."""

    limit: int
    moments: tuple[tuple[str, datetime], ...] = ()
    omit: bool = False
    is_short: bool = False
    """Whether the limit was chosen: links then repeat it."""
    after: int = 0

    @classmethod
    def read(cls, kind: str, parameters: QueryDict) -> Page:
        """The page that an address asks for; BadFilter. Parameters that the specification does not know change nothing."""
        most = MOST_LONG if kind in LONG else MOST
        limit = min(_number(parameters, "limit", most), most)
        moments = tuple((name, _moment(name, parameters[name])) for name in MOMENTS if name in parameters)
        omit = parameters.get("omit_internal", "") == "true"
        return cls(limit, moments, omit, limit < most, _number(parameters, "after", 0))

    def rows(self, objects: QuerySet[OparlObject]) -> QuerySet[OparlObject]:
        """What the filters leave of a list, in its order: that in which objects were first told of, which never changes."""
        for name, instant in self.moments:
            column, bound = name.split("_")
            objects = objects.filter(**{f"{column}__{'gte' if bound == 'since' else 'lte'}": instant})
        if not any(name == "modified_since" for name, _instant in self.moments):
            objects = objects.filter(deleted=False)
        return objects.order_by("pk")

    def address(self, base: str, after: int) -> str:
        """The address of the page that begins after a row, filters kept, always written in the same order."""
        pairs: list[tuple[str, object]] = [(name, moment(instant)) for name, instant in self.moments]
        if self.is_short:
            pairs.append(("limit", self.limit))
        if self.omit:
            pairs.append(("omit_internal", "true"))
        if after:
            pairs.append(("after", after))
        return f"{base}?{urlencode(pairs)}" if pairs else base


def list_page(base: str, objects: QuerySet[OparlObject], page: Page) -> dict[str, Any]:
    """A page of a list as the specification writes it."""
    matches = page.rows(objects)
    total, passed = matches.count(), matches.filter(pk__lte=page.after).count() if page.after else 0
    rows = list(matches.filter(pk__gt=page.after)[: page.limit + 1])
    shown, has_next = rows[: page.limit], len(rows) > page.limit
    links = {"first": page.address(base, 0), "self": page.address(base, page.after)}
    if page.after:
        links["prev"] = page.address(base, _cursor_before(matches.filter(pk__lte=page.after), page.limit))
    if has_next:
        links["next"] = page.address(base, shown[-1].pk)
    links["last"] = page.address(base, _cursor_before(matches, total % page.limit or page.limit))
    pagination = {
        "totalElements": total,
        "elementsPerPage": page.limit,
        "currentPage": -(-passed // page.limit) + 1,
        "totalPages": max(1, -(-total // page.limit)),
    }
    return {"data": tell(shown, omit=page.omit), "pagination": pagination, "links": links}


def _cursor_before(rows: QuerySet[OparlObject], count: int) -> int:
    """After which row the last ``count`` ones come; 0 when that is all."""
    row = rows.order_by("-pk").values_list("pk", flat=True)[count : count + 1].first()
    return row or 0


def _number(parameters: QueryDict, name: str, otherwise: int) -> int:
    text = parameters.get(name, "")
    if not text:
        return otherwise
    if not _NUMBER.fullmatch(text):
        raise BadFilter(name=name, value=text[:100], expected="1, 2, 3…")
    return int(text)


def _moment(name: str, text: str) -> datetime:
    """A moment with its zone, to the second; a plus sign that was not encoded arrives as a space."""
    written = text.replace(" ", "+")
    if _MOMENT.fullmatch(written):
        try:
            instant = datetime.fromisoformat(written).replace(microsecond=0)
        except ValueError:
            instant = None
        if instant is not None and instant.year in _YEARS:
            return instant
    raise BadFilter(name=name, value=text[:100], expected="2026-01-31T00:00:00+01:00")
