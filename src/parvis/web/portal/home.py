"""The home page: the territory, its key figures, what is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from parvis.core.metadata import THEMES
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import here
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import catalogue_revision, datasets_visible_to
from parvis.hub.search.selectors import theme_counts
from parvis.hub.sites.lens import current_lens
from parvis.hub.sites.selectors import face_of
from parvis.hub.territories.drawing import Paving, paving
from parvis.hub.territories.models import Territory
from parvis.hub.territories.selectors import communes_of
from parvis.hub.ui.formatting import number
from parvis.hub.ui.trail import Trail
from parvis.web.portal.trails import of_catalogue, of_population

LATEST, FEATURED = 6, 6


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number of the home page and where it comes from."""

    label: str
    trail: Trail


def home(request: HttpRequest) -> HttpResponse:
    """The territory drawn from its communes, the search, the themes, what is new."""
    actor, territory = actor_of(request.user), face_of(request).territory
    datasets = datasets_visible_to(actor).prefetch_related(None)
    shown_figure = "jeux" if request.GET.get("carte") == "jeux" else "population"
    counts = theme_counts(actor)
    facts = {
        "territory": territory,
        "paving": territory and drawn(actor, territory, shown_figure),
        "shown_figure": shown_figure,
        "figures": key_figures(datasets, territory),
        "themes": [(theme.slug, counts[theme.slug]) for theme in THEMES if counts.get(theme.slug)],
        "featured": datasets.filter(featured__isnull=False).order_by("featured", "title")[:FEATURED],
        "latest": datasets.order_by("-data_modified", "title")[:LATEST],
        "organisations": organisations_with_counts(datasets)[:12],
    }
    return render(request, "portal/home.html", facts)


def key_figures(datasets: QuerySet[Dataset], territory: Territory | None) -> list[KeyFigure]:
    """How many datasets, rows, organisations; the population where it is known."""
    total = datasets.aggregate(
        datasets=Count("pk", distinct=True),
        rows=Sum("current__rows"),
        organisations=Count("organisation", distinct=True),
    )
    counted = [
        (
            total["datasets"],
            ngettext("jeu de données", "jeux de données", total["datasets"]),
            here("/explore/"),
            _("nombre de jeux de données publiés"),
        ),
        (
            _rows_shown(datasets) if current_lens() else total["rows"] or 0,
            _("lignes de données"),
            here("/explore/?tri=taille"),
            _("somme des lignes des jeux de données publiés"),
        ),
        (
            total["organisations"],
            ngettext("organisation", "organisations", total["organisations"]),
            here("/organisations/"),
            _("nombre d’organisations qui ont publié au moins un jeu"),
        ),
    ]
    figures = [
        KeyFigure(label, of_catalogue(number(value), address, query)) for value, label, address, query in counted
    ]
    if territory and territory.population:
        figures.append(KeyFigure(_("habitants"), of_population(territory, territory.population)))
    return figures


def _rows_shown(datasets: QuerySet[Dataset]) -> int:
    """The rows that the site of a commune shows, all datasets together."""
    return sum(dataset.rows_here or 0 for dataset in datasets.select_related("current", "organisation"))


def organisations_with_counts(datasets: QuerySet[Dataset]) -> QuerySet[Organisation]:
    """The organisations of these datasets, those with most datasets first, each with ``count``."""
    return (
        Organisation.objects.filter(datasets__in=datasets.values("pk"))
        .annotate(count=Count("datasets", distinct=True))
        .select_related("territory")
        .order_by("-count", "name")
    )


def drawn(actor: Actor, territory: Territory, figure: str) -> Paving | None:
    """The territory's paving shaded by ``population`` or ``jeux``; kept until the catalogue or the territory changes."""
    figures = _dataset_counts(actor, territory) if figure == "jeux" else _populations(territory)
    stamp = hash((tuple(sorted(figures.items())), territory.kind, territory.code, catalogue_revision()))
    key = f"paving:{territory.pk}:{figure}:{get_language()}:{stamp}:{here('')}"
    known: Any = cache.get(key)
    if known is None:
        known = paving(territory, figures, _say_datasets if figure == "jeux" else _say_inhabitants)
        cache.set(key, known, 24 * 3600)
    return known


def _populations(territory: Territory) -> dict[str, int]:
    rows = communes_of(territory).values_list("code", "population")
    return {code: population for code, population in rows if population is not None}


def _dataset_counts(actor: Actor, territory: Territory) -> dict[str, int]:
    counted = communes_of(territory).filter(dataset__in=datasets_visible_to(actor).values("pk"))
    known = dict(counted.annotate(count=Count("dataset", distinct=True)).values_list("code", "count"))
    return {code: known.get(code, 0) for code in communes_of(territory).values_list("code", flat=True)}


def _say_inhabitants(count: int) -> str:
    return ngettext("%(count)s habitant", "%(count)s habitants", count) % {"count": number(count)}


def _say_datasets(count: int) -> str:
    return ngettext("%(count)s jeu", "%(count)s jeux", count) % {"count": number(count)}
