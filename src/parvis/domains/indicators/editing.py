"""Writing an indicator in the back office: the form, its figures tried before they are kept, two people at once, its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages

from parvis.core.errors import ParvisError
from parvis.core.indicators import BadFormula, BadIndicator, Definition
from parvis.domains.indicators import selectors, services
from parvis.domains.indicators.drafting import Tried, fault_of, tried
from parvis.domains.indicators.forms import (
    IndicatorForm,
    PartForm,
    body_of,
    initial_of,
    part_forms,
    show_faults,
)
from parvis.domains.indicators.models import Indicator
from parvis.domains.indicators.rules import IndicatorChanged, IndicatorStatus, SlugTaken
from parvis.domains.indicators.starting import from_chart, from_dataset
from parvis.domains.indicators.telling import told
from parvis.hub.accounts.rules import may
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.audit.selectors import entries_about
from parvis.hub.backoffice.screens import Screen, sentence
from parvis.hub.catalogue.selectors import datasets_managed_by, datasets_visible_to

OFFERED = 500
"""Datasets in a list."""
SHOWN = 30
"""Figures of each kind in the preview."""
HISTORY = 40

type Row = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else saved otherwise."""

    label: str
    theirs: str
    yours: str


class EditScreen(Screen):
    """A new indicator, or one that is changed. ``acte`` is « apercu », « enregistrer », « publier », « brouillon » or « retirer »."""

    template_name = "indicators/backoffice/edit.html"
    header_icon = "order"

    @cached_property
    def indicator(self) -> Indicator | None:
        """The one of the address, None for a new one; 404 for one that the person may not change."""
        return selectors.managed_indicator(self.actor, self.kwargs["slug"]) if "slug" in self.kwargs else None

    def get_page_title(self) -> str:
        """Its title."""
        return self.indicator.title if self.indicator else _("Nouvel indicateur")

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(reverse("indicators_admin:list"), _("Indicateurs"))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form as it is kept, or as a dataset (``jeu``) or a chart (``graphique``) starts it."""
        refused = ""
        try:
            facts, parts = self._initial()
        except ParvisError as error:
            (facts, parts), refused = ({"direction": "neutral", "refresh": "publication"}, []), sentence(error)
        form, rows = self._forms(None, facts, parts)
        definition = self.indicator.described if self.indicator else None
        preview = preview_of(definition, tried(self.actor, definition)) if definition else None
        return self._page(form, rows, preview=preview, refused=refused)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Try it, keep it, or change whether it is published."""
        act = request.POST.get("acte", "apercu")
        if act in _STATUSES and self.indicator is not None:
            return self._set_status(self.indicator, _STATUSES[act])
        facts, parts = initial_of(self.indicator.described) if self.indicator else ({}, [])
        form, rows = self._forms(request.POST, facts, parts)
        definition = self._definition(form, rows)
        found = tried(self.actor, definition) if definition else None
        if found is not None and found.faults:
            show_faults(found.faults, form, rows)
        preview = preview_of(definition, found) if definition and found and not found.faults else None
        if "fragment" in request.POST:
            return render(
                request, "indicators/backoffice/preview.html", {"preview": preview, "faults": _faults(form, rows)}
            )
        if act == "apercu" or definition is None or (found is not None and found.faults):
            return self._page(form, rows, preview=preview, status=200 if act == "apercu" else 400)
        return self._keep(form, rows, definition, preview)

    def _keep(
        self, form: IndicatorForm, rows: list[PartForm], definition: Definition, preview: dict[str, Any] | None
    ) -> HttpResponse:
        refused, differences = "", []
        try:
            kept = self._kept(form, definition)
        except SlugTaken as error:
            form.add_error("slug" if "slug" in form.fields else None, sentence(error))
        except IndicatorChanged as error:
            refused = f"{error.message('fr')} {_('Ce qu’il a changé est dit ci-dessous ; enregistrer de nouveau garde votre version.')}"
            differences = self._differences(definition)
        except ParvisError as error:
            refused = sentence(error)
        else:
            messages.success(
                self.request,
                _("« %(title)s » est enregistré ; ses chiffres sont en cours de calcul.") % {"title": kept.title},
            )
            return redirect("indicators_admin:maker", kept.slug)
        return self._page(form, rows, preview=preview, refused=refused, differences=differences, status=400)

    def _kept(self, form: IndicatorForm, definition: Definition) -> Indicator:
        if self.indicator is None:
            owner = organisations_where(self.actor, "edit").get(slug=form.cleaned_data["organisation"])
            kept = services.create_indicator(self.actor, owner, definition)
        else:
            revision = self.request.POST.get("revision", "")
            number = int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 10 else 0
            kept = services.update_indicator(self.actor, self.indicator, definition, revision=number)
        services.ask_to_compute(self.actor, kept)
        return kept

    def _set_status(self, indicator: Indicator, status: IndicatorStatus) -> HttpResponse:
        try:
            services.set_status(self.actor, indicator, status)
            if status == IndicatorStatus.PUBLISHED and indicator.latest is None:
                services.ask_to_compute(self.actor, indicator)
            messages.success(self.request, _("« %(title)s » : %(status)s.") % {"title": indicator.title, "status": indicator.get_status_display()})  # fmt: skip
        except ParvisError as error:
            messages.error(self.request, sentence(error))
        return redirect("indicators_admin:maker", indicator.slug)

    def _initial(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        if self.indicator is not None:
            return initial_of(self.indicator.described)
        if chart := self.request.GET.get("graphique", "")[:120]:
            return from_chart(self.actor, chart)
        if dataset := self.request.GET.get("jeu", "")[:120]:
            return from_dataset(self.actor, dataset)
        return {"direction": "neutral", "refresh": "publication"}, []

    def _forms(
        self, data: Any, facts: dict[str, Any], parts: list[dict[str, Any]]
    ) -> tuple[IndicatorForm, list[PartForm]]:
        owners = () if self.indicator else [(one.slug, one.name) for one in organisations_where(self.actor, "edit")]
        form = IndicatorForm(data, initial=facts, organisations=owners)
        return form, part_forms(data, parts, self._datasets)

    @cached_property
    def _datasets(self) -> list[tuple[str, str]]:
        rows = (datasets_visible_to(self.actor), datasets_managed_by(self.actor))
        found = dict(pair for query in rows for pair in query.values_list("dataset_id", "title")[:OFFERED])
        return sorted(found.items(), key=lambda pair: pair[1].casefold())

    def _definition(self, form: IndicatorForm, rows: list[PartForm]) -> Definition | None:
        valid = [one.is_valid() for one in (form, *rows)]
        if not all(valid):
            return None
        if not any(one.is_used for one in rows):
            rows[0].add_error("dataset", _("Choisissez au moins un jeu de données."))
            return None
        try:
            return Definition.from_dict(body_of(form, rows, self.indicator.slug if self.indicator else ""))
        except (BadIndicator, BadFormula) as error:
            show_faults([fault_of(error)], form, rows)
            return None

    def _differences(self, yours: Definition) -> list[Difference]:
        """What the other person saved otherwise than what is in this form."""
        if self.indicator is None:
            return []
        self.indicator.refresh_from_db()
        theirs, mine = initial_of(self.indicator.described), initial_of(yours)
        labels = {name: str(field.label) for name, field in IndicatorForm.base_fields.items()}
        found = [
            Difference(labels[name], str(theirs[0][name]), str(mine[0][name]))
            for name in labels
            if theirs[0][name] != mine[0][name]
        ]
        if theirs[1] != mine[1]:
            found.append(Difference(_("Parties"), _parts_text(theirs[1]), _parts_text(mine[1])))
        return found

    def _page(
        self,
        form: IndicatorForm,
        rows: list[PartForm],
        *,
        preview: dict[str, Any] | None = None,
        refused: str = "",
        differences: Sequence[Difference] = (),
        status: int = 200,
    ) -> HttpResponse:
        one = self.indicator
        facts = {
            "form": form,
            "parts": rows,
            "preview": preview,
            "refused": refused,
            "differences": differences,
            "indicator": one,
            "may_publish": bool(one and may(self.actor, "publish", one.organisation_id)),
            "history": entries_about("indicator", one.slug)[:HISTORY] if one else [],
        }
        return self.render_to_response(self.get_context_data(**facts), status=status)


_STATUSES = {
    "publier": IndicatorStatus.PUBLISHED,
    "brouillon": IndicatorStatus.DRAFT,
    "retirer": IndicatorStatus.RETIRED,
}


def preview_of(definition: Definition, found: Tried) -> dict[str, Any]:
    """The figures tried, written as pages will write them."""
    names = found.names or {}
    place = definition.place or _("l’ensemble")

    def row(territory: str, period: str, value: float | None) -> Row:
        return names.get(territory, territory) or place, period or definition.period, told(definition, value)

    return {
        "whole": [row(*one.key, one.value) for one in found.whole[:SHOWN]],
        "places": [row(*one.key, one.value) for one in found.places[:SHOWN]],
        "count": len(found.figures),
        "more": max(len(found.whole) - SHOWN, 0) + max(len(found.places) - SHOWN, 0),
    }


def _faults(form: IndicatorForm, rows: Sequence[PartForm]) -> list[str]:
    """Every sentence about what is wrong, for the preview beside the form."""
    return [str(text) for one in (form, *rows) for texts in one.errors.values() for text in texts]


def _parts_text(parts: Sequence[dict[str, Any]]) -> str:
    return " ; ".join(f"{one['name']} = {one['select']} ({one['dataset']})" for one in parts)
