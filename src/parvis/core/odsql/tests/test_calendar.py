"""Names of days and months against Babel's copy of CLDR, for the eleven languages of the API."""

from __future__ import annotations

import pytest
from babel.dates import get_day_names, get_month_names

from parvis.core.odsql.calendar import names_of

LANGUAGES = ("fr", "en", "nl", "pt", "it", "ar", "de", "es", "ca", "eu", "sv")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_are_those_of_cldr(lang):
    names = names_of(lang)
    for width, days, months in (
        ("wide", names.days, names.months),
        ("abbreviated", names.short_days, names.short_months),
    ):
        assert days == tuple(get_day_names(width, "format", lang)[rank] for rank in range(7))
        assert months == tuple(get_month_names(width, "format", lang)[rank] for rank in range(1, 13))
