"""« Suites et montants » in the back office: acts by what became of them, then one act: its amounts, its links, its steps."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn

from parvis.core.errors import NotFound, RequestError
from parvis.domains.deliberations.models import Act, ActLink
from parvis.domains.deliberations.money import services
from parvis.domains.deliberations.money.choosing import acts_called, rows_called
from parvis.domains.deliberations.money.forms import (
    ROW_RELATIONS,
    AmountFormSet,
    StepForm,
    amount_rows,
    amounts_typed,
)
from parvis.domains.deliberations.money.proposals import proposals_for
from parvis.domains.deliberations.money.readings import amounts_read, not_typed, take_over
from parvis.domains.deliberations.money.rules import mark_of
from parvis.domains.deliberations.money.selectors import amounts_of, links_of, table_of
from parvis.domains.deliberations.rules import STATED
from parvis.hub.backoffice.screens import ListScreen, Screen, ScreenSet, sentence
from parvis.hub.catalogue.selectors import dataset as dataset_called
from parvis.hub.records.selectors import managed_by

AMOUNTS = "montants"
LIST = "acts_money:list"
ONE = "acts_money:act"


class ActFilter(WagtailFilterSet):
    """By what became of them."""

    suites = ChoiceFilter(
        field_name="execution",
        label=gettext_lazy("Suites"),
        choices=[("none", gettext_lazy("non suivie")), *Act.Execution.choices[1:]],
        method="standing",
    )

    class Meta:
        model = Act
        fields: ClassVar[list[str]] = []

    def standing(self, acts: QuerySet[Act], name: str, value: str) -> QuerySet[Act]:
        """Those that stand there; « none » for those that nobody follows yet."""
        return acts.filter(execution="" if value == "none" else value)


class FollowedActs(ListScreen):
    """Acts that decide something, the latest first, and what became of each."""

    page_title = gettext_lazy("Suites et montants")
    header_icon = "tasks"
    index_url_name = LIST
    index_results_url_name = f"{LIST}_results"
    default_ordering = "-date"
    filterset_class = ActFilter
    is_searchable = True
    search_fields = ["title", "number"]
    search_backend_name = None

    def get_base_queryset(self) -> QuerySet[Act]:
        """Those of the person's organisations."""
        return managed_by(Act, self.actor).filter(kind__in=STATED)

    @cached_property
    def list_display(self) -> list[str | BaseColumn]:
        """Object, date, organisation, what became of it."""
        return [
            TitleColumn("title", label=_("Acte"), get_url=lambda act: reverse(ONE, args=[act.slug])),
            Column("number", label=_("Numéro")),
            Column("date", label=_("Date"), sort_key="date"),
            Column("organisation", label=_("Organisation"), accessor="organisation.name"),
            Column("execution", label=_("Suites"), accessor=lambda act: act.get_execution_display()),
        ]


class FollowedActsResults(FollowedActs):
    """The rows alone, as they are typed for."""

    results_only = True


class MoneyScreen(Screen):
    """One act: three parts, each with its own button; what one refuses leaves the others as they are."""

    template_name = "deliberations/backoffice/money.html"
    page_title = gettext_lazy("Suites et montants")
    header_icon = "tasks"

    @cached_property
    def record(self) -> Act:
        """The act of the address; NotFound for whom it is not theirs to follow."""
        act = managed_by(Act, self.actor).filter(slug=self.kwargs["slug"]).first()
        if act is None:
            raise NotFound(name=self.kwargs["slug"])
        return act

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(reverse(LIST), _("Suites et montants"))]

    def get_page_title(self) -> str:
        """The act."""
        return self.record.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The three parts, and what was looked for to be linked."""
        act, amounts = self.record, amounts_of(self.record)
        query = self.request.GET
        facts: dict[str, Any] = {
            "record": act,
            "mark": mark_of(amounts),
            "amounts": AmountFormSet(prefix=AMOUNTS, initial=amount_rows(amounts)),
            "read": amounts_read(act, amounts),
            "step": StepForm(initial={"day": timezone.localdate()}),
            "steps": list(act.steps.all()),
            "links": links_of(act, self.actor),
            "proposals": [(row, json.dumps(row.key)) for row in proposals_for(self.actor, act)],
            "relations": ROW_RELATIONS,
            **rows_called(self.actor, act, query.get("jeu", "")[:100], query.get("mots", "")[:200]),
            **acts_called(self.actor, act, query.get("acte", "")[:200]),
        }
        return {**super().get_context_data(**kwargs), **facts, **kwargs}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the button says."""
        acts: dict[str, Callable[[], HttpResponse | None]] = {
            AMOUNTS: self._amounts,
            "reprendre": self._take_over,
            "etape": self._step,
            "lier": self._link,
            "delier": self._unlink,
            "retirer": self._remove_step,
        }
        name = "reprendre" if "reprendre" in request.POST else request.POST.get("geste", "")
        if name not in acts:
            raise NotFound(name=name[:40])
        answer = acts[name]()
        if answer is None:
            messages.success(request, _("C’est enregistré."))
            return redirect(f"{reverse(ONE, args=[self.record.slug])}#{name if name != 'delier' else 'lier'}")
        return answer

    def fallback(self) -> str:
        """The screen itself."""
        return reverse(ONE, args=[self.record.slug])

    def _amounts(self) -> HttpResponse | None:
        amounts = amount_rows(amounts_of(self.record))
        formset = AmountFormSet(self.request.POST, prefix=AMOUNTS, initial=amounts)
        refused = ""
        if formset.is_valid():
            try:
                mark = self.request.POST.get("mark", "")
                services.set_amounts(self.actor, self.record, amounts_typed(formset), mark=mark)
            except RequestError as error:
                refused = sentence(error)
            else:
                return None
        return self._again(amounts=formset, refused=refused)

    def _take_over(self) -> HttpResponse:
        """The screen with what was typed and one more amount, of those read in the act; nothing is saved."""
        data = self.request.POST.copy()
        noted = amounts_of(self.record)
        read = amounts_read(self.record, noted)
        row = next((row for row in read if str(row.cents) == data.get("reprendre", "")), None)
        formset = AmountFormSet(data, prefix=AMOUNTS, initial=amount_rows(noted))
        if row is not None and formset.management_form.is_valid():
            take_over(data, AMOUNTS, row)
            formset = AmountFormSet(data, prefix=AMOUNTS, initial=amount_rows(noted))
        read = not_typed(read, data, AMOUNTS)
        facts = {"amounts": formset, "mark": data.get("mark", ""), "took": row, "read": read}
        return self.render_to_response(self.get_context_data(**facts))

    def _step(self) -> HttpResponse | None:
        form = StepForm(self.request.POST)
        if form.is_valid():
            try:
                services.add_step(self.actor, self.record, **form.cleaned_data)
            except RequestError as error:
                form.add_error("day", sentence(error))
            else:
                return None
        return self._again(step=form)

    def _link(self) -> HttpResponse | None:
        data = self.request.POST
        if data.get("acte"):
            other = Act.objects.filter(slug=data["acte"][:100]).first()
            if other is None:
                raise NotFound(name=data["acte"][:100])
            services.link_act(self.actor, self.record, other)
            return None
        dataset = dataset_called(self.actor, data.get("jeu", "")[:100])
        if not data.get("cle"):
            services.link_dataset(self.actor, self.record, dataset)
            return None
        relation = data.get("nature", "")
        if relation not in dict(ROW_RELATIONS):
            relation = ActLink.Relation.GRANT
        key = table_of(self.actor, dataset).read_key(data["cle"][:2_000])
        services.link_row(self.actor, self.record, dataset, key, relation)
        return None

    def _unlink(self) -> None:
        link = self.record.links.filter(pk=_key(self.request.POST.get("lien"))).first()
        if link is not None:  # gone already: the button was pressed twice
            services.unlink(self.actor, self.record, link)

    def _remove_step(self) -> None:
        step = self.record.steps.filter(pk=_key(self.request.POST.get("etape"))).first()
        if step is not None:
            services.remove_step(self.actor, self.record, step)

    def _again(self, **facts: Any) -> HttpResponse:
        """The screen with what was typed and what is wrong with it."""
        return self.render_to_response(self.get_context_data(**facts), status=422)


def _key(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0


SCREENS = ScreenSet(
    "acts_money",
    "suites-des-actes",
    ("", FollowedActs, "list"),
    ("resultats/", FollowedActsResults, "list_results"),
    ("<slug:slug>/", MoneyScreen, "act"),
    menu_order=182,
)
