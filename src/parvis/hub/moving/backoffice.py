"""« Le reste du portail »: what came besides datasets, each with its state; people to invite, chosen one by one or together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from parvis.core.errors import ParvisError
from parvis.hub.accounts.mails import MailNotConfigured
from parvis.hub.accounts.rules import Role, may
from parvis.hub.accounts.selectors import organisation, organisations_where
from parvis.hub.backoffice.policies import may_publish
from parvis.hub.backoffice.screens import Screen, ScreenSet, sentence
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.publishers import ForPublishers
from parvis.hub.harvesting.selectors import source_of
from parvis.hub.moving import selectors
from parvis.hub.moving.drawings import maker_address
from parvis.hub.moving.models import Part
from parvis.hub.moving.portal_site_screen import PortalSiteScreen
from parvis.hub.moving.reports import people_csv
from parvis.hub.moving.rule_extract_screen import RuleExtractScreen
from parvis.hub.moving.rule_extracts import extract_facts, is_offered
from parvis.hub.moving.rules import KINDS, State
from parvis.hub.moving.services import invite

SHOWN = 100
MOST_AT_ONCE = 100
"""People invited by one press."""


@method_decorator(never_cache, name="dispatch")
class RestScreen(ForPublishers, Screen):
    """The things of a portal that are not datasets."""

    page_title = gettext_lazy("Le reste du portail")
    template_name = "moving/backoffice/rest.html"

    @cached_property
    def source(self) -> Source:
        """The one of the address."""
        return source_of(self.actor, self.kwargs["slug"])

    def trail(self) -> list[tuple[str, str]]:
        """The list, the source."""
        return [
            (reverse("harvesting:list"), _("Sources")),
            (reverse("harvesting:source", args=[self.source.slug]), self.source.title),
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the people as a table."""
        if request.GET.get("format") != "csv":
            return super().get(request, *args, **kwargs)
        people = selectors.parts_of(self.actor, self.source, "users")
        rights = selectors.group_rights(self.source)
        rows = (selectors.part_facts(part, rights) for part in people)
        response = HttpResponse("".join(people_csv(rows)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="personnes-{self.source.slug}.csv"'
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts by kind, and a page of the things of one."""
        counts, notes = selectors.counts_of_kinds(self.source), selectors.notes_of_kinds(self.source)
        chosen = self.request.GET.get("partie", "")
        kinds = selectors.kinds_shown(self.source, counts)
        if chosen not in kinds:
            filled = (name for name in kinds if counts[name] and name != "counts")
            chosen = next(filled, "pages" if "pages" in kinds else next(iter(kinds), "pages"))
        parts = selectors.parts_of(self.actor, self.source, chosen)
        page = Paginator(parts, SHOWN).get_page(self.request.GET.get("page"))
        rights = selectors.group_rights(self.source) if chosen == "users" else {}
        may_invite = chosen == "users" and organisations_where(self.actor, "administer").exists()
        return {
            **super().get_context_data(**kwargs),
            "source": self.source,
            "kinds": [(name, kind.label, counts[name].total(), notes.get(name, "")) for name, kind in kinds.items()],
            "chosen": chosen,
            "chosen_label": KINDS[chosen].label,
            "note": notes.get(chosen, ""),
            "page": page,
            "rows": [self._row(part, rights) for part in page],
            "may_invite": may_invite and any(part.state == State.WAITS for part in page),
            "may_see_people": may(self.actor, "administer", self.source.organisation_id),
            "organisations": organisations_where(self.actor, "administer").values_list("slug", "name")
            if may_invite
            else (),
            "roles": [(str(role), role.label) for role in Role],
            "own_organisation": self.source.organisation.slug,
        }

    def _row(self, part: Part, rights: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        address = ""
        if part.kind == "pages" and part.target and part.state in (State.MADE, State.KEPT):
            address = reverse("wagtailadmin_pages:edit", args=[part.target])
        elif part.kind == "drawings" and (maker := maker_address(part)):
            address = maker
        elif part.dataset is not None:
            address = reverse("backoffice:dataset", args=[part.dataset.dataset_id])
        role = selectors.proposed_role(part, rights).label if part.kind == "users" else ""
        return {
            "part": part,
            "address": address,
            "state": selectors.state_words(part),
            "role": role,
            "notes": selectors.notes_of(part),
            "there": selectors.name_there(part),
            "site": self._site_address(part),
            "extract": extract_facts(part) if part.kind == "filters" else {},
            "extract_address": self._extract_address(part),
            "waits": part.kind == "users" and part.state == State.WAITS,
        }

    def _extract_address(self, part: Part) -> str:
        if not is_offered(part) or part.dataset is None or not may(self.actor, "edit", part.dataset.organisation_id):
            return ""
        return reverse("moving:extract", args=[self.source.slug, part.pk])

    def _site_address(self, part: Part) -> str:
        if part.kind != "portals" or not may(self.actor, "administer", None):
            return ""
        return reverse("moving:site", args=[self.source.slug, part.pk])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Invite those who are chosen; what keeps one from it is told, and the others are invited."""
        chosen = request.POST.getlist("personne")[:MOST_AT_ONCE]
        keys = [int(key) for key in chosen if key.isdecimal() and len(key) < 18]
        place = organisation(request.POST.get("organisation", ""))
        told_role = request.POST.get("role", "")
        role = Role(told_role) if told_role in set(Role) else None
        count, unsent = 0, ""
        for part in selectors.parts_of(self.actor, self.source, "users", State.WAITS).filter(pk__in=keys):
            try:
                count += invite(self.actor, part, place, role).state == State.MADE
            except MailNotConfigured as error:  # the account is ready: one sentence says so of all of them
                count, unsent = count + 1, sentence(error)
            except ParvisError as error:
                messages.error(request, f"{part.identifier} : {sentence(error)}")
        words = ngettext("%(count)s personne est invitée.", "%(count)s personnes sont invitées.", count)
        messages.success(request, words % {"count": count})
        if unsent:
            messages.warning(request, unsent)
        return redirect(f"{request.path}?partie=users")


SCREENS = ScreenSet(
    "moving",
    "emmenagement",
    ("<slug:slug>/", RestScreen, "rest"),
    ("<slug:slug>/portail/<int:part>/", PortalSiteScreen, "site"),
    ("<slug:slug>/regle/<int:part>/", RuleExtractScreen, "extract"),
    shown=may_publish,
)
