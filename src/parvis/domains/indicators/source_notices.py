"""Telling those who answer for an indicator that its source is late or missing."""

from __future__ import annotations

from collections.abc import Iterator

from parvis.domains.indicators import selectors
from parvis.domains.indicators.kinds import SOURCE
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.quality.notices import Trouble, tell_troubles
from parvis.hub.quality.rules import Event


def tell_owners() -> int:
    """Tell them once, in one mail a day; how many mails."""
    return tell_troubles(SOURCE, _troubles())


def _troubles() -> Iterator[Trouble]:
    for seen in selectors.seen(OPERATOR, selectors.indicators_published()):
        row, trouble = seen.indicator, seen.indicator.trouble
        whose = row.organisation_id, str(row.pk)
        if trouble:
            mark = f"missing-{trouble.get('code')}-{str(trouble.get('since'))[:10]}"[:60]
            yield Trouble(Event.BROKEN, *whose, mark, row.slug)
        elif seen.is_late:
            yield Trouble(Event.LATE, *whose, f"late-{seen.data_date}", row.slug)
