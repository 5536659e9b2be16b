"""A territory in a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.errors import NotFound
from parvis.hub.territories.models import Territory
from parvis.hub.territories.selectors import by_any_code, search


class TerritoryField(forms.CharField):
    """A territory by its code or by an exact name; None when nothing is written."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=gettext_lazy("Territoire"),
            required=False,
            max_length=120,
            help_text=gettext_lazy("Son code officiel (91228, 200059228…) ou son nom."),
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        """What one would write to name the territory that a row has."""
        territory = Territory.objects.filter(pk=value).first() if isinstance(value, int) else None
        return f"{territory.kind}:{territory.code}" if territory else value

    def clean(self, value: Any) -> Any:
        """The territory, or None when nothing is written."""
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            return by_any_code(text)
        except NotFound:
            nearest = list(search(text, limit=5))
        exact = [territory for territory in nearest if territory.name.casefold() == text.casefold()]
        if len(exact) == 1 or len(nearest) == 1:
            return (exact or nearest)[0]
        near = ", ".join(f"{territory.name} : {territory.code}" for territory in nearest)
        raise forms.ValidationError(
            _("Écrivez un code : %s.") % near if near else _("Aucun territoire ne porte ce nom ni ce code.")
        )
