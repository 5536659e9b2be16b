"""Every address of the portal, filled so that it leads to one dataset, and all that may be asked there; used by the tests of rights."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import URLResolver
from django.utils import timezone

from parvis.core.atlas.description import MapDescription, MapLayer
from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version as make_folder
from parvis.core.explore import EXPORT_FORMATS
from parvis.core.indicators.definition import Definition
from parvis.core.odata.edm import set_name
from parvis.domains.indicators.services import compute_indicator, create_indicator, set_status
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.atlas.models import Map
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Attachment, Dataset, Version
from parvis.hub.charts.models import Chart
from parvis.hub.dataservices.factories import make_service
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.drawings.services import create
from parvis.hub.pages.factories import block, make_theme_page
from parvis.hub.records.rules import Status as IndicatorStatus
from parvis.hub.records.services import publish
from parvis.hub.store import record_thumbnails_name, store, thumbnails_name
from parvis.hub.thumbnails.models import Thumbnail
from parvis.hub.thumbnails.rules import Drawn, file_of

TITLE = "Registre des secrets de Polichinelle"
LISTS = (
    "/",
    "/explore/",
    "/explore/?q=polichinelle",
    "/recherche/?q=polichinelle",
    "/recherche/suggestions?q=polichinelle",
    "/feed.xml",
    "/sitemap.xml",
    "/organisations/",
    "/organisations/mairie-secrete/",
    "/organisations/mairie-secrete/feed.xml",
    "/api/explore/v2.1/catalog/datasets",
    "/api/explore/v2.1/catalog/facets",
    "/api/explore/v2.1/catalog/exports/csv",
    "/api/explore/v2.1/catalog/exports/json",
    "/csw?service=CSW&version=2.0.2&request=GetRecords&resultType=results&elementSetName=full&maxRecords=100",
    "/csw?service=CSW&version=2.0.2&request=GetDomain&propertyName=title",
    "/odata/",
    "/odata/datasets",
    "/services/",
    "/services/flux.atom",
    "/api/parvis/v1/services",
    "/ogc/collections/catalogue/items?limit=100",
)


def addresses_of_datasets(patterns, prefix: str = "") -> list[str]:
    """Every address template of the house that names a dataset."""
    templates = []
    for entry in patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            templates += addresses_of_datasets(entry.url_patterns, here)
        elif isinstance(entry, URLPattern) and "dataset_id" in here:
            templates.append(here)
    return templates


def filled(template: str, dataset: Dataset) -> str:
    values = {
        "dataset_id": dataset.dataset_id,
        "version": dataset.current.name,
        "format": "json",
        "name": "rejects",
        "slug": "notice",
        "tab": "table",
        "entity_set": set_name(dataset.dataset_id),
        "entity_key": "1",
    }
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<str:\1>", _escaped(template))
    plain = plain.replace("^", "").replace("$", "").replace("\\Z", "").replace("/?", "/")
    return "/" + _plain(re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found.group(1), "0"), plain))


def make_holder() -> Organisation:
    """Who publishes what is hidden."""
    return make_organisation("Mairie secrète", slug="mairie-secrete")


def make_secret(holder: Organisation | None = None, suffix: str = "") -> Dataset:
    """A published dataset with a version, whose title nothing else on the portal has."""
    secret = Secret(suffix)
    dataset = make_dataset(holder or make_holder(), title=secret.title, dataset_id=secret.dataset_id)
    columns = [Column("nom", "Nom", ColumnType.TEXT), Column("lieu", "Lieu", ColumnType.GEO_POINT)]
    folder = versions_folder(dataset.uid) / dataset.current.name
    source = make_folder(folder, columns, [("Puits", "POINT(2.4 48.6)")])
    original = folder / source.manifest.original.file
    original.parent.mkdir()
    original.write_text("nom,lieu\n")
    Version.objects.filter(pk=dataset.current.pk).update(has_geometry=True)
    return dataset


def doors_of(dataset: Dataset) -> list[str]:
    return sorted(
        {filled(template, dataset) for template in addresses_of_datasets(get_resolver().url_patterns)} | _api(dataset)
    )


def _api(dataset: Dataset) -> set[str]:
    """The API routes below one address of its own."""
    base = f"/api/explore/v2.1/catalog/datasets/{dataset.dataset_id}"
    below = ("", "/records", "/facets", "/exports", "/attachments", *(f"/exports/{row.name}" for row in EXPORT_FORMATS))
    return {base + end for end in below}


VALUE, WORD, ROWS, DOCUMENT = "Puits aux souhaits", "motcache", 48_151_623, "Notice réservée"
DRAWING, TABLE, CHART = "dessin", "b1", "b2"
"""The address of all that is made of the dataset, and those of two blocks."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What a dataset has that nothing else on the portal has: a title, a value (also of a facet), a keyword, a count, a document.

    Several at once are told apart by a figure, which all their words end with.
    """

    suffix: str = ""

    def _of_its_own(self, text: str, between: str = " ") -> str:
        return f"{text}{between}{self.suffix}" if self.suffix else text

    @property
    def dataset_id(self) -> str:
        """The identifier of the dataset."""
        return self._of_its_own("polichinelle", "-")

    @property
    def drawing(self) -> str:
        """The address of all that is made of it."""
        return self._of_its_own(DRAWING, "-")

    @property
    def title(self) -> str:
        """Its title."""
        return self._of_its_own(TITLE)

    @property
    def value(self) -> str:
        """What is written in its row."""
        return self._of_its_own(VALUE)

    @property
    def word(self) -> str:
        """Its keyword."""
        return self._of_its_own(WORD, "")

    @property
    def rows(self) -> int:
        """How many rows its version says it has."""
        return ROWS + int(self.suffix or 0)

    @property
    def document(self) -> str:
        """The title of its document."""
        return self._of_its_own(DOCUMENT)

    @property
    def bars(self) -> ChartDescription:
        """A chart made of it."""
        series = SeriesSource(self.dataset_id, grouping="nom")
        return ChartDescription("bars", (series,), title=self._of_its_own("Dessin"))

    @property
    def places(self) -> MapDescription:
        """A map made of it."""
        layer = MapLayer(self.dataset_id, label="Lieux", popup="{nom}")
        return MapDescription((layer,), title=self._of_its_own("Dessin"))

    @property
    def told(self) -> tuple[str, ...]:
        """Its words, each as it may be read in an answer."""
        counts = (f"{self.rows:,}".replace(",", space) for space in ("", "\u202f", "\xa0"))
        return (self.title, self.value, self.word, self.document, *counts)


TOLD = Secret().told


def secret_of(dataset_id: str) -> Secret:
    """What the dataset of ``make_secret`` that has this identifier has of its own."""
    return Secret(dataset_id.partition("-")[2])


_CSW = "?service=CSW&version=2.0.2&request="
QUESTIONS = {
    "records": ("", "?group_by=nom&select=count(*)", "?where=nom like 'puits'&include_links=true"),
    "facets": ("", "?facet=nom"),
    "items": ("", "?limit=1"),
    "polichinelle": ("", "?$filter=contains(nom,'Puits')&$count=true"),
    "analyze": ("", "?type=bars&groupe=nom"),
    "csw": (
        _CSW + "GetRecords&resultType=results&elementSetName=full&maxRecords=100",
        _CSW + "GetRecords&resultType=results&elementSetName=full&outputSchema=http://www.isotc211.org/2005/gmd",
        _CSW + "GetRecordById&id=polichinelle&elementSetName=full&outputSchema=http://www.w3.org/ns/dcat%23",
        _CSW + "GetDomain&propertyName=AnyText",
    ),
    "sql": ("?sql=SELECT * FROM polichinelle&query=SELECT * FROM polichinelle&q=SELECT * FROM polichinelle",),
}
"""By the last word of an address, what it is asked."""

LEGACY = (
    "dataset=polichinelle",
    "dataset=polichinelle&facet=nom&x=nom&y.a.func=COUNT&precision=5",
    "dataset=polichinelle&clusterprecision=5&shapeprecision=0&clusterdistance=50",
    "q=polichinelle",
)
_DRAWINGS = re.compile("graphiques|cartes|indicateurs|pages|services|charts|maps|indicators")
SKIPPED = re.compile(r"^/(?:admin|compte|documents|i18n|static|media|preferences|favicon\.svg|theme\.css)")
PICTURE = re.compile(r"\.(?:png|pdf)\b")
"""Slow to draw, and no word can be read in them: the same views answer with SVG and pages."""
KEYED = re.compile(r"^/(?:api/explore/v2\.1|api/records|api/parvis|ogc|csw|tiles|mcp)")
KEYED = re.compile(r"^/(?:api/explore/v2\.1|api/records|api/parvis|ogc|odata|tiles|mcp)")
"""Where a key is read (former addresses of the API read it by the same function): elsewhere its bearer is anybody."""


def make_guarded(dataset: Dataset) -> Iterator[Dataset]:
    """The same dataset with a facet, a keyword, a count and a document of its own."""
    secret = secret_of(dataset.dataset_id)
    dataset.keywords = [secret.word]
    dataset.save()
    columns = [
        Column("nom", "Nom", ColumnType.TEXT, annotations={"facet": True}),
        Column("lieu", "Lieu", ColumnType.GEO_POINT),
    ]
    version = dataset.versions.create(
        name=dataset.current.name + "-2",
        rows=secret.rows,
        columns=2,
        bytes=1,
        original="a.csv",
        format="csv",
        has_geometry=True,
        published=timezone.now(),
    )
    folder = versions_folder(dataset.uid) / version.name
    original = folder / make_folder(folder, columns, [(secret.value, "POINT(2.4 48.6)")]).manifest.original.file
    original.parent.mkdir()
    original.write_text(f"nom,lieu\n{secret.value},\n")
    dataset.current = version
    dataset.save()
    attachment = Attachment(dataset=dataset, slug="notice", title=secret.document, mimetype="text/plain", bytes=9)
    attachment.file.save("notice.txt", ContentFile(f"contient {secret.word}".encode()))
    yield dataset
    attachment.file.delete(save=False)


def make_drawn(guarded: Dataset) -> Dataset:
    """The same with all that may be made of it: a chart, a map, an indicator, a page of blocks, open to whom the data is open."""
    secret, dataset = secret_of(guarded.dataset_id), guarded.dataset_id
    chart = publish(OPERATOR, create(OPERATOR, Chart, guarded.organisation, secret.bars))
    small = Drawn("svg", dict.fromkeys(("light", "dark"), f"<svg>{secret.word}</svg>".encode()))
    Version.objects.filter(pk=guarded.current_id).update(thumbnail=small.name)
    for folder in (thumbnails_name(guarded.uid, guarded.current.name), record_thumbnails_name("chart", chart.pk)):
        for theme, body in small.bodies.items():
            store().put(f"{folder}/{file_of(small.name, theme)}", body)
    Thumbnail.objects.create(kind="chart", object_id=chart.pk, name=small.name, datasets=[dataset])
    publish(OPERATOR, create(OPERATOR, Map, guarded.organisation, secret.places))
    make_service(guarded.organisation, "Dessin", slug=secret.drawing, datasets=[guarded.permanent_id])
    parts = {"lieux": {"dataset": dataset, "select": "count(*)", "territory": "nom"}}
    definition = {
        "slug": secret.drawing,
        "title": "Dessin",
        "question": "Combien ?",
        "method": "On compte.",
        "parts": parts,
    }
    indicator = create_indicator(OPERATOR, guarded.organisation, Definition.from_dict(definition))
    compute_indicator(OPERATOR, set_status(OPERATOR, indicator, IndicatorStatus.PUBLISHED))
    make_theme_page(
        block("table", {"dataset": dataset}, TABLE),
        block("chart", {"dataset": dataset, "mark": "bars", "grouping": "nom"}, CHART),
        block("map", {"dataset": dataset}),
        block("comparison", {"dataset": dataset, "grouping": "nom"}),
        block("figure", {"dataset": dataset, "label": "Lieux"}),
        block("datasets", {"datasets": [dataset]}),
        block("filters", {"filters": [{"label": "Nom", "dataset": dataset, "column": "nom"}]}),
        slug=secret.drawing,
        title="Dessin",
    )
    return guarded


def every_address(patterns, prefix: str = "") -> list[str]:
    """Every address template of the house."""
    templates = []
    for entry in patterns:
        here = prefix + str(entry.pattern)
        templates += every_address(entry.url_patterns, here) if isinstance(entry, URLResolver) else [here]
    return templates


def filling_of(dataset: Dataset, reader: Client) -> dict[str, str]:
    """What stands in the addresses: the names of things of the dataset, its first row as ``reader``, who may read it, knows it."""
    first = f"/api/explore/v2.1/catalog/datasets/{dataset.dataset_id}/records?limit=1&include_app_metas=true"
    drawing = secret_of(dataset.dataset_id).drawing
    small = next((row for row in Thumbnail.objects.filter(kind="chart") if dataset.dataset_id in row.datasets), None)
    value = re.search(r"/valeurs/(\d+)/", reader.get(f"/indicateurs/{drawing}/").content.decode())
    features = json.loads(body_of(reader.get(f"/ogc/collections/{dataset.dataset_id}/items?limit=1")))["features"]
    return {
        "dataset_id": dataset.dataset_id,
        "name": dataset.dataset_id,
        "version": dataset.current.name,
        "column": "nom",
        "entity_set": set_name(dataset.dataset_id),
        "entity_key": "1",
        "record_id": reader.get(first).json()["results"][0]["_id"],
        "feature_id": str(features[0]["id"]),
        "extension": "ttl",
        "value": value[1] if value else "0",
        "drawing": drawing,
        "rank": "1",
        "form": "svg",
        "ending": "json",
        "address": "0",
        "file": file_of(small.name, "light") if small else "0",
        "thumbnail": str(small.object_id) if small else "0",
    }


def _slug(template: str, filling: dict[str, str]) -> str:
    if "organisations" in template:
        return "mairie-secrete"
    return filling["drawing"] if _DRAWINGS.search(template) else "notice"


def _key(template: str, filling: dict[str, str]) -> str:
    if "valeurs" in template:
        return filling["value"]
    return CHART if template.endswith((".svg", ".png")) else TABLE


def plain_address(template: str, filling: dict[str, str]) -> str:
    """The template filled so that it leads to the dataset wherever it can."""
    values = {"slug": _slug(template, filling), "key": _key(template, filling), **filling}
    if "vignettes/" in template:
        values |= {"kind": "chart", "key": filling["thumbnail"]}
    plain = _escaped(template).replace(r"(?:[\w-]+/)?", "<slug:slug>/")
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<str:\1>", plain)
    plain = re.sub(r"\(\?:[^()]*\)\?", "", plain)
    plain = re.sub(r"\(\?:([^()|]*)[^()]*\)", r"\1", plain)
    plain = re.sub(r"[\^$()]|\\Z", "", plain).replace("/?", "/").replace("\\.", ".").replace(".*", "x")
    return "/" + _plain(re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found.group(1), "0"), plain))


def _escaped(template: str) -> str:
    """The template with the signs that stand for themselves (``\\$metadata``) as others, which no pattern is made of."""
    return re.sub(r"\\([$()])", lambda sign: chr(0xE000 + ord(sign[1])), template)


def _plain(address: str) -> str:
    return re.sub("[\ue000-\ue0ff]", lambda sign: chr(ord(sign[0]) - 0xE000), address)


def _about(dataset_id: str, question: str) -> str:
    return question.replace("polichinelle", dataset_id)


def asked_at(template: str, filling: dict[str, str]) -> set[str]:
    """Everything that may be asked with GET at one address."""
    addresses, dataset_id = set(), filling["dataset_id"]
    formats = [row.name for row in EXPORT_FORMATS] + ["rss", "rdf", "ttl", "data.json", "dcat"]
    for name in formats if "format_name" in template else ["json"]:
        address = plain_address(template, {**filling, "format_name": name})
        if SKIPPED.search(address):
            continue
        word = address.rstrip("/").rpartition("/")[2]
        addresses |= {address + _about(dataset_id, question) for question in QUESTIONS.get(word, ("",))}
        if "/records/1.0/" in address:
            addresses |= {f"{address}?{_about(dataset_id, question)}" for question in LEGACY}
        if "/-/" in address:
            secret = secret_of(dataset_id)
            made = secret.bars if address.startswith("/graphiques/") else secret.places
            addresses.add(f"{address}?{urlencode({'c': made.to_json()})}")
    return addresses


def questions(filling: dict[str, str]) -> list[str]:
    """Everything that may be asked with GET, at every address that the resolver knows."""
    return sorted(set().union(*(asked_at(one, filling) for one in every_address(get_resolver().url_patterns))))


def body_of(answer) -> str:
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return raw.decode("utf-8", "replace")
