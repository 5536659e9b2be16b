"""The list of sites in the back office: by the name of each portal, then the address of its machine."""

from __future__ import annotations

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, StatusFlagColumn, TitleColumn
from wagtail.models import Site
from wagtail.sites.views import IndexView

from parvis.hub.sites.models import SiteFace


def _sites(view: IndexView) -> QuerySet[Site]:
    """Every site with what people call it."""
    names = SiteFace.objects.filter(site=OuterRef("pk")).values("name")[:1]
    blank = Value("", output_field=CharField())
    portal = Coalesce(NullIf(Subquery(names), blank), NullIf("site_name", blank), "hostname")
    return Site.objects.select_related("root_page").annotate(portal=portal)


def name_sites_by_their_portal() -> None:
    """Replace the columns of Wagtail's list, two of whose titles are English and whose first is the name of a machine."""
    IndexView.default_ordering = "portal"
    IndexView.get_base_queryset = _sites
    IndexView.columns = [
        TitleColumn("portal", label=_("Nom du portail"), sort_key="portal", url_name="wagtailsites:edit"),
        Column("hostname", label=_("Adresse"), sort_key="hostname"),
        Column("root_page", label=_("Page d’accueil")),
        StatusFlagColumn("is_default_site", label=_("Site principal"), true_label=_("oui")),
    ]
