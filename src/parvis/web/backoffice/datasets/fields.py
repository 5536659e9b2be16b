"""What people say of the columns: label, description, unit, facet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from parvis.core.columns import Column
from parvis.core.value_labels import MOST_LABELS, may_be_labelled
from parvis.hub.catalogue.services import update_card
from parvis.hub.datastore.selectors import shape_of, source_of
from parvis.web.backoffice.datasets.pages import DatasetScreen


class FieldForm(forms.Form):
    """One column."""

    label = forms.CharField(label=gettext_lazy("Libellé"), max_length=200, required=False)
    description = forms.CharField(label=gettext_lazy("Description"), max_length=500, required=False)
    unit = forms.CharField(label=gettext_lazy("Unité"), max_length=40, required=False)
    facet = forms.BooleanField(label=gettext_lazy("Filtre"), required=False)


class FieldsScreen(DatasetScreen):
    """The table of columns of the current (else latest) version."""

    tab = "dataset_fields"
    template_name = "backoffice/datasets/fields.html"

    @cached_property
    def columns(self) -> list[Column]:
        """The columns as they are described now."""
        version = self.dataset.current or self.dataset.versions.first()
        return list(shape_of(self.dataset, version)) if version else []

    def _forms(self, data: Any = None) -> list[tuple[Column, FieldForm]]:
        return [
            (
                column,
                FieldForm(
                    data,
                    prefix=column.name,
                    initial={
                        "label": column.label,
                        "description": column.description,
                        "unit": column.annotations.get("unit", ""),
                        "facet": bool(column.annotations.get("facet")),
                    },
                ),
            )
            for column in self.columns
        ]

    @cached_property
    def labelled(self) -> set[str]:
        """The columns whose values may be codes: those of few values, and those that have labels."""
        version = self.dataset.current or self.dataset.versions.first()
        profile = source_of(self.dataset, version).manifest.profile if version else {}
        few = {name for name, one in profile.items() if 0 < one.distinct <= MOST_LABELS}
        return {
            column.name for column in self.columns if may_be_labelled(column) and (column.labels or column.name in few)
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One form a column."""
        return {"columns": self._forms(), "labelled": self.labelled, **super().get_context_data(**kwargs), **kwargs}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep what was said on the card; it survives the next versions."""
        rows = self._forms(request.POST)
        if not all(form.is_valid() for _column, form in rows):
            return self.render_to_response(self.get_context_data(columns=rows), status=422)
        fields = {**self.dataset.fields}
        for column, form in rows:
            values = form.cleaned_data
            before = fields.get(column.name, {})
            annotations = {**before.get("annotations", {}), "facet": values["facet"]}
            fields[column.name] = {
                **before,
                "label": values["label"],
                "description": values["description"],
                "unit": values["unit"],
                "annotations": annotations,
            }
        update_card(self.actor, self.dataset, {"fields": fields})
        messages.success(request, _("Les champs sont décrits."))
        return redirect(self.here("dataset_fields"))
