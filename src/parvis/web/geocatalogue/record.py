"""A dataset as a record of a geographic catalogue: the facts that all forms of it tell, taken from its object of the Explore API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from parvis.core.closures import CLOSURE_BY_SLUG, Closure, inspire_limits
from parvis.core.identifiers import collection_of
from parvis.core.inspire.vocabulary import NO_LIMIT
from parvis.core.metadata import FREQUENCY_BY_SLUG, THEME_BY_SLUG, Term, frequency_slug, theme_slug
from parvis.core.sources.origins import origin_page
from parvis.core.translation import gettext_noop, translate
from parvis.hub.addresses import page_elsewhere
from parvis.hub.ui.formatting import plain_text
from parvis.web.api.explore.dcat import CatalogueCard
from parvis.web.api.explore.dcat_access import export_address, listed_exports, media_type
from parvis.web.geocatalogue.matching import DATASET, NO_PLACE
from parvis.web.geocatalogue.predicates import Box

FILES: Final = ("csv", "xlsx", "json", "parquet", "geojson", "gpkg", "shp")
"""The files that records list: one format of each use, where the graph of DCAT has all of them."""

_PAGE = gettext_noop("Fiche du jeu de données")
_EXPLORE = gettext_noop("API Explore : enregistrements, facettes, exports")
_FEATURES = gettext_noop("OGC API – Features : les objets pour QGIS et les SIG")


@dataclass(frozen=True, slots=True)
class Link:
    """A way to the data or to what is told of it; ``kind`` is ``page``, ``file``, ``document``, ``explore`` or ``features``, and of a
    service ``service``, ``description`` or ``documentation``. ``protocol`` is how catalogues call it, where its kind does not tell."""

    kind: str
    address: str
    name: str
    title: str
    media_type: str = ""
    protocol: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One record, read from the object of a dataset; ``origin`` begins the addresses of the portal."""

    row: dict[str, Any]
    card: CatalogueCard
    lang: str = "fr"

    def _default(self, name: str) -> Any:
        return self.row["metas"]["default"].get(name)

    def _dcat(self, name: str) -> Any:
        return self.row["metas"]["dcat"].get(name)

    @property
    def identifier(self) -> str:
        """What names it in this catalogue, for ever."""
        return str(self.row["dataset_id"])

    @property
    def title(self) -> str:
        """Its title."""
        return str(self._default("title") or self.identifier)

    @property
    def abstract(self) -> str:
        """Its description without tags; the title when there is none, since the standards want one."""
        return plain_text(self._default("description") or "") or self.title

    @property
    def page(self) -> str:
        """Its page for people."""
        return f"{self.card.origin}/explore/dataset/{quote(self.identifier)}/"

    @property
    def external_id(self) -> str:
        """The address by which others know it."""
        return self.page

    @property
    def level(self) -> str:
        """``dataset`` or ``series``, or ``nonGeographicDataset``."""
        return self.inspire.get("type") or (DATASET if self.inspire or self._default("bbox") else NO_PLACE)

    @property
    def inspire(self) -> dict[str, Any]:
        """What INSPIRE wants said of it; nothing of what is out of its scope."""
        return self.row["metas"]["parvis"].get("inspire") or {}

    @property
    def limits(self) -> list[str]:
        """Its limitations on public access, by INSPIRE's letters."""
        if self.inspire:
            return list(self.inspire["limits"])
        return [NO_LIMIT] if self.is_open else inspire_limits(closure.slug for closure in self.closures)

    @property
    def closures(self) -> list[Closure]:
        """Why it is not open to all."""
        return [CLOSURE_BY_SLUG[slug] for slug in self.row["metas"]["parvis"].get("closure") or ()]

    @property
    def closure_note(self) -> str:
        """The same in free words."""
        return str(self.row["metas"]["parvis"].get("closure_note") or "")

    @property
    def has_features(self) -> bool:
        """Whether its objects may be asked one by one as geographic ones."""
        return bool(self.row["data_visible"]) and "geo" in self.row["features"]

    @property
    def is_open(self) -> bool:
        """Whether anybody may read its rows."""
        return self._dcat("accessRights") == "PUBLIC"

    @property
    def keywords(self) -> list[str]:
        """Its free keywords."""
        return list(self._default("keyword") or ())

    @property
    def themes(self) -> list[str]:
        """The words of its themes, as shown."""
        return list(self._default("theme") or ())

    @property
    def theme_terms(self) -> list[Term]:
        """Those of its themes that the European vocabulary has."""
        slugs = (theme_slug(word) for word in self.themes)
        return [THEME_BY_SLUG[slug] for slug in slugs if slug in THEME_BY_SLUG]

    @property
    def frequency(self) -> str:
        """The slug of how often it changes; empty when it is not told in known words."""
        slug = frequency_slug(self._dcat("accrualperiodicity") or "")
        return slug if slug in FREQUENCY_BY_SLUG else ""

    @property
    def publisher(self) -> str:
        """Who publishes it."""
        return str(self._default("publisher") or "")

    @property
    def publisher_page(self) -> str:
        """The page of who publishes it."""
        return f"{self.card.origin}/organisations/{quote(str(self.row['metas']['parvis']['organisation']))}/"

    @property
    def contact_name(self) -> str:
        """Whom to ask."""
        return str(self._dcat("contact_name") or "")

    @property
    def contact_email(self) -> str:
        """Where to write, that of the portal by default."""
        return str(self._dcat("contact_email") or self.card.contact_email or "")

    @property
    def language(self) -> str:
        """The language of its data, two letters."""
        return str(self._default("language") or "fr")[:2]

    @property
    def other_languages(self) -> dict[str, dict[str, Any]]:
        """Title, description and keywords in the languages that its card was translated into, by code of two or three letters."""
        words = self.row["metas"]["parvis"].get("translations") or {}
        return {code: texts for code, texts in words.items() if code != self.language}

    @property
    def own_words(self) -> dict[str, Any]:
        """The same in the language of the card, whatever that of the answer."""
        words = self.row["metas"]["parvis"].get("translations") or {}
        return words.get(self.language) or {}

    @property
    def licence(self) -> str:
        """The name of its licence."""
        return str(self._default("license") or "")

    @property
    def licence_address(self) -> str:
        """The address of its licence; empty without one."""
        return str(self._default("license_url") or "")

    @property
    def modified(self) -> str:
        """When it changed last (ISO 8601)."""
        return str(self._default("modified") or self.issued or "")

    @property
    def issued(self) -> str:
        """When it was first published."""
        return str(self._dcat("issued") or "")

    @property
    def created(self) -> str:
        """When it was made."""
        return str(self._dcat("created") or "")

    @property
    def period(self) -> tuple[str, str]:
        """The first and the last day that it speaks of; empty where it is not told."""
        return str(self._dcat("temporal_coverage_start") or ""), str(self._dcat("temporal_coverage_end") or "")

    @property
    def box(self) -> Box | None:
        """West, south, east, north."""
        box = self._default("bbox")
        if box is None:
            return None
        ring = box["geometry"]["coordinates"][0]
        return ring[0][0], ring[0][1], ring[2][0], ring[2][1]

    @property
    def places(self) -> str:
        """Its territory in words."""
        return str(self._dcat("spatial") or "")

    @property
    def source(self) -> str:
        """Where it comes from, as an address; empty when it says nothing."""
        return str(self._default("references") or "")

    @property
    def origin(self) -> str:
        """Its page where it was first taken from; of one that began here, for ever under the name of the portal, when that is another."""
        metas = self.row["metas"]
        elsewhere = page_elsewhere(self.card.origin, self.identifier, metas["parvis"].get("identifier", ""))
        return origin_page(metas["default"]) or elsewhere

    @property
    def attributions(self) -> list[str]:
        """Whom to name."""
        return list(self._default("attributions") or ())

    @property
    def conforms_to(self) -> str:
        """The address of what it conforms to; empty when it says nothing."""
        return str(self._dcat("conforms_to") or "")

    def links(self) -> Iterator[Link]:
        """Its page, then its files, its documents, its services: nothing of rows that the reader may not read."""
        yield Link("page", f"{self.page}information/", self.title, translate(_PAGE, self.lang), "text/html")
        if not self.row["data_visible"]:
            return
        for export in listed_exports(self.card, self.row):
            if export.name in FILES:
                address = export_address(self.card, self.identifier, export)
                media = media_type(export, as_sent=True)
                yield Link("file", address, f"{self.identifier}.{export.name}", export.label, media)
        for attachment in self.row["attachments"]:
            yield Link("document", attachment["url"], attachment["id"], attachment["title"], attachment["mimetype"])
        api = f"{self.card.origin}/api/explore/v2.1/catalog/datasets/{quote(self.identifier)}"
        yield Link("explore", api, self.identifier, translate(_EXPLORE, self.lang), "application/json")
        if self.has_features:
            features = f"{self.card.origin}/ogc/collections/{quote(collection_of(self.identifier))}"
            yield Link("features", features, self.identifier, translate(_FEATURES, self.lang), "application/json")
