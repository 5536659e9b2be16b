"""What the pages of one dataset share: the dataset, its tabs, what may be done to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import may, require
from parvis.hub.backoffice.screens import Screen
from parvis.hub.catalogue.rules import Status, checklist, missing_requirements
from parvis.hub.catalogue.selectors import card_of, dataset, renamed
from parvis.hub.datastore.readings import records_reading
from parvis.hub.pages.page_drafts import sites_written_by
from parvis.hub.validation.selectors import newer_schema

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

TABS = (
    ("dataset", gettext_lazy("Fiche")),
    ("dataset_fields", gettext_lazy("Colonnes")),
    ("dataset_translations", gettext_lazy("Traductions")),
    ("dataset_access", gettext_lazy("Accès")),
    ("dataset_attachments", gettext_lazy("Pièces jointes")),
    ("dataset_schema", gettext_lazy("Schéma")),
    ("dataset_entry", gettext_lazy("Modifier les lignes")),
    ("dataset_rows", gettext_lazy("Lignes poussées")),
    ("dataset_personal", gettext_lazy("Données personnelles")),
    ("dataset_versions", gettext_lazy("Versions")),
    ("dataset_history", gettext_lazy("Historique")),
)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that may be done to a dataset as a whole: its word in the address, its button, where it makes sense."""

    slug: str
    label: Any
    states: tuple[Status, ...]
    serious: bool = False


ACTS = (
    Act("publier", gettext_lazy("Publier"), (Status.DRAFT, Status.UNPUBLISHED)),
    Act("retirer", gettext_lazy("Retirer du portail"), (Status.PUBLISHED,), serious=True),
    Act(
        "supprimer",
        gettext_lazy("Mettre à la corbeille"),
        (Status.DRAFT, Status.PUBLISHED, Status.UNPUBLISHED),
        serious=True,
    ),
    Act("restaurer", gettext_lazy("Restaurer"), (Status.DELETED,)),
)


def editable_dataset(actor: Any, dataset_id: str) -> Dataset:
    """The dataset when the actor may edit it; NotFound when they may not even see it, Forbidden when only that."""
    try:
        editable = dataset(actor, dataset_id)
    except NotFound:
        present = renamed(actor, dataset_id)
        if present is None:
            raise
        editable = dataset(actor, present)
    require(actor, "edit", editable.organisation_id, _("modifier « %s »") % editable.title)
    return editable


class DatasetScreen(Screen):
    """A tab of a dataset."""

    tab = ""
    header_icon = "table"

    @cached_property
    def dataset(self) -> Dataset:
        """The dataset of the address."""
        return editable_dataset(self.actor, self.kwargs["dataset_id"])

    def get_label(self) -> str:
        """What the screen is about, among those of the dataset."""
        return str(dict(TABS).get(self.tab, ""))

    def get_page_title(self) -> str:
        """The dataset and what the screen is about."""
        label = self.get_label()
        return f"{self.dataset.title} – {label}" if label else self.dataset.title

    def trail(self) -> list[tuple[str, str]]:
        """The list, then the dataset."""
        return [(reverse("backoffice:datasets"), _("Jeux de données")), (self.here("dataset"), self.dataset.title)]

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """What the screen is about stands last, alone: the dataset is just before."""
        items = super().get_breadcrumbs_items()
        return [*items[:-1], {"url": "", "label": self.get_label() or self.get_page_title()}]

    def here(self, name: str, *more: Any) -> str:
        """The address of a page of this dataset."""
        return reverse(f"backoffice:{name}", args=[self.dataset.dataset_id, *more])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The dataset, its tabs, what is missing, what may be done."""
        screen_dataset = self.dataset
        card = card_of(screen_dataset)
        latest = screen_dataset.versions.first()
        card["version"] = card["version"] or (latest and latest.name)
        may_publish = may(self.actor, "publish", screen_dataset.organisation_id)
        return {
            **super().get_context_data(**kwargs),
            "dataset": screen_dataset,
            "tabs": [(self.here(name), label, name == self.tab) for name, label in TABS],
            "checklist": checklist(card),
            "missing": missing_requirements(card),
            "newer_schema": newer_schema(screen_dataset),
            "acts": [act for act in ACTS if may_publish and Status(screen_dataset.status) in act.states],
            "may_publish": may_publish,
            "readers": records_reading(self.actor, screen_dataset),
            "is_online": screen_dataset.status == Status.PUBLISHED and screen_dataset.current_id is not None,
            "writes_pages": sites_written_by(self.request.user).exists(),
            "replace_url": f"{reverse('backoffice:deposit')}?jeu={screen_dataset.dataset_id}",
        }
