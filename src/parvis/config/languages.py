"""The languages in which the portal is read: those that have a catalogue of translations."""

from __future__ import annotations

from django.conf.locale import LANG_INFO
from django.utils.text import capfirst

from parvis.core.translation import languages


def language_choices() -> list[tuple[str, str]]:
    """Each code with the language's own name; the code alone for one that Django has never heard of."""
    return [(code, capfirst(LANG_INFO.get(code, {}).get("name_local", code))) for code in languages()]
