"""Publishing, withdrawing, deleting, restoring, renaming."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.models import Site

from parvis.core.errors import Forbidden, NotFound, ParvisError
from parvis.hub.backoffice.screens import WithForm
from parvis.hub.catalogue.services import delete, publish, rename_dataset, restore, unpublish
from parvis.hub.pages.page_drafts import sites_written_by, start_page
from parvis.web.backoffice.datasets.children import children_shown
from parvis.web.backoffice.datasets.pages import ACTS, Act, DatasetScreen

DEEDS = {
    "publier": (publish, gettext_lazy("« %s » est publié.")),
    "retirer": (unpublish, gettext_lazy("« %s » est retiré du portail.")),
    "supprimer": (delete, gettext_lazy("« %s » est à la corbeille. Vous pouvez le restaurer.")),
    "restaurer": (restore, gettext_lazy("« %s » est restauré, hors du portail. Publiez-le quand vous voulez.")),
}


class ChangeState(DatasetScreen):
    """One act on the dataset as a whole: asked with GET, done with POST."""

    template_name = "backoffice/datasets/confirm.html"

    @cached_property
    def act(self) -> Act:
        """The act to confirm."""
        act = next((act for act in ACTS if act.slug == self.kwargs["act"]), None)
        if act is None:
            raise NotFound(name=self.kwargs["act"])
        return act

    def get_label(self) -> str:
        """The act."""
        return str(self.act.label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The act to confirm."""
        children = children_shown(self.actor, self.dataset) if self.act.slug == "supprimer" else {}
        return {**super().get_context_data(**kwargs), "act": self.act, **children}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it."""
        if self.kwargs["act"] not in DEEDS:
            raise NotFound(name=self.kwargs["act"])
        deed, done = DEEDS[self.kwargs["act"]]
        deed(self.actor, self.dataset)
        messages.success(request, done % self.dataset.title)
        return redirect(reverse("backoffice:datasets") if deed is delete else self.here("dataset"))

    def fallback(self) -> str:
        """Back to the card, with the reason."""
        return self.here("dataset")


class StartPage(DatasetScreen):
    """A page begun from the dataset: a draft in the editor of pages, its blocks filled."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make the draft on the site that answers when the person writes it, else on the first that they write."""
        sites = sites_written_by(request.user)
        here = Site.find_for_request(request)
        site = sites.filter(pk=here.pk if here else None).first() or sites.first()
        if site is None:
            raise Forbidden(action=_("écrire une page"))
        page = start_page(self.actor, site, self.dataset.dataset_id)
        messages.success(
            request,
            _("La page est commencée, en brouillon : changez, ajoutez, retirez ce que vous voulez, puis publiez."),
        )
        return redirect("wagtailadmin_pages:edit", page.pk)

    def fallback(self) -> str:
        """Back to the card, with the reason."""
        return self.here("dataset")


class RenameForm(forms.Form):
    """The new identifier."""

    dataset_id = forms.CharField(
        label=gettext_lazy("Nouvel identifiant"),
        max_length=100,
        help_text=gettext_lazy(
            "Lettres sans accent, chiffres, tirets. L’ancienne adresse mènera toujours à la nouvelle."
        ),
    )


class RenameScreen(WithForm, DatasetScreen):
    """Give another identifier."""

    template_name = "backoffice/datasets/rename.html"
    form_class = RenameForm
    done = gettext_lazy("L’identifiant est changé ; l’ancienne adresse redirige.")

    def get_label(self) -> str:
        """What is changed."""
        return _("Changer l’identifiant")

    def get_initial(self) -> dict[str, Any]:
        """The present one."""
        return {"dataset_id": self.dataset.dataset_id}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form and the former identifiers."""
        return {**super().get_context_data(**kwargs), "aliases": self.dataset.aliases.all()}

    def act(self, form: RenameForm) -> None:
        """Rename."""
        rename_dataset(self.actor, self.dataset, form.cleaned_data["dataset_id"].strip())

    def field_of(self, error: ParvisError) -> str:
        """The identifier."""
        return "dataset_id"

    def get_success_url(self) -> str:
        """The card, at its new address."""
        return self.here("dataset")
