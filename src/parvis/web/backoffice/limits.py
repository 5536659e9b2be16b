"""« Limites » of an organisation in the back office: what it has taken, what it may take, and the form of who runs the instance."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from parvis.core.errors import RequestError
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import require
from parvis.hub.accounts.selectors import organisation
from parvis.hub.backoffice.screens import Screen, sentence
from parvis.hub.datastore.limits import taken_by
from parvis.hub.quotas.limits import MEASURES, Measure
from parvis.hub.quotas.models import OrganisationLimits
from parvis.hub.quotas.services import set_limits
from parvis.hub.ui.formatting import number, percent, size

UNITS = {"storage": (1_000_000, gettext_lazy("en mégaoctets"))}
"""Measures that are typed in another unit than they are kept in: how much it is, its name."""
MOST = 10**15
FORMS = {"size": size, "number": number}


class BadLimit(RequestError):
    """What was typed is no limit."""

    code = "bad-limit"
    fr = "« {value} » n’est pas une limite : {measure}."
    en = "“{value}” is not a limit: {measure}."
    hint_fr = "Écrivez un nombre entier, 0 ou plus, ou laissez vide pour ne pas limiter."
    hint_en = "Write a whole number, 0 or more, or leave it empty not to limit."


class LimitsScreen(Screen):
    """A bar for each measure; a form for who runs the instance."""

    page_title = gettext_lazy("Limites")
    header_icon = "group"
    template_name = "backoffice/limits/screen.html"

    @cached_property
    def organisation(self) -> Organisation:
        """The one of the address, for who works there."""
        found = organisation(self.kwargs["slug"])
        require(self.actor, "edit", found.pk, _("voir les limites de cette organisation"))
        return found

    def trail(self) -> list[tuple[str, str]]:
        """The organisations, then this one."""
        here = (reverse("backoffice:organisation", args=[self.organisation.slug]), self.organisation.name)
        return [(reverse("backoffice:organisations"), _("Organisations")), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is taken and allowed."""
        limits = OrganisationLimits.objects.filter(organisation=self.organisation.pk).first()
        taken = taken_by(self.organisation.pk)
        rows = [_row(measure, taken[measure.name], getattr(limits, measure.name, None)) for measure in MEASURES]
        facts = {"organisation": self.organisation, "rows": rows, "may_set": self.actor.everything}
        return {**super().get_context_data(**kwargs), **facts}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Set the limits."""
        try:
            chosen = {measure.name: _typed(measure, request.POST.get(measure.name, "")) for measure in MEASURES}
        except BadLimit as error:
            messages.error(request, sentence(error))
            return self.render_to_response(self.get_context_data(), status=422)
        set_limits(self.actor, self.organisation, chosen)
        messages.success(request, _("Les limites sont enregistrées."))
        return redirect("backoffice:limits", self.organisation.slug)


def _typed(measure: Measure, text: str) -> int | None:
    bare = "".join(text.split())
    if not bare:
        return None
    unit = UNITS[measure.name][0] if measure.name in UNITS else 1
    if not (bare.isascii() and bare.isdigit()) or len(bare) > len(str(MOST)) or int(bare) * unit > MOST:
        raise BadLimit(value=text[:40], measure=measure.label)
    return int(bare) * unit


def _row(measure: Measure, taken: int, limit: int | None) -> dict[str, Any]:
    told = FORMS[measure.form]
    unit, unit_name = UNITS.get(measure.name, (1, ""))
    share = min(taken / limit, 1) if limit else 1.0
    return {
        "measure": measure,
        "taken": told(taken),
        "limit": told(limit) if limit is not None else "",
        "share": percent(share, 0) if limit is not None else "",
        "width": round(share * 100, 1),
        "is_full": limit is not None and taken >= limit,
        "typed": "" if limit is None else str(limit // unit),
        "unit": unit_name,
    }
