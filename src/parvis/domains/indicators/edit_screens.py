"""Writing an indicator in the back office: the form, its figures tried before they are kept, two people at once."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from parvis.core.errors import ParvisError
from parvis.core.indicators import Definition
from parvis.domains.indicators import services
from parvis.domains.indicators.drafts import Tried, tried
from parvis.domains.indicators.first_definition import BLANK, from_chart, from_dataset
from parvis.domains.indicators.forms import IndicatorForm, Start, differences_of, start_of
from parvis.domains.indicators.models import Indicator
from parvis.domains.indicators.presentation import value_text
from parvis.domains.indicators.rules import IndicatorChanged, IndicatorStatus, SlugTaken
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.backoffice.makers import RecordMaker
from parvis.hub.backoffice.screens import sentence
from parvis.hub.catalogue.selectors import datasets_managed_by, datasets_visible_to
from parvis.hub.records.rules import opened_revision

OFFERED = 500
"""Datasets in a list."""
SHOWN = 30
"""Figures of each kind in the preview."""

type Row = tuple[str, str, str]


class EditScreen(RecordMaker):
    """A new indicator, or one that is changed; « apercu » shows its figures, « enregistrer » keeps it."""

    template_name = "indicators/backoffice/edit.html"
    header_icon = "order"
    kind = Indicator
    new_title = gettext_lazy("Nouvel indicateur")
    acts = {
        "publier": services.publish_indicator,
        "brouillon": partial(services.set_status, status=IndicatorStatus.DRAFT),
        "retirer": partial(services.set_status, status=IndicatorStatus.RETIRED),
    }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form as it is kept, or as a dataset (``jeu``) or a chart (``graphique``) starts it."""
        try:
            start, refused = self._start(), ""
        except ParvisError as error:
            start, refused = BLANK, sentence(error)
        definition = self.record.described if self.record else None
        preview = preview_of(definition, tried(self.actor, definition)) if definition else None
        return self._page(self._form(start), preview=preview, refused=refused)

    def read(self, act: str) -> HttpResponse:
        """Try it, or keep it."""
        form = self._form(start_of(self.record.described) if self.record else BLANK, self.request.POST)
        definition, preview = form.definition(self.record.slug if self.record else ""), None
        if definition is not None:
            answer = tried(self.actor, definition)
            form.show(answer.faults)
            preview = None if answer.faults else preview_of(definition, answer)
        if "fragment" in self.request.POST:
            facts = {"preview": preview, "faults": form.sentences}
            return render(self.request, "indicators/backoffice/preview.html", facts)
        if act == "apercu" or definition is None or preview is None:
            return self._page(form, preview=preview, status=200 if act == "apercu" else 400)
        return self._keep(form, definition, preview)

    def _keep(self, form: IndicatorForm, definition: Definition, preview: dict[str, Any]) -> HttpResponse:
        refusal: dict[str, Any] = {}
        try:
            indicator = self._kept(form, definition)
        except SlugTaken as error:
            form.add_error("slug" if "slug" in form.fields else None, sentence(error))
        except IndicatorChanged as error:
            self.record.refresh_from_db()
            advice = _("Ce qu’il a changé est dit ci-dessous ; enregistrer de nouveau garde votre version.")
            differences = differences_of(self.record.described, definition)
            refusal = {"refused": f"{error.message('fr')} {advice}", "differences": differences}
        except ParvisError as error:
            refusal = {"refused": sentence(error)}
        else:
            facts = {"title": indicator.title}
            messages.success(
                self.request, _("« %(title)s » est enregistré ; ses chiffres sont en cours de calcul.") % facts
            )
            return redirect(self.address("maker", indicator.slug))
        return self._page(form, preview=preview, status=400, **refusal)

    def _kept(self, form: IndicatorForm, definition: Definition) -> Indicator:
        if self.record is None:
            owner = organisations_where(self.actor, "edit").get(slug=form.cleaned_data["organisation"])
            indicator = services.create_indicator(self.actor, owner, definition)
        else:
            revision = opened_revision(self.request.POST.get("revision", ""))
            indicator = services.update_indicator(self.actor, self.record, definition, revision=revision)
        services.ask_to_compute(self.actor, indicator)
        return indicator

    def _start(self) -> Start:
        if self.record is not None:
            return start_of(self.record.described)
        if chart := self.request.GET.get("graphique", "")[:120]:
            return from_chart(self.actor, chart)
        if dataset := self.request.GET.get("jeu", "")[:120]:
            return from_dataset(self.actor, dataset)
        return BLANK

    def _form(self, start: Start, data: Any = None) -> IndicatorForm:
        owners = () if self.record else [(one.slug, one.name) for one in organisations_where(self.actor, "edit")]
        return IndicatorForm(data, start=start, organisations=owners, datasets=self._datasets)

    @cached_property
    def _datasets(self) -> list[tuple[str, str]]:
        rows = (datasets_visible_to(self.actor), datasets_managed_by(self.actor))
        titles = dict(pair for query in rows for pair in query.values_list("dataset_id", "title")[:OFFERED])
        return sorted(titles.items(), key=lambda pair: pair[1].casefold())

    def _page(self, form: IndicatorForm, *, status: int = 200, **facts: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, **facts), status=status)


def preview_of(definition: Definition, answer: Tried) -> dict[str, Any]:
    """The figures tried, written as pages will write them."""
    names = answer.names or {}
    place = definition.place or _("l’ensemble")

    def row(territory: str, period: str, value: float | None) -> Row:
        return names.get(territory, territory) or place, period or definition.period, value_text(definition, value)

    return {
        "whole": [row(*figure.key, figure.value) for figure in answer.whole[:SHOWN]],
        "places": [row(*figure.key, figure.value) for figure in answer.places[:SHOWN]],
        "count": len(answer.figures),
    }
