"""« data.gouv.fr » in the back office: the organisations that the person administers, then the settings of one, tried and sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, Column, StatusTagColumn, TitleColumn

from parvis.core.errors import NotFound, ParvisError
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.addresses import absolute_url
from parvis.hub.backoffice.policies import may_administer
from parvis.hub.backoffice.screens import FormScreen, ListScreen, Screen, ScreenSet, stored_sentence
from parvis.hub.republication.asking import is_awaited
from parvis.hub.republication.item_backoffice import ChoiceScreen, ForAdministrators, ItemList, ItemScreen, OfPortal
from parvis.hub.republication.models import Copy, Portal
from parvis.hub.republication.portals import portal_of, remove_portal, save_portal, send_now, try_portal
from parvis.hub.republication.presentation import counts_words, scope_words
from parvis.hub.republication.rules import (
    DATA_GOUV,
    BadKey,
    BadOrganisation,
    BadPortal,
    DeletedThere,
    KeyNeeded,
    Retire,
    Scope,
)
from parvis.hub.ui.formatting import instant

FIELDS: dict[type[ParvisError], str] = {
    BadPortal: "address",
    BadOrganisation: "remote_organisation",
    BadKey: "key",
    KeyNeeded: "key",
}

EVERY = 5
"""Seconds between two looks at what is sent, without JavaScript."""


class PortalForm(forms.Form):
    """Where it goes, in whose name; the key that is kept is never written in it."""

    address = forms.CharField(
        label=gettext_lazy("Adresse du portail"),
        max_length=300,
        initial=DATA_GOUV,
        help_text=gettext_lazy("data.gouv.fr, ou un autre portail du même logiciel (udata)."),
    )
    remote_organisation = forms.CharField(
        label=gettext_lazy("Votre organisation sur ce portail"),
        max_length=300,
        help_text=gettext_lazy("Collez l’adresse de sa page, ou son identifiant."),
    )
    key = forms.CharField(
        label=gettext_lazy("Clé d’API"),
        required=False,
        max_length=400,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "Faite dans le profil d’un compte éditeur de cette organisation. Elle est gardée chiffrée et n’est plus jamais montrée ; "
            "laissez vide pour garder celle qui est là."
        ),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("Jeux de données du catalogue"),
        choices=[
            (Scope.NONE, gettext_lazy("Aucun : seules les délibérations partent")),
            (Scope.CHOSEN, gettext_lazy("Ceux que vous choisissez, un par un, sur leur page")),
            (Scope.ALL, gettext_lazy("Tous ceux que tout le monde peut lire ici, présents et à venir")),
        ],
        initial=Scope.NONE,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Ne partent jamais : les brouillons, ce qui est réservé, ce qui vient de ce portail-là. Ne partent que s’ils sont choisis un "
            "par un : ce qui est repris d’ailleurs, ce qui contient des données personnelles."
        ),
    )
    services = forms.BooleanField(
        label=gettext_lazy("Services du catalogue"),
        required=False,
        help_text=gettext_lazy(
            "Les API, services de cartes et flux que l’organisation répertorie ici paraissent aussi là-bas, avec les jeux qu’ils servent et "
            "qui y sont."
        ),
    )
    retire = forms.ChoiceField(
        label=gettext_lazy("Un jeu ou un service retiré d’ici, ou qui n’est plus choisi"),
        choices=[
            (
                Retire.ARCHIVE,
                gettext_lazy("est archivé là-bas : sa page reste, marquée comme telle, sans nos fichiers"),
            ),
            (Retire.DELETE, gettext_lazy("est supprimé là-bas")),
        ],
        initial=Retire.ARCHIVE,
        widget=forms.RadioSelect,
    )
    active = forms.BooleanField(
        label=gettext_lazy("Envoyer de soi-même ce qui change"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Décoché, plus rien ne part : ce qui est retiré ici reste visible là-bas."),
    )

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        """``is_new``: nothing is set yet, nor is any key."""
        super().__init__(*args, **kwargs)
        if is_new:
            self.fields["key"].required = True
            self.fields["key"].help_text = _(
                "Faite dans le profil d’un compte éditeur de cette organisation. Elle est gardée chiffrée et n’est plus jamais montrée."
            )


class OrganisationList(ForAdministrators, ListScreen):
    """The organisations that the person administers, and where each stands."""

    model = Organisation
    page_title = gettext_lazy("data.gouv.fr")
    default_ordering = (F("portal").asc(nulls_last=True), "name")
    """Those that are set first: they are few among many."""

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Name, state, last sending."""
        return [
            TitleColumn(
                "name",
                label=_("Organisation"),
                get_url=lambda row: reverse("republication:portal", args=[row.slug]),
            ),
            StatusTagColumn(
                "state",
                label=_("État"),
                accessor=lambda row: state_words(getattr(row, "portal", None)),
                primary=lambda row: hasattr(row, "portal") and row.portal.active and not row.portal.error,
            ),
            Column("sent", label=_("Dernier envoi réussi"), accessor=last_sent),
        ]

    def get_base_queryset(self) -> QuerySet[Organisation]:
        """Through the person's eyes."""
        return organisations_where(self.actor, "administer").select_related("portal")


def last_sent(organisation: Organisation) -> str:
    """When a sending last ended well."""
    portal: Portal | None = getattr(organisation, "portal", None)
    return instant(portal.sent) if portal and portal.sent else "—"


def state_words(portal: Portal | None) -> str:
    """Whether what changes is sent, and arrives."""
    if portal is None:
        return _("non réglé")
    if not portal.active:
        return _("arrêté")
    return _("à corriger") if portal.error else _("en service")


def awaited_words(portal: Portal) -> str:
    """What somebody pressed and that is not over yet; empty when nothing is."""
    if is_awaited(portal.pk, dry=False):
        return _("L’envoi est demandé : il attend son tour, ou se fait.")
    return (
        _("L’essai est demandé : il attend son tour, ou se fait ; rien n’est envoyé.")
        if is_awaited(portal.pk, dry=True)
        else ""
    )


def report_of(report: dict[str, Any] | None) -> dict[str, Any] | None:
    """A report in words: when, how many datasets with each outcome, how many are left for the next; None without one."""
    if report is None:
        return None
    return {
        "at": instant(datetime.fromisoformat(report["at"])),
        "counts": counts_words(report["counts"]),
        "left": report["left"],
    }


@method_decorator(never_cache, name="dispatch")
class PortalScreen(ForAdministrators, FormScreen):
    """The settings of an organisation, what the last trial and the last sending said; buttons for both."""

    template_name = "republication/backoffice/portal.html"
    form_class = PortalForm
    done = gettext_lazy("Les réglages sont enregistrés. Ce qui manque là-bas part dans la minute.")

    @cached_property
    def organisation(self) -> Organisation:
        """The one of the address; NotFound when the person does not administer it."""
        organisation = organisations_where(self.actor, "administer").filter(slug=self.kwargs["slug"]).first()
        if organisation is None:
            raise NotFound(name=self.kwargs["slug"])
        return organisation

    @cached_property
    def portal(self) -> Portal | None:
        """None before it was set."""
        return portal_of(self.actor, self.organisation)

    def get_page_title(self) -> str:
        """The organisation."""
        return self.organisation.name

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(reverse("republication:list"), "data.gouv.fr")]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whether anything is set."""
        return {**super().get_form_kwargs(), "is_new": self.portal is None}

    def get_initial(self) -> dict[str, Any]:
        """What is set; never the key."""
        portal = self.portal
        if portal is None:
            return {}
        return {
            "address": portal.address,
            "remote_organisation": portal.remote_organisation,
            "active": portal.active,
            "scope": portal.scope,
            "services": portal.services,
            "retire": portal.retire,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, where it stands, both reports."""
        facts: dict[str, Any] = {"portal": self.portal, "state": state_words(self.portal)}
        facts["feed"] = absolute_url("/catalog.rdf")
        if self.portal is not None:
            message, remedy = stored_sentence(self.portal.error)
            facts |= {
                "problem": f"{message} {remedy}".strip(),
                "was_deleted": Copy.objects.filter(portal=self.portal, error__code=DeletedThere.code).exists(),
                "retry": instant(self.portal.due) if self.portal.due and self.portal.active else "",
                "sent": last_sent(self.organisation),
                "scope": scope_words(self.portal),
                "report": report_of(self.portal.report),
                "trial": report_of(self.portal.trial),
                "there": self.portal.copies.exclude(remote_id="").count(),
                "awaited": awaited_words(self.portal),
                "every": EVERY,
            }
        return {**super().get_context_data(**kwargs), **facts}

    def field_of(self, error: ParvisError) -> str | None:
        """Beside what is wrong."""
        return FIELDS.get(type(error))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the button says."""
        act = request.POST.get("acte", "enregistrer")
        if self.portal is None or act == "enregistrer":
            return super().post(request, *args, **kwargs)
        if act not in _ACTS:
            raise NotFound(name=act[:40])
        return _ACTS[act](self, self.portal)

    def act(self, form: PortalForm) -> HttpResponse | None:
        """Keep them; tried first, nothing is sent before somebody says so."""
        if self.request.POST.get("acte") != "essayer":
            save_portal(self.actor, self.organisation, **form.cleaned_data)
            return None
        portal = save_portal(self.actor, self.organisation, **{**form.cleaned_data, "active": False})
        return self._try(portal)

    def _try(self, portal: Portal) -> HttpResponse:
        try_portal(self.actor, portal)
        return redirect(self.request.path)

    def _start(self, portal: Portal) -> HttpResponse:
        wishes = {name: value for name, value in self.get_initial().items() if name != "active"}
        save_portal(self.actor, self.organisation, key="", active=True, **wishes)
        messages.success(self.request, _("Ce qui manque là-bas part dans la minute."))
        return redirect(self.request.path)

    def _send(self, portal: Portal) -> HttpResponse:
        send_now(self.actor, portal)
        return redirect(self.request.path)

    def _renew(self, portal: Portal) -> HttpResponse:
        send_now(self.actor, portal, anew=True)
        return redirect(self.request.path)

    def _remove(self, portal: Portal) -> HttpResponse:
        remove_portal(self.actor, portal)
        messages.success(self.request, _("Les réglages et la clé sont effacés."))
        return redirect("republication:list")


@method_decorator(never_cache, name="dispatch")
class ProgressAnswer(OfPortal, Screen):
    """Whether what was pressed is over, as JSON for its page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """``next`` is where to go once it is."""
        words = awaited_words(self.portal)
        place = reverse("republication:portal", args=[self.organisation.slug])
        return JsonResponse({"text": words, "percent": None, "over": not words, "next": place})


_ACTS = {
    "essayer": PortalScreen._try,
    "commencer": PortalScreen._start,
    "envoyer": PortalScreen._send,
    "recreer": PortalScreen._renew,
    "retirer": PortalScreen._remove,
}
"""What the buttons besides « Enregistrer » do."""

SCREENS = ScreenSet(
    "republication",
    "data-gouv",
    ("", OrganisationList, "list"),
    ("choix/jeu/", ChoiceScreen, "choice"),
    ("<slug:slug>/", PortalScreen, "portal"),
    ("<slug:slug>/avancement.json", ProgressAnswer, "progress"),
    ("<slug:slug>/jeux/", ItemList, "items"),
    ("<slug:slug>/jeux/<int:key>/", ItemScreen, "item"),
    menu_order=540,
    shown=may_administer,
)
