"""What is said of a dataset, one row a metadata: the templates of the Explore API (specification, section 10.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from parvis.core.columns import ColumnType, TableShape
from parvis.core.inspire.block import in_scope
from parvis.core.inspire.elsewhere import as_template, from_template
from parvis.core.metadata import FREQUENCY_BY_SLUG, THEME_BY_SLUG, Term
from parvis.core.translation import supported, translate
from parvis.core.versions.facts import VersionFacts
from parvis.hub.addresses import own_page
from parvis.hub.catalogue.languages import in_languages
from parvis.hub.catalogue.rules import Access

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

_T = ColumnType


@dataclass(frozen=True, slots=True)
class DatasetMetas:
    """A dataset with the version shown, in the language of the answer."""

    dataset: Dataset
    shape: TableShape
    facts: VersionFacts
    lang: str = "fr"

    def said(self, template: str, name: str) -> Any:
        """What the sidecar said in its own words, None when it did not."""
        return self.dataset.as_told.get(template, {}).get(name)

    def word(self, term: Term) -> str:
        """A term of a closed list, in the language of the answer (French where we have no other)."""
        return translate(term.label, self.lang)


type Getter = Callable[[DatasetMetas], Any]


@dataclass(frozen=True, slots=True)
class Meta:
    """One metadata: template, name, type, French label, how it is read; ``many`` when it is a list of texts."""

    template: str
    name: str
    type: ColumnType
    label: str
    get: Getter
    many: bool = False

    @property
    def qualified(self) -> str:
        """Its name with its template: ``dcat.creator``."""
        return f"{self.template}.{self.name}"

    @property
    def column_name(self) -> str:
        """The name it is asked by: bare for basic metadata, qualified for the others."""
        return self.name if self.template == "default" else self.qualified


def metas_of(metas: DatasetMetas, *, with_app_metas: bool = False) -> dict[str, dict[str, Any]]:
    """The ``metas`` of a dataset object: every name of every template, None when nothing is known."""
    templates = ("dcat", "default", "custom", *(APP_TEMPLATES if with_app_metas else ()))
    by_template: dict[str, dict[str, Any]] = {template: {} for template in templates}
    for meta in METAS:
        if meta.template in by_template:
            by_template[meta.template][meta.name] = meta.get(metas)
    by_template["custom"] = dict(metas.dataset.custom)
    return by_template | other_templates(metas)


def other_templates(metas: DatasetMetas) -> dict[str, dict[str, Any]]:
    """Templates that few datasets have, those that the portal it came from gave, as they came: ``inspire`` is made of the card besides,
    and what came holds as long as nobody described the dataset for INSPIRE here."""
    dataset = metas.dataset
    others = {name: dict(values) for name, values in dataset.as_told.items() if name not in TEMPLATES}
    came = others.get("inspire", {})
    if in_scope(dataset.inspire) and dataset.inspire != from_template(came):
        others["inspire"] = came | as_template(dataset.inspire, metas.lang, identifier=dataset.permanent_id)
    return others


def iso(value: date | datetime | None) -> str | None:
    """ISO 8601 text of a date or an instant."""
    return value.isoformat() if value else None


def _nothing(metas: DatasetMetas) -> None:
    return None


def _attribute(name: str) -> Getter:
    return lambda told: getattr(told.dataset, name) or None


def _moment(name: str) -> Getter:
    return lambda told: iso(getattr(told.dataset, name))


def _themes(metas: DatasetMetas) -> list[str] | None:
    themes = THEME_BY_SLUG
    return [metas.word(themes[slug]) if slug in themes else slug for slug in metas.dataset.themes] or None


def _said(template: str, name: str, otherwise: Getter = _nothing) -> Getter:
    return lambda told: told.said(template, name) or otherwise(told)


def _switch(name: str) -> Getter:
    return lambda told: told.said("default", name) is not False


def _metadata_languages(metas: DatasetMetas) -> list[str]:
    first = metas.said("default", "metadata_languages") or [metas.dataset.language]
    return list(dict.fromkeys((*first, *metas.dataset.translations)))


def _attributions(metas: DatasetMetas) -> list[str] | None:
    source, attributions = metas.dataset.source, metas.said("default", "attributions")
    # The words of the sidecar hold as long as nobody has written another source.
    if attributions and " ; ".join(attributions)[:300] == source:
        return list(attributions)
    return [source] if source else None


def _licence(metas: DatasetMetas) -> str:
    licence_name = metas.said("default", "license")
    if licence_name and metas.said("default", "license_slug") == metas.dataset.licence:
        return str(licence_name)
    licence = metas.dataset.licence_shown
    return licence.name if licence else metas.dataset.licence


def _licence_url(metas: DatasetMetas) -> str | None:
    url = str(metas.said("default", "license_url") or "")
    if url.startswith(("https://", "http://")) and metas.said("default", "license_slug") == metas.dataset.licence:
        return url
    licence = metas.dataset.licence_shown
    return licence.url or None if licence else None


def modified_of(dataset: Dataset) -> datetime | None:
    """The latest change of the card or of the data; the date that came with them as long as neither has changed since."""
    modified = dataset.as_told.get("default", {}).get("modified")
    if modified:
        return datetime.fromisoformat(modified)
    return max(filter(None, (dataset.modified, dataset.data_modified)), default=None)


def _frequency_said(metas: DatasetMetas, template: str, name: str) -> str | None:
    """The words of the sidecar, as long as nobody has chosen another frequency."""
    holds = metas.said("default", "frequency_slug") == metas.dataset.frequency
    return metas.said(template, name) if holds else None


def _frequency(metas: DatasetMetas) -> str | None:
    if words := _frequency_said(metas, "default", "update_frequency"):
        return words
    frequency = FREQUENCY_BY_SLUG.get(metas.dataset.frequency)
    return metas.word(frequency) if frequency else None


def _frequency_uri(metas: DatasetMetas) -> str | None:
    if uri := _frequency_said(metas, "dcat", "accrualperiodicity"):
        return uri
    frequency = FREQUENCY_BY_SLUG.get(metas.dataset.frequency)
    return frequency.uri if frequency else None


def _territories(metas: DatasetMetas) -> list[str] | None:
    names = [territory.name for territory in metas.dataset.places]
    return names or metas.said("default", "territory")


def _inspire(metas: DatasetMetas) -> dict[str, Any] | None:
    """The block as catalogues tell it, its limits those of the access of the dataset where it says none."""
    dataset = metas.dataset
    block = in_scope(dataset.inspire)
    return {**block, "limits": dataset.inspire_limits} if block else None


def _closure(metas: DatasetMetas) -> list[str] | None:
    return [row.slug for row in metas.dataset.closures] or None


def _spatial(metas: DatasetMetas) -> str | None:
    return metas.said("dcat", "spatial") or ", ".join(_territories(metas) or ()) or None


def _publisher_type(metas: DatasetMetas) -> str:
    if words := metas.said("dcat", "publisher_type"):
        return str(words)
    # The language of the answer, not that of who asks: caches hold one answer for all.
    with override(supported(metas.lang)):
        return str(metas.dataset.organisation.get_kind_display())


_GEOJSON_TYPES = {
    name.upper(): name
    for name in (
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
        "GeometryCollection",
    )
}


def metas_of_facts(facts: VersionFacts) -> dict[str, Any]:
    """The basic metadata that are measured on the rows."""
    return {
        "records_count": facts.rows,
        "bbox": _bbox(facts),
        "geometry_types": [_GEOJSON_TYPES.get(name, name) for name in facts.geometry_types] or None,
    }


def _measured(name: str) -> Getter:
    return lambda told: metas_of_facts(told.facts)[name]


def _bbox(facts: VersionFacts) -> dict[str, Any] | None:
    if facts.bbox is None:
        return None
    west, south, east, north = facts.bbox
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "geometry": {"coordinates": [ring], "type": "Polygon"}, "properties": {}}


def _default(name: str, kind: ColumnType, label: str, get: Getter = _nothing, *, many: bool = False) -> Meta:
    return Meta("default", name, kind, label, get, many)


def _dcat(name: str, kind: ColumnType, label: str, get: Getter = _nothing) -> Meta:
    return Meta("dcat", name, kind, label, get)


METAS = (
    _default("title", _T.TEXT, "Titre", _attribute("title")),
    _default("description", _T.TEXT, "Description", _attribute("description")),
    _default("theme", _T.TEXT, "Thème", _themes, many=True),
    _default("keyword", _T.TEXT, "Mots-clés", lambda told: list(told.dataset.keywords) or None, many=True),
    _default("license", _T.TEXT, "Licence", _licence),
    _default("license_url", _T.TEXT, "Adresse de la licence", _licence_url),
    _default("language", _T.TEXT, "Langue", _attribute("language")),
    _default(
        "metadata_languages",
        _T.TEXT,
        "Langues des métadonnées",
        _metadata_languages,
        many=True,
    ),
    _default("timezone", _T.TEXT, "Fuseau horaire", _said("default", "timezone")),
    _default("modified", _T.DATETIME, "Modifié", lambda told: iso(modified_of(told.dataset))),
    _default(
        "modified_updates_on_metadata_change",
        _T.BOOLEAN,
        "Date modifiée avec les métadonnées",
        _switch("modified_updates_on_metadata_change"),
    ),
    _default(
        "modified_updates_on_data_change",
        _T.BOOLEAN,
        "Date modifiée avec les données",
        _switch("modified_updates_on_data_change"),
    ),
    _default(
        "data_processed",
        _T.DATETIME,
        "Données traitées",
        lambda told: iso(told.dataset.data_modified or told.dataset.current.created),
    ),
    _default("metadata_processed", _T.DATETIME, "Métadonnées traitées", _moment("modified")),
    _default(
        "geographic_reference",
        _T.TEXT,
        "Référence géographique",
        _said("default", "geographic_reference"),
        many=True,
    ),
    _default("geographic_reference_auto", _T.BOOLEAN, "Référence géographique automatique", lambda told: False),
    _default("territory", _T.TEXT, "Territoire", _territories, many=True),
    _default(
        "geometry_types",
        _T.TEXT,
        "Types de géométrie",
        _measured("geometry_types"),
        many=True,
    ),
    _default("bbox", _T.JSON, "Emprise", _measured("bbox")),
    _default("publisher", _T.TEXT, "Producteur", lambda told: told.dataset.organisation.name),
    _default("references", _T.TEXT, "Références", _attribute("source_url")),
    _default("records_count", _T.INT, "Nombre d’enregistrements", _measured("records_count")),
    _default("attributions", _T.TEXT, "Attributions", _attributions, many=True),
    _default("source_domain", _T.TEXT, "Portail source", _said("default", "source_domain")),
    _default("source_domain_title", _T.TEXT, "Titre du portail source", _said("default", "source_domain_title")),
    _default("source_domain_address", _T.TEXT, "Adresse du portail source", _said("default", "source_domain_address")),
    _default("source_dataset", _T.TEXT, "Jeu source", _said("default", "source_dataset")),
    _default("shared_catalog", _T.TEXT, "Catalogue partagé", _said("default", "shared_catalog")),
    _default("federated", _T.BOOLEAN, "Fédéré", lambda told: told.dataset.current.is_federated),
    _default("parent_domain", _T.TEXT, "Portail parent", _said("default", "parent_domain")),
    _default("update_frequency", _T.TEXT, "Fréquence de mise à jour", _frequency),
    _dcat("created", _T.DATETIME, "Créé", _said("dcat", "created", _moment("created"))),
    _dcat("issued", _T.DATETIME, "Publié", _said("dcat", "issued", _moment("issued"))),
    _dcat("creator", _T.TEXT, "Auteur", _said("dcat", "creator", lambda told: told.dataset.organisation.name)),
    _dcat("contributor", _T.TEXT, "Contributeur", _said("dcat", "contributor")),
    _dcat("contact_name", _T.TEXT, "Contact", _attribute("contact_name")),
    _dcat("contact_email", _T.TEXT, "Adresse du contact", _attribute("contact_email")),
    _dcat("accrualperiodicity", _T.TEXT, "Fréquence (vocabulaire européen)", _frequency_uri),
    _dcat("spatial", _T.TEXT, "Couverture spatiale", _spatial),
    _dcat("temporal", _T.TEXT, "Couverture temporelle", _said("dcat", "temporal")),
    _dcat("granularity", _T.TEXT, "Granularité", _said("dcat", "granularity")),
    _dcat("dataquality", _T.TEXT, "Qualité des données", _said("dcat", "dataquality")),
    _dcat("publisher_type", _T.TEXT, "Nature du producteur", _publisher_type),
    _dcat("conforms_to", _T.TEXT, "Conforme à", _said("dcat", "conforms_to")),
    _dcat("temporal_coverage_start", _T.DATE, "Début de la période", _moment("temporal_start")),
    _dcat("temporal_coverage_end", _T.DATE, "Fin de la période", _moment("temporal_end")),
    _dcat(
        "accessRights",
        _T.TEXT,
        "Droits d’accès",
        lambda told: "PUBLIC" if told.dataset.access == Access.PUBLIC else "RESTRICTED",
    ),
    _dcat("relation", _T.TEXT, "Jeux liés", _said("dcat", "relation")),
    Meta("explore", "geographic_reference_path", _T.TEXT, "Chemin géographique", _nothing, many=True),
    Meta("explore", "geographic_reference_path_labels", _T.TEXT, "Chemin géographique en mots", _nothing, many=True),
    Meta("explore", "download_count", _T.INT, "Téléchargements", _nothing),
    Meta("explore", "api_call_count", _T.INT, "Appels d’API", _nothing),
    Meta("explore", "popularity_score", _T.DOUBLE, "Popularité", _nothing),
    Meta("parvis", "identifier", _T.TEXT, "Identifiant permanent", lambda told: told.dataset.permanent_id),
    Meta("parvis", "page", _T.TEXT, "Page", lambda told: own_page(told.dataset.permanent_id) or None),
    Meta("parvis", "hvd", _T.TEXT, "Forte valeur", lambda told: list(told.dataset.hvd) or None, many=True),
    Meta("parvis", "inspire", _T.JSON, "INSPIRE", _inspire),
    Meta("parvis", "closure", _T.TEXT, "Motif de l’accès réservé", _closure, many=True),
    Meta("parvis", "closure_note", _T.TEXT, "Précisions sur l’accès", lambda told: told.dataset.closure_words or None),
    Meta("parvis", "translations", _T.JSON, "Traductions", lambda told: in_languages(told.dataset)),
    Meta("parvis", "version", _T.TEXT, "Version courante", lambda told: told.dataset.current.name),
    Meta("parvis", "organisation", _T.TEXT, "Organisation", lambda told: told.dataset.organisation.slug),
    Meta(
        "parvis", "organisation_kind", _T.TEXT, "Nature de l’organisation", lambda told: told.dataset.organisation.kind
    ),
)
"""Every metadata, in the order of live answers; ``custom`` is what a portal adds, so it has no rows here."""

TEMPLATES = {
    "default": ("basic", "Métadonnées de base"),
    "dcat": ("interop", "DCAT"),
    "custom": ("custom", "Métadonnées du portail"),
    "explore": ("application", "Usage"),
    "parvis": ("application", "Parvis"),
}
"""Template → its type and its French title."""

APP_TEMPLATES = ("explore", "parvis")
"""Templates shown only when ``include_app_metas`` asks for them."""
