"""« En faire un site »: the form of the site that a child portal becomes, and which of its datasets it shows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from parvis.hub.accounts.rules import Actor, require
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.backoffice.screens import FormScreen
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.publishers import ForPublishers
from parvis.hub.harvesting.selectors import source_of
from parvis.hub.moving import selectors
from parvis.hub.moving.models import Part
from parvis.hub.moving.portal_sites import (
    LONGEST_NAME,
    LONGEST_PREFIX,
    MOST_PLACED,
    Proposal,
    lot_of,
    make_portal_site,
    place_datasets,
    proposal_for,
    site_of_part,
)
from parvis.hub.moving.rules import State
from parvis.hub.sites.selectors import address_of, named_site
from parvis.hub.territories.forms import TerritoryField
from parvis.hub.territories.models import Territory


class SiteForm(forms.Form):
    """The site of a child portal."""

    name = forms.CharField(label=gettext_lazy("Nom du portail"), max_length=LONGEST_NAME)
    territory = TerritoryField()
    hostname = forms.CharField(
        label=gettext_lazy("Nom de domaine"),
        max_length=253,
        help_text=gettext_lazy(
            "Celui qu’il avait là-bas : le site y répondra le jour où ce nom mènera ici. D’ici là, le préfixe suffit."
        ),
    )
    prefix = forms.SlugField(
        label=gettext_lazy("Préfixe d’adresse"),
        max_length=LONGEST_PREFIX,
        required=False,
        help_text=gettext_lazy("Avec « lieusaint », le site répond à l’adresse de ce portail suivie de /lieusaint/."),
    )
    organisation = forms.ChoiceField(
        label=gettext_lazy("Organisation responsable du site"),
        required=False,
        help_text=gettext_lazy("Ses administrateurs changent l’identité visuelle, l’accueil et les menus du site."),
    )

    def __init__(self, actor: Actor, proposal: Proposal, *args: Any, **kwargs: Any) -> None:
        initial = {
            "name": proposal.name,
            "territory": proposal.territory.pk if proposal.territory else "",
            "hostname": proposal.hostname,
            "prefix": proposal.prefix,
            "organisation": proposal.organisation.slug if proposal.organisation else "",
        }
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.organisations = {row.slug: row for row in organisations_where(actor, "administer")}
        choices = [(slug, row.name) for slug, row in self.organisations.items()]
        self.fields["organisation"].choices = [("", _("celle du territoire")), *choices]
        self.fields["territory"].required = True

    def clean_hostname(self) -> str:
        """In small letters."""
        return str(self.cleaned_data["hostname"]).strip().lower()


@method_decorator(never_cache, name="dispatch")
class PortalSiteScreen(ForPublishers, FormScreen):
    """The site of a child portal, for who runs the instance: made once, seen before."""

    page_title = gettext_lazy("En faire un site")
    template_name = "moving/backoffice/site.html"
    form_class = SiteForm

    @cached_property
    def source(self) -> Source:
        """The one of the address."""
        return source_of(self.actor, self.kwargs["slug"])

    @cached_property
    def part(self) -> Part:
        """The child portal."""
        part = selectors.parts_of(self.actor, self.source, "portals").filter(pk=self.kwargs["part"]).first()
        if part is None:
            raise Http404
        return part

    @property
    def back(self) -> str:
        """The list of child portals."""
        return f"{reverse('moving:rest', args=[self.source.slug])}?partie=portals"

    def trail(self) -> list[tuple[str, str]]:
        """The list of sources, the source, the rest of its portal."""
        return [
            (reverse("harvesting:list"), _("Sources")),
            (reverse("harvesting:source", args=[self.source.slug]), self.source.title),
            (self.back, _("Le reste du portail")),
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, for who may send it."""
        require(self.actor, "administer", None, "créer un site")
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make the site, or show what it would show, or place datasets on its territory."""
        require(self.actor, "administer", None, "créer un site")
        site = site_of_part(self.part)
        if site is not None:
            return self._placed(request, site)
        if "voir" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.is_valid()
        return self.render_to_response(self.get_context_data(form=form))

    def _placed(self, request: HttpRequest, site: Any) -> HttpResponse:
        names = request.POST.getlist("jeu")[:MOST_PLACED]
        territory = site.siteface.territory if hasattr(site, "siteface") else None
        if "placer" in request.POST and territory is not None:
            count = place_datasets(self.actor, self.part, territory, names)
            words = ngettext("%(count)s jeu est placé.", "%(count)s jeux sont placés.", count) % {"count": count}
            messages.success(request, words)
        else:
            messages.info(request, _("Ce portail a déjà son site : rien n’a été fait."))
        return redirect(request.path)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Filled with what is proposed."""
        return {**super().get_form_kwargs(), "actor": self.actor, "proposal": proposal_for(self.actor, self.part)}

    def act(self, form: Any) -> HttpResponse | None:
        """Make it, then place the datasets that are chosen; what the models refuse is told beside its field."""
        facts = form.cleaned_data
        try:
            part = make_portal_site(
                self.actor,
                self.part,
                facts["territory"],
                name=facts["name"],
                hostname=facts["hostname"],
                prefix=facts["prefix"],
                organisation=form.organisations.get(facts["organisation"]),
            )
        except ValidationError as error:
            for name, texts in getattr(error, "message_dict", {"": error.messages}).items():
                form.add_error(name if name in form.fields else None, texts)
            return self.form_invalid(form)
        place_datasets(self.actor, part, facts["territory"], self.request.POST.getlist("jeu")[:MOST_PLACED])
        if part.state == State.HERE:
            messages.info(self.request, _("Ce territoire avait déjà un site : c’est le sien."))
        else:
            messages.success(
                self.request,
                _("Le site est fait. Son accueil, ses menus et ses pages se règlent comme ceux des autres."),
            )
        return redirect(self.request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, or the site; and which datasets it shows."""
        facts = super().get_context_data(**kwargs)
        site = site_of_part(self.part)
        territory = self._territory(site, facts["form"])
        lot = lot_of(self.actor, self.part, territory) if territory is not None else None
        return {
            **facts,
            "source": self.source,
            "part": self.part,
            "site": named_site(site.pk) if site is not None else None,
            "site_address": address_of(site) if site is not None else "",
            "settings_address": reverse("wagtailsettings:edit", args=["parvis_sites", "siteface", site.pk])
            if site is not None
            else "",
            "territory": territory,
            "is_commune": territory is not None and territory.kind == Territory.Kind.COMMUNE,
            "lot": lot,
            "shown": lot.shown[:MOST_PLACED] if lot else (),
            "absent": lot.absent[:MOST_PLACED] if lot else (),
            "has_placeable": lot is not None and any(row.is_placeable for row in lot.absent[:MOST_PLACED]),
            "chosen": set(self.request.POST.getlist("jeu")[:MOST_PLACED]),
            "back": self.back,
        }

    def _territory(self, site: Any, form: SiteForm) -> Territory | None:
        if site is not None:
            return site.siteface.territory if hasattr(site, "siteface") else None
        if form.is_bound:
            return form.cleaned_data.get("territory") if hasattr(form, "cleaned_data") else None
        return proposal_for(self.actor, self.part).territory
