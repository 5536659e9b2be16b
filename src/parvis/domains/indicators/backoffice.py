"""« Indicateurs » in the back office: those that the person may change, and writing one, its figures seen before they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from parvis.core.errors import ParvisError
from parvis.core.indicators.definition import Definition
from parvis.core.indicators.figures import Figure
from parvis.domains.indicators import services
from parvis.domains.indicators.collection import IndicatorCollection
from parvis.domains.indicators.computation import names_of_territories
from parvis.domains.indicators.drafts import body_from_chart, body_from_dataset, figures_or_faults
from parvis.domains.indicators.forms import IndicatorForm
from parvis.domains.indicators.models import Indicator
from parvis.domains.indicators.presentation import value_text
from parvis.domains.indicators.rules import IndicatorChanged, SlugTaken
from parvis.hub.backoffice.makers import RecordMaker
from parvis.hub.backoffice.screens import sentence
from parvis.hub.backoffice.viewsets import CivicViewSet, FormColumn, RecordIndexView
from parvis.hub.drawings.menu_sources import MenuSource
from parvis.hub.drawings.selectors import offered_datasets
from parvis.hub.records.selectors import managed_at

OFFERED = 500
"""Datasets in a list."""
SHOWN = 30
"""Figures of each kind in the preview."""


class EditScreen(RecordMaker):
    """A new indicator, or one that is changed; « apercu » shows its figures, « enregistrer » keeps it."""

    template_name = "indicators/backoffice/edit.html"
    header_icon = "order"
    kind = Indicator
    new_title = gettext_lazy("Nouvel indicateur")
    acts: ClassVar = {**RecordMaker.acts, "publier": services.publish_indicator}
    done: ClassVar = {
        "enregistrer": gettext_lazy("« %(title)s » est enregistré ; ses chiffres sont en cours de calcul.")
    }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form as it is kept, or as a dataset (``jeu``) or a chart (``graphique``) starts it."""
        if self.record is not None:
            definition = self.record.described
            figures, _faults = figures_or_faults(self.actor, definition)
            return self._page(self._form(), preview=preview_of(definition, figures))
        try:
            return self._page(self._form(body=self._start()))
        except ParvisError as error:
            return self._page(self._form(), refused=sentence(error))

    def read(self, act: str) -> HttpResponse:
        """Show its figures, or keep it."""
        sent = self.request.POST
        form = self._form(_with_presentation(sent) if "fragment" in sent else sent)
        slug = self.record.slug if self.record else "apercu" if "fragment" in sent else ""
        definition, preview = form.definition(slug, stored=self.record is not None), None
        if definition is not None:
            figures, faults = figures_or_faults(self.actor, definition)
            form.show(faults)
            preview = None if faults else preview_of(definition, figures)
        if "fragment" in self.request.POST:
            facts = {"preview": preview, "faults": form.sentences}
            return render(self.request, "indicators/backoffice/preview.html", facts)
        # Any other button is one of the menus (« Retirer » a condition): the form is shown again as it then is.
        if act != "enregistrer" or definition is None or preview is None:
            return self._page(form, preview=preview, status=400 if act == "enregistrer" else 200)
        return self._keep(form, definition, preview)

    def _keep(self, form: IndicatorForm, definition: Definition, preview: dict[str, Any]) -> HttpResponse:
        refusal: dict[str, Any] = {}
        try:
            if self.record is None:
                owner = self.owner()
                indicator = self.create_once(lambda: services.create_indicator(self.actor, owner, definition))
            else:
                revision = self.opened_revision()
                indicator = services.update_indicator(self.actor, self.record, definition, revision=revision)
            services.ask_to_compute(self.actor, indicator)
            return self.finished("enregistrer", indicator)
        except SlugTaken as error:
            form.add_error("slug" if "slug" in form.fields else None, sentence(error))
        except IndicatorChanged as error:
            self.record.refresh_from_db()
            advice = _("Ce qu’il a changé est dit ci-dessous ; enregistrer de nouveau garde votre version.")
            differences = form.differences(self.record.described, definition)
            refusal = {"refused": f"{error.message('fr')} {advice}", "differences": differences}
        except ParvisError as error:
            refusal = {"refused": sentence(error)}
        return self._page(form, preview=preview, status=400, **refusal)

    def _start(self) -> dict[str, Any]:
        chart, dataset = (self.request.GET.get(name, "")[:120] for name in ("graphique", "jeu"))
        if chart:
            return body_from_chart(self.actor, chart)
        return body_from_dataset(self.actor, dataset) if dataset else {}

    def _form(self, data: Any = None, body: dict[str, Any] | None = None) -> IndicatorForm:
        body = asdict(self.record.described) if self.record else body or {}
        owners = [] if self.record else [(row.slug, row.name) for row in self.organisations()]
        if len(owners) > 1:
            owners = [("", _("Choisir…")), *owners]
        offered = offered_datasets(self.actor, self.record.datasets if self.record else (), OFFERED)
        datasets = [(row.dataset_id, row.title) for row in offered]
        return IndicatorForm(data, body, organisations=owners, datasets=datasets, source=MenuSource(self.actor))

    def _page(self, form: IndicatorForm, *, status: int = 200, **facts: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, **facts), status=status)


def _with_presentation(sent: QueryDict) -> QueryDict:
    """The same form with a title, a question and a method: figures are shown before these are written."""
    filled = sent.copy()
    for name in ("title", "question", "method"):
        filled[name] = filled.get(name, "").strip() or "—"
    return filled


def preview_of(definition: Definition, figures: Sequence[Figure]) -> dict[str, Any]:
    """Figures that are not kept yet, as pages will write them: those of the whole, the latest first, then those of territories."""
    names, rows = names_of_territories(definition), []
    for figure in figures:
        territory, period = figure.key
        place = names.get(territory, territory) or _("Total")
        rows.append((place, period or definition.period, value_text(definition, figure.value)))
    count = sum(not figure.key[0] for figure in figures)
    return {"whole": rows[:count][::-1][:SHOWN], "places": rows[count:][:SHOWN], "count": len(rows)}


class FigureColumn(FormColumn):
    """The figure of the day, its state, and a button to compute it again."""

    cell_template_name = "indicators/backoffice/figure.html"


class IndicatorIndexView(RecordIndexView):
    """The list; a POST with ``indicateur`` asks for that one to be computed in the background."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each indicator of the page with what its public page tells."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["object_list"] = IndicatorCollection().prepared(list(context["object_list"]), self.actor)
        return context

    def post(self, request: HttpRequest) -> HttpResponse:
        """Have one computed; NotFound for one that the person may not change."""
        indicator = managed_at(Indicator, self.actor, request.POST.get("indicateur", "")[:80])
        services.ask_to_compute(self.actor, indicator)
        messages.success(request, _("« %(title)s » va être recalculé.") % {"title": indicator.title})
        return redirect(request.path)


class IndicatorViewSet(CivicViewSet):
    """The screens of indicators."""

    model = Indicator
    maker = EditScreen
    base_url_path = "indicateurs"
    new_path = "nouveau/"
    icon = "order"
    menu_order = 240
    index_view_class = IndicatorIndexView

    @cached_property
    def list_display(self) -> list[Any]:
        """What every record has, and the figure."""
        title, *rest = super().list_display
        return [title, FigureColumn("figure", label=gettext_lazy("Dernier chiffre")), *rest]
