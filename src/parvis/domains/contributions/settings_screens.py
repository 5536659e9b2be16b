"""What each dataset takes and what tells its rows apart; who is trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn

from parvis.core.errors import NotFound
from parvis.domains.contributions.ambassadors import name_ambassador, record_of, revoke
from parvis.domains.contributions.models import Ambassador, Opening
from parvis.domains.contributions.opening import change_opening
from parvis.domains.contributions.rules import Kind
from parvis.domains.contributions.tables import ContributedTable, table_of
from parvis.hub.accounts.rules import require
from parvis.hub.accounts.selectors import organisations_where, people
from parvis.hub.backoffice.screens import FormScreen, ListScreen
from parvis.hub.catalogue.selectors import dataset as dataset_called
from parvis.hub.catalogue.selectors import datasets_managed_by
from parvis.hub.validation.row_keys import guessed_keys

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

from parvis.domains.contributions.moderation import QUEUE


class Openings(ListScreen):
    """Datasets, and what each takes."""

    page_title = gettext_lazy("Contributions : réglages par jeu")
    header_icon = "cog"
    default_ordering = "title"
    index_url_name = "contributions_admin:openings"

    def trail(self) -> list[tuple[str, str]]:
        """The queue."""
        return [(reverse(QUEUE), _("Contributions"))]

    def get_base_queryset(self) -> QuerySet[Dataset]:
        """Those that the person manages, with data."""
        rows = datasets_managed_by(self.actor).filter(current__isnull=False).select_related("current", "organisation")
        opening = Opening.objects.filter(dataset=OuterRef("pk"))
        return rows.annotate(
            kept_key=Subquery(opening.values("key")[:1]), is_confirmed=Subquery(opening.values("is_key_confirmed")[:1])
        )

    @cached_property
    def list_display(self) -> list[str | BaseColumn]:
        """Title, organisation."""
        return [
            TitleColumn(
                "title",
                label=_("Jeu de données"),
                get_url=lambda dataset: reverse("contributions_admin:opening", args=[dataset.dataset_id]),
            ),
            Column("organisation", label=_("Organisation"), accessor="organisation.name"),
            Column("key", label=_("Identifiant des lignes"), accessor=_key_words),
        ]


def _key_words(dataset: Any) -> str:
    """What the list says of the key that a dataset keeps."""
    if not dataset.kept_key:
        return ""
    columns = ", ".join(dataset.kept_key)
    return columns if dataset.is_confirmed else _("%(columns)s : à confirmer") % {"columns": columns}


class OpeningForm(forms.Form):
    """What a dataset takes, and what tells its rows apart."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Ce qui peut être proposé"),
        choices=Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    key = forms.MultipleChoiceField(
        label=gettext_lazy("Colonnes qui distinguent les lignes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Ensemble, leurs valeurs doivent être uniques et ne pas changer d’un import à l’autre : c’est par elles que les corrections retrouvent leur ligne."
        ),
    )

    def __init__(self, table: ContributedTable, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alone = {names[0] for names in guessed_keys(table) if len(names) == 1}
        self.fields["key"].choices = [
            (column.name, f"{column.label}{' (' + _('unique') + ')' if column.name in alone else ''}")
            for column in table.editable
            if not column.type.is_geographic
        ]


class OpeningScreen(FormScreen):
    """What one dataset takes."""

    template_name = "contributions/backoffice/opening.html"
    form_class = OpeningForm
    header_icon = "cog"

    @cached_property
    def table(self) -> ContributedTable:
        """Of the address."""
        dataset = dataset_called(self.actor, self.kwargs["dataset_id"])
        require(self.actor, "edit", dataset.organisation_id, f"régler les contributions à « {dataset.title} »")
        if dataset.current_id is None:
            raise NotFound(name=dataset.dataset_id)
        return table_of(dataset)

    def get_page_title(self) -> str:
        """The dataset."""
        return _("Contributions à « %(title)s »") % {"title": self.table.dataset.title}

    def trail(self) -> list[tuple[str, str]]:
        """The queue, the datasets."""
        return [(reverse(QUEUE), _("Contributions")), (reverse("contributions_admin:openings"), _("Réglages par jeu"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        """The table."""
        opening = self.table.opening
        initial = {"kinds": opening.kinds if opening else Kind.values, "key": self.table.key}
        return {**super().get_form_kwargs(), "table": self.table, "initial": initial}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was declared."""
        return {**super().get_context_data(**kwargs), "table": self.table}

    def act(self, form: OpeningForm) -> None:
        """Keep it."""
        change_opening(self.actor, self.table, form.cleaned_data["kinds"], form.cleaned_data["key"])


class AmbassadorForm(forms.Form):
    """Whom to trust, and for which organisation."""

    person = forms.ModelChoiceField(label=gettext_lazy("Personne"), queryset=None)
    organisation = forms.ModelChoiceField(label=gettext_lazy("Organisation"), queryset=None)
    badge = forms.CharField(label=gettext_lazy("Badge"), max_length=60, initial=gettext_lazy("Ambassadeur des données"))

    def __init__(self, actor: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        administered = organisations_where(actor, "administer")
        self.fields["organisation"].queryset = administered
        # Those of one's own organisations: the list of everybody is nobody's business.
        self.fields["person"].queryset = (
            people().filter(is_active=True, memberships__organisation__in=administered).distinct()
        )


class Ambassadors(FormScreen):
    """Those of the organisations that the person administers; named, revoked."""

    template_name = "contributions/backoffice/ambassadors.html"
    page_title = gettext_lazy("Ambassadeurs des données")
    header_icon = "group"
    form_class = AmbassadorForm

    def trail(self) -> list[tuple[str, str]]:
        """The queue."""
        return [(reverse(QUEUE), _("Contributions"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who names."""
        return {**super().get_form_kwargs(), "actor": self.actor}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each with their record."""
        rows = Ambassador.objects.filter(organisation__in=organisations_where(self.actor, "administer")).select_related(
            "person", "organisation"
        )
        return {**super().get_context_data(**kwargs), "rows": [(row, *record_of(row)) for row in rows]}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Name one, or revoke one."""
        if request.POST.get("revoquer"):
            rows = Ambassador.objects.filter(organisation__in=organisations_where(self.actor, "administer"))
            ambassador = rows.filter(pk=request.POST["revoquer"][:18]).first()
            if ambassador is None:
                raise NotFound(name=request.POST["revoquer"][:18])
            revoke(self.actor, ambassador)
            return redirect(request.path)
        return super().post(request, *args, **kwargs)

    def act(self, form: AmbassadorForm) -> None:
        """Trust them."""
        name_ambassador(
            self.actor, form.cleaned_data["person"], form.cleaned_data["organisation"], form.cleaned_data["badge"]
        )
