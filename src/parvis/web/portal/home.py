"""The home page: what each layout may show, computed when it asks."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from parvis.core.metadata import THEMES
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.accounts.selectors import organisations as every_organisation
from parvis.hub.addresses import absolute_path
from parvis.hub.catalogue.selectors import datasets_visible_to, nearest_first
from parvis.hub.catalogue.shared import shared
from parvis.hub.collections.declaration import Collection
from parvis.hub.collections.query import Query
from parvis.hub.home.selectors import datasets_forward, figures_forward, home_of, pages_forward
from parvis.hub.packs.filling import filling
from parvis.hub.pages.figures import Figure, providers
from parvis.hub.registry import Way, collections, feeds, modules, way_of
from parvis.hub.search.selectors import facet_counts
from parvis.hub.sites.lens import current_lens
from parvis.hub.sites.selectors import CommuneSite, face_of, sites_of
from parvis.hub.territories.drawing import Paving, commune_paving, paving
from parvis.hub.territories.selectors import communes_of, parts_of, population_year, reference_revision
from parvis.hub.ui.derived import derived
from parvis.hub.ui.formatting import number
from parvis.hub.ui.trail import Trail
from parvis.web.portal.map_words import MapWords, map_words, words_amid
from parvis.web.portal.trails import of_catalogue, of_population

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation
    from parvis.hub.catalogue.models import Dataset
    from parvis.hub.home.models import SiteHome
    from parvis.hub.pages.models import ThemePage
    from parvis.hub.territories.models import Territory

LATEST, MOST_ORGANISATIONS = 6, 12


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number of the home page and where it comes from."""

    label: str
    trail: Trail


class Front:
    """What the home of a site may show: each part is computed when its layout asks for it, once."""

    def __init__(self, request: HttpRequest, home: SiteHome) -> None:
        self.home, self.face = home, face_of(request)
        self.actor, self.territory = actor_of(request.user), self.face.territory
        self.shown_figure = "jeux" if request.GET.get("carte") == "jeux" else "population"

    @cached_property
    def datasets(self) -> QuerySet[Dataset]:
        """All that the actor may see."""
        return datasets_visible_to(self.actor).prefetch_related(None)

    @property
    def is_of_commune(self) -> bool:
        """Whether its territory has no parts."""
        return self.territory is not None and self.territory.kind == "commune"

    @cached_property
    def paving(self) -> Paving | None:
        """The territory drawn from its parts, a commune amid its neighbours; France for a site that is of none."""
        if self.is_of_commune:
            return amid_its_neighbours(self.territory)
        return drawn(self.actor, self.territory, self.shown_figure)

    @property
    def map_words(self) -> MapWords:
        """What the drawing is called."""
        return (
            words_amid(self.territory, self.paving) if self.is_of_commune else map_words(self.paving, self.shown_figure)
        )

    @cached_property
    def emblem(self) -> Paving | None:
        """The territory as an ornament: a commune amid its neighbours, or a larger one by its communes."""
        return self.paving

    @cached_property
    def figures(self) -> list[KeyFigure]:
        """How much there is."""
        people = (self.territory.pk, self.territory.population) if self.territory else None
        return self._shared("figures", lambda: key_figures(self.datasets, self.territory), people)

    @cached_property
    def followed(self) -> list[Way]:
        """Where modules lead elected representatives and staff."""
        return [way_of(link) for module in modules() for link in module.home_links]

    @cached_property
    def sites(self) -> list[CommuneSite]:
        """The sites of the communes of its territory; none on that of a commune."""
        return sites_of(communes_of(self.territory)) if self.territory and not self.is_of_commune else []

    @cached_property
    def feeds(self) -> list[Way]:
        """What readers of news may follow."""
        return feeds()

    @cached_property
    def subjects(self) -> list[tuple[Collection, Sequence[Any]]]:
        """The first records of the subjects that are on homes."""
        nothing = QueryDict()
        shown = [
            (row, row.prepared(Query.read(row, nothing).matches()[: row.home_size], self.actor))
            for row in collections()
            if row.home_size
        ]
        return [(row, records) for row, records in shown if records]

    @cached_property
    def figure_pages(self) -> list[Way]:
        """Where all the figures are that some of are put forward."""
        return [way_of(one.page) for one in providers() if one.page is not None]

    @cached_property
    def put_forward(self) -> list[Figure]:
        """The figures put forward."""
        return figures_forward(self.actor, self.home, self.territory)

    @cached_property
    def themes(self) -> list[tuple[str, int]]:
        """The themes that have datasets, with how many."""
        counts = self._shared("themes", lambda: facet_counts(self.actor, "theme"))
        return [(theme.slug, counts[theme.slug]) for theme in THEMES if counts.get(theme.slug)]

    @cached_property
    def pages(self) -> list[ThemePage]:
        """The pages put forward."""
        return pages_forward(self.home)

    @cached_property
    def featured(self) -> list[Dataset]:
        """The datasets put forward."""
        chosen = tuple(self.home.chosen("dataset"))
        return self._shared("featured", lambda: datasets_forward(self.actor, self.home), chosen)

    @cached_property
    def latest(self) -> list[Dataset]:
        """The datasets changed last; on the site of a commune, those about it before others."""
        return self._shared("latest", lambda: list(nearest_first(self.datasets, "-data_modified", "title")[:LATEST]))

    @cached_property
    def organisations(self) -> list[Organisation]:
        """Who publishes, those with most datasets first."""
        return self._shared(
            "organisations", lambda: list(organisations_with_counts(self.datasets)[:MOST_ORGANISATIONS])
        )

    def _shared[T](self, part: str, compute: Callable[[], T], *rest: Hashable) -> T:
        """A part of the home that only rests on the catalogue and on ``rest``."""
        return shared(self.actor, ("home", part, *rest), compute, _SIZE)


_SIZE = 30_000
"""About what a part of a home takes: at most a dozen of rows."""


_RELOAD_SECONDS = 3


def home(request: HttpRequest) -> HttpResponse:
    """The home in the layout that the site chose; how far it is, while the portal is being filled."""
    chosen = home_of(request)
    shown = {"front": Front(request, chosen), "home": chosen}
    if stage := filling.stage:
        return render(request, "portal/filling.html", {**shown, "stage": stage, "every": _RELOAD_SECONDS})
    return render(request, f"portal/homes/{chosen.layout}.html", shown)


def key_figures(datasets: QuerySet[Dataset], territory: Territory | None) -> list[KeyFigure]:
    """How many datasets, rows, organisations; the population where it is known."""
    total = datasets.aggregate(
        datasets=Count("pk", distinct=True),
        rows=Sum("current__rows"),
        organisations=Count("organisation", distinct=True),
    )
    rows = _rows_shown(datasets) if current_lens() else total["rows"] or 0
    counted = [
        (
            total["datasets"],
            ngettext("jeu de données", "jeux de données", total["datasets"]),
            absolute_path("/explore/"),
            _("nombre de jeux de données publiés"),
        ),
        (
            rows,
            ngettext("ligne de données", "lignes de données", rows or 0),
            absolute_path("/explore/?tri=taille"),
            _("somme des lignes des jeux de données publiés"),
        ),
        (
            total["organisations"],
            ngettext("organisation", "organisations", total["organisations"]),
            absolute_path("/organisations/"),
            _("nombre d’organisations qui ont publié au moins un jeu"),
        ),
    ]
    figures = [
        KeyFigure(label, of_catalogue(number(value), address, query))
        for value, label, address, query in counted
        if value is not None
    ]
    if territory and territory.population:
        year = population_year()
        label = _("habitants en %(year)s") % {"year": year}
        figures.append(KeyFigure(label, of_population(territory, territory.population, year)))
    return figures


def _rows_shown(datasets: QuerySet[Dataset]) -> int | None:
    """The rows that the site of a commune shows, all datasets together; None while some are not counted yet."""
    shown = [one.rows_here for one in datasets.filter(current__isnull=False).select_related("current", "organisation")]
    return None if None in shown else sum(shown)


def organisations_with_counts(datasets: QuerySet[Dataset]) -> QuerySet[Organisation]:
    """The organisations of these datasets, those with most datasets first, each with ``count``."""
    return (
        every_organisation()
        .filter(datasets__in=datasets.values("pk"))
        .annotate(count=Count("datasets", distinct=True))
        .select_related("territory")
        .prefetch_related("logo__renditions")
        .order_by("-count", "name")
    )


def drawn(actor: Actor, territory: Territory | None, figure: str) -> Paving | None:
    """The territory's paving shaded by ``population`` or ``jeux``; kept until one of its figures or the territory changes."""
    figures = _dataset_counts(actor, territory) if figure == "jeux" else _populations(territory)
    facts = (territory.kind, territory.code, territory.pk) if territory else ()
    stamp = hash((tuple(sorted(figures.items())), facts, reference_revision()))
    key = f"paving:{figure}:{get_language()}:{stamp}:{absolute_path('')}"
    drawing: Any = derived.get(key)
    if drawing is None:
        drawing = paving(territory, figures, _say_datasets if figure == "jeux" else _say_inhabitants)
        derived.set(key, drawing, 24 * 3600)
    return drawing


def amid_its_neighbours(commune: Territory) -> Paving | None:
    """The paving of a commune among those around it; kept a day, since contours change once a year."""
    key = f"paving:amid:{commune.pk}:{absolute_path('')}"
    drawing: Any = derived.get(key)
    if drawing is None:
        drawing = commune_paving(commune)
        derived.set(key, drawing, 24 * 3600)
    return drawing


def _populations(territory: Territory | None) -> dict[str, int]:
    rows = parts_of(territory).values_list("code", "population")
    return {code: population for code, population in rows if population is not None}


def _dataset_counts(actor: Actor, territory: Territory | None) -> dict[str, int]:
    counted = parts_of(territory).filter(dataset__in=datasets_visible_to(actor).values("pk"))
    count_by_code = dict(counted.annotate(count=Count("dataset", distinct=True)).values_list("code", "count"))
    return {code: count_by_code.get(code, 0) for code in parts_of(territory).values_list("code", flat=True)}


def _say_inhabitants(count: int) -> str:
    return ngettext("%(count)s habitant", "%(count)s habitants", count) % {"count": number(count)}


def _say_datasets(count: int) -> str:
    return ngettext("%(count)s jeu", "%(count)s jeux", count) % {"count": number(count)}
