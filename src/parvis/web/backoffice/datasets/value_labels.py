"""What the values of a column are called on screens: a list of the most frequent ones, each with its label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from parvis.core.columns import LABELS, Column
from parvis.core.errors import NotFound, ParvisError
from parvis.core.value_labels import LONGEST_LABEL, LONGEST_VALUE, MOST_LABELS, may_be_labelled
from parvis.hub.catalogue.services import update_card
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.datastore.value_labels import LabelledValue, frequent_values, in_small, proposed_labels
from parvis.hub.validation.selectors import labels_of_schema
from parvis.web.backoffice.datasets.pages import DatasetScreen

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Version

MOST_ROWS = 2 * MOST_LABELS
"""Values of a form: the frequent ones, and those that had a label and are no longer there."""


class ValueForm(forms.Form):
    """One value and its label."""

    value = forms.CharField(max_length=LONGEST_VALUE, strip=False, widget=forms.HiddenInput)
    label = forms.CharField(label=gettext_lazy("Libellé"), max_length=LONGEST_LABEL, required=False)


class ValueLabelsScreen(DatasetScreen):
    """The labels of the values of one column; proposals fill the empty ones of the form, and are kept when it is sent."""

    tab = "dataset_fields"
    template_name = "backoffice/datasets/values.html"

    @cached_property
    def version(self) -> Version:
        """The current version, else the latest."""
        version = self.dataset.current or self.dataset.versions.first()
        if version is None:
            raise NotFound(name=self.kwargs["column"])
        return version

    @cached_property
    def column(self) -> Column:
        """The column of the address; NotFound when its values take no labels."""
        column = shape_of(self.dataset, self.version).get(self.kwargs["column"])
        if column is None or not may_be_labelled(column):
            raise NotFound(name=self.kwargs["column"])
        return column

    @cached_property
    def values(self) -> list[LabelledValue]:
        """The values of the version that is shown."""
        return frequent_values(self.dataset, self.version, self.column)

    def get_page_title(self) -> str:
        """The dataset and the column."""
        return f"{self.dataset.title} – {self.column.label}"

    def trail(self) -> list[tuple[str, str]]:
        """The list, the dataset, its columns."""
        return [*super().trail(), (self.here("dataset_fields"), _("Colonnes"))]

    def get_label(self) -> str:
        """The column."""
        return _("Valeurs de « %s »") % self.column.label

    def _rows(self, labels: Mapping[str, str]) -> list[tuple[LabelledValue, ValueForm]]:
        return [
            (row, ValueForm(prefix=str(rank), initial={"value": row.value, "label": labels.get(row.value, row.label)}))
            for rank, row in enumerate(self.values)
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One form a value."""
        kwargs.setdefault("rows", self._rows({}))
        values = [row.value for row in self.values]
        return {
            "column": self.column,
            "most": MOST_LABELS,
            "are_more": sum(row.count is not None for row in self.values) >= MOST_LABELS,
            "in_capitals": len(in_small(self.column, values)),
            **super().get_context_data(**kwargs),
            **kwargs,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Fill the form with proposals, or keep what it says on the card: it survives the next versions."""
        forms_sent = [
            ValueForm(request.POST, prefix=str(rank)) for rank in range(MOST_ROWS) if f"{rank}-value" in request.POST
        ]
        if not all(form.is_valid() for form in forms_sent):
            counts = {row.value: row for row in self.values}
            rows = [
                (counts.get(form["value"].value(), LabelledValue(str(form["value"].value()), None, "")), form)
                for form in forms_sent
            ]
            return self.render_to_response(self.get_context_data(rows=rows), status=422)
        typed = {form.cleaned_data["value"]: form.cleaned_data["label"] for form in forms_sent}
        if request.POST.get("acte") in ("proposer", "minuscules"):
            return self._filled(request, typed)
        self._keep(typed)
        messages.success(request, _("Les libellés sont enregistrés."))
        return redirect(self.here("dataset_fields"))

    def _filled(self, request: HttpRequest, typed: Mapping[str, str]) -> HttpResponse:
        """The form with proposals where nothing was typed; nothing is kept."""
        blank = [row.value for row in self.values if not typed.get(row.value)]
        if request.POST["acte"] == "minuscules":
            proposals = in_small(self.column, blank)
        else:
            proposals = {**proposed_labels(self.column, [row.value for row in self.values]), **self._of_schema()}
        filling = {value: proposals[value] for value in blank if value in proposals}
        sentence = ngettext(
            "%(count)s libellé est proposé. Relisez-le, puis enregistrez.",
            "%(count)s libellés sont proposés. Relisez-les, puis enregistrez.",
            len(filling),
        )
        sentence %= {"count": len(filling)}
        messages.info(request, sentence if filling else _("Parvis n’a pas de libellé à proposer pour ces valeurs."))
        return self.render_to_response(self.get_context_data(rows=self._rows({**typed, **filling})))

    def _of_schema(self) -> dict[str, str]:
        try:
            return labels_of_schema(self.dataset, self.column.name)
        except ParvisError:
            return {}  # a schema that is gone proposes nothing

    def _keep(self, typed: Mapping[str, str]) -> None:
        fields = {**self.dataset.fields}
        before = fields.get(self.column.name, {})
        labels = {**self.column.labels, **typed}
        annotations = {**before.get("annotations", {}), LABELS: labels}
        fields[self.column.name] = {**before, "annotations": annotations}
        update_card(self.actor, self.dataset, {"fields": fields})
