"""Dataset by dataset, service by service: what was done with each, what is seen of it there, whether it is chosen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from parvis.core.errors import Forbidden, NotFound
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.backoffice.policies import may_administer
from parvis.hub.backoffice.screens import ActorMixin, FormScreen, Screen, stored_sentence
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import datasets_managed_by
from parvis.hub.republication.models import Copy, Portal
from parvis.hub.republication.portals import choice_of, choose, choose_service, portal_of, rewrite
from parvis.hub.republication.presentation import (
    OUTCOMES,
    counts_words,
    proof_words,
    report_words,
    scope_words,
    seen_words,
)
from parvis.hub.republication.rules import Outcome

PER_PAGE = 50


class ForAdministrators(ActorMixin):
    """Closed to who administers no organisation."""

    header_icon = "link-external"

    def _answer_or_fall_back(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_administer(request.user):
            raise Forbidden(action="régler l’envoi vers data.gouv.fr")
        return super()._answer_or_fall_back(request, *args, **kwargs)


class OfPortal(ForAdministrators):
    """Gives a screen the organisation of its address, and its portal; NotFound when there is none that the person administers."""

    @cached_property
    def organisation(self) -> Organisation:
        """The one of the address."""
        organisation = organisations_where(self.actor, "administer").filter(slug=self.kwargs["slug"]).first()
        if organisation is None:
            raise NotFound(name=self.kwargs["slug"])
        return organisation

    @cached_property
    def portal(self) -> Portal:
        """Its settings."""
        portal = portal_of(self.actor, self.organisation)
        if portal is None:
            raise NotFound(name=self.kwargs["slug"])
        return portal

    def trail(self) -> list[tuple[str, str]]:
        """The list, the organisation."""
        slug = self.organisation.slug
        return [
            (reverse("republication:list"), "data.gouv.fr"),
            (reverse("republication:portal", args=[slug]), self.organisation.name),
        ]


@method_decorator(never_cache, name="dispatch")
class ItemList(OfPortal, Screen):
    """Every dataset, what the last sending did with it and why, what was seen of it there."""

    template_name = "republication/backoffice/items.html"
    page_title = gettext_lazy("Jeu par jeu")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts, which filter, and a page of rows: of the last trial when it is asked for."""
        is_trial = self.request.GET.get("vue") == "essai"
        name = "trial__outcome" if is_trial else "outcome"
        rows = self.portal.copies.exclude(**{name: "" if not is_trial else None})
        outcomes = [outcome for outcome in rows.order_by().values_list(name, flat=True) if outcome]
        counts = {outcome: outcomes.count(outcome) for outcome in set(outcomes)}
        chosen = self.request.GET.get("issue", "")
        chosen = chosen if chosen in OUTCOMES else ""
        page = Paginator(rows.filter(**{name: chosen}) if chosen else rows, PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        return {
            **super().get_context_data(**kwargs),
            "organisation": self.organisation,
            "portal": self.portal,
            "view_name": "essai" if is_trial else "envoi",
            "counts": counts_words(counts),
            "outcome": chosen,
            "items": page,
            "rows": [self._row(copy, is_trial) for copy in page],
        }

    def _row(self, copy: Copy, is_trial: bool) -> dict[str, Any]:
        report = copy.trial if is_trial else copy.report
        error = (copy.trial or {}).get("error") if is_trial else copy.error
        outcome = report["outcome"] if is_trial and report else copy.outcome
        if not is_trial and outcome not in (Outcome.CREATED, Outcome.CHANGED):
            report = None  # of a sending before that one
        return {
            "copy": copy,
            "outcome": str(OUTCOMES.get(outcome, "")),
            "reason": stored_sentence(error)[0],
            "steps": len((report or {}).get("steps", ())) + (report or {}).get("left", 0),
            "seen": seen_words(copy),
        }


@method_decorator(never_cache, name="dispatch")
class ItemScreen(OfPortal, Screen):
    """One dataset: what would be done, what was done, what is seen there; a button puts our card back."""

    template_name = "republication/backoffice/item.html"

    @cached_property
    def item(self) -> Copy:
        """The one of the address."""
        copy = self.portal.copies.select_related("portal__organisation", "source").filter(pk=self.kwargs["key"]).first()
        if copy is None:
            raise NotFound(name=str(self.kwargs["key"]))
        return copy

    def get_page_title(self) -> str:
        """Its name."""
        return self.item.title or self.item.dataset_id

    def trail(self) -> list[tuple[str, str]]:
        """The list, the organisation, its datasets."""
        return [*super().trail(), (reverse("republication:items", args=[self.organisation.slug]), _("Jeu par jeu"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All that is known of it."""
        copy = self.item
        message, remedy = stored_sentence(copy.error)
        trial_message, trial_remedy = stored_sentence((copy.trial or {}).get("error"))
        return {
            **super().get_context_data(**kwargs),
            "copy": copy,
            "portal": self.portal,
            "outcome": str(OUTCOMES.get(copy.outcome, "")),
            "problem": f"{message} {remedy}".strip(),
            "trial_problem": f"{trial_message} {trial_remedy}".strip(),
            "report": report_words(copy.report),
            "trial": report_words(copy.trial),
            "proof": proof_words(copy),
        }

    def post(self, request: HttpRequest, slug: str, key: int) -> HttpResponse:
        """Put our card back; of a service, have it sent or not."""
        act = request.POST.get("acte", "")
        if act in ("choisir", "laisser"):
            choose_service(self.actor, self.item, act == "choisir")
            messages.success(request, _("C’est noté ; l’envoi suit dans la minute."))
            return redirect(request.path)
        if act != "remettre":
            raise NotFound(name=act[:40])
        rewrite(self.actor, self.item)
        messages.success(request, _("Notre fiche repart ; rechargez cette page dans un instant pour voir le résultat."))
        return redirect(request.path)


class ChoiceForm(forms.Form):
    """Whether one dataset is sent."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Ce jeu de données"),
        choices=[
            ("", gettext_lazy("suit ce que l’organisation a réglé")),
            ("oui", gettext_lazy("est envoyé")),
            ("non", gettext_lazy("n’est pas envoyé")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )


CHOICES = {"": None, "oui": True, "non": False}


@method_decorator(never_cache, name="dispatch")
class ChoiceScreen(FormScreen):
    """Whether one dataset is sent, for who may put it online; why it is not, and what is seen of it there."""

    template_name = "republication/backoffice/choice.html"
    header_icon = "link-external"
    page_title = gettext_lazy("Envoyer vers data.gouv.fr")
    form_class = ChoiceForm
    done = gettext_lazy("C’est noté ; l’envoi suit dans la minute.")

    @cached_property
    def dataset(self) -> Dataset:
        """The one that the address names."""
        name = self.request.GET.get("jeu", "")
        dataset = datasets_managed_by(self.actor).filter(dataset_id=name).first()
        if dataset is None:
            raise NotFound(name=name[:100])
        return dataset

    @cached_property
    def choice(self) -> tuple[Portal | None, Copy | None]:
        """The portal of its organisation, and what is known of it there; Forbidden."""
        return choice_of(self.actor, self.dataset)

    def trail(self) -> list[tuple[str, str]]:
        """The dataset."""
        return [(reverse("backoffice:dataset", args=[self.dataset.dataset_id]), self.dataset.title)]

    def get_initial(self) -> dict[str, Any]:
        """What was chosen."""
        copy = self.choice[1]
        return {"choice": next(name for name, value in CHOICES.items() if value is (copy.chosen if copy else None))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, what the organisation sends, what became of this one."""
        portal, copy = self.choice
        message, remedy = stored_sentence(copy.error if copy else None)
        return {
            **super().get_context_data(**kwargs),
            "dataset": self.dataset,
            "portal": portal,
            "copy": copy,
            "scope": scope_words(portal) if portal else "",
            "outcome": str(OUTCOMES.get(copy.outcome, "")) if copy else "",
            "problem": f"{message} {remedy}".strip(),
            "proof": proof_words(copy) if copy else None,
            "may_administer": organisations_where(self.actor, "administer")
            .filter(pk=self.dataset.organisation_id)
            .exists(),
        }

    def act(self, form: ChoiceForm) -> HttpResponse | None:
        """Keep it."""
        choose(self.actor, self.dataset, CHOICES[form.cleaned_data["choice"]])
        return None

    def get_success_url(self) -> str:
        """The same page, about the same dataset."""
        return self.request.get_full_path()
