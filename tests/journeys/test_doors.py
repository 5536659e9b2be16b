"""Every door of the house, found from its addresses: what one may not see does not exist there."""

from __future__ import annotations

import itertools
import json
import re
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import URLResolver
from django.utils import timezone

from parvis.core.atlas import MapDescription, MapLayer
from parvis.core.charts import ChartDescription, SeriesSource
from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version as make_folder
from parvis.core.explore import EXPORT_FORMATS
from parvis.core.indicators import Definition
from parvis.domains.indicators.rules import IndicatorStatus
from parvis.domains.indicators.services import compute_indicator, create_indicator, set_status
from parvis.hub.accounts.factories import make_member, make_organisation, make_person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import create_key, revoke_key
from parvis.hub.atlas.models import Map
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Attachment, Dataset, Version
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import bump_revision
from parvis.hub.charts.models import Chart
from parvis.hub.datastore.folders import versions_folder
from parvis.hub.pages.factories import block, make_theme_page
from parvis.hub.saved.services import create, publish

pytestmark = pytest.mark.django_db

TITLE = "Registre des secrets de Polichinelle"
HIDDEN = [
    (status, access)
    for status, access in itertools.product(Status, Access)
    if (status, access) != (Status.PUBLISHED, Access.PUBLIC)
]
LISTS = (
    "/",
    "/explore/",
    "/explore/?q=polichinelle",
    "/feed.xml",
    "/sitemap.xml",
    "/organisations/",
    "/organisations/mairie-secrete/",
    "/organisations/mairie-secrete/feed.xml",
    "/api/explore/v2.1/catalog/datasets",
    "/api/explore/v2.1/catalog/facets",
    "/api/explore/v2.1/catalog/exports/csv",
    "/api/explore/v2.1/catalog/exports/json",
)


def _addresses(patterns, prefix: str = "") -> list[str]:
    """Every address template of the house that names a dataset."""
    found = []
    for entry in patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += _addresses(entry.url_patterns, here)
        elif isinstance(entry, URLPattern) and "dataset_id" in here:
            found.append(here)
    return found


def _filled(template: str, dataset: Dataset) -> str:
    values = {
        "dataset_id": dataset.dataset_id,
        "version": dataset.current.name,
        "format": "json",
        "name": "rejects",
        "slug": "notice",
        "tab": "table",
    }
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<str:\1>", template)
    plain = plain.replace("^", "").replace("$", "").replace("\\Z", "").replace("/?", "/")
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found.group(1), "0"), plain)


@pytest.fixture
def secret() -> Dataset:
    organisation = make_organisation("Mairie secrète", slug="mairie-secrete")
    dataset = make_dataset(organisation, title=TITLE, dataset_id="polichinelle")
    columns = [Column("nom", "Nom", ColumnType.TEXT), Column("lieu", "Lieu", ColumnType.GEO_POINT)]
    folder = versions_folder(dataset.uid) / dataset.current.name
    source = make_folder(folder, columns, [("Puits", "POINT(2.4 48.6)")])
    original = folder / source.manifest.original.file
    original.parent.mkdir()
    original.write_text("nom,lieu\n")
    Version.objects.filter(pk=dataset.current.pk).update(has_geometry=True)
    return dataset


def _doors(dataset: Dataset) -> list[str]:
    return sorted({_filled(template, dataset) for template in _addresses(get_resolver().url_patterns)} | _api(dataset))


def _api(dataset: Dataset) -> set[str]:
    """The API routes below one address of its own."""
    base = f"/api/explore/v2.1/catalog/datasets/{dataset.dataset_id}"
    below = ("", "/records", "/facets", "/exports", "/attachments", *(f"/exports/{row.name}" for row in EXPORT_FORMATS))
    return {base + end for end in below}


def test_the_walk_finds_the_doors(secret):
    doors = " ".join(_doors(secret))
    for word in ("information", "table", "map", "export", "records", "exports/json", ".mvt", "layer.json", "original"):
        assert word in doors, word
    assert len(_doors(secret)) > 15


def test_the_same_doors_open_on_what_is_public(client, secret):
    opened = [door for door in _doors(secret) if client.get(door).status_code in (200, 204)]
    assert len(opened) >= 15
    for page in LISTS[:8]:
        if page != "/organisations/":
            assert (
                "Polichinelle" in client.get(page).content.decode()
                or "polichinelle" in client.get(page).content.decode()
            ), page


@pytest.mark.parametrize(("status", "access"), HIDDEN, ids=lambda value: str(value))
def test_what_one_may_not_see_does_not_exist_at_any_door(client, secret, status, access):
    Dataset.objects.filter(pk=secret.pk).update(status=status, access=access)
    bump_revision()
    stranger = make_member(make_organisation(), Role.ADMINISTRATOR)
    for visitor in (None, stranger):
        if visitor is not None:
            client.force_login(visitor)
        for door in _doors(secret):
            answer = client.get(door)
            told = answer.status_code, TITLE.encode() in (b"" if answer.streaming else answer.content)
            if door.startswith("/admin/"):
                assert told in {(302, False), (404, False), (403, False), (405, False)}, (door, visitor)
            else:
                assert told in {(404, False), (405, False)}, (door, visitor)
        for page in LISTS:
            answer = client.get(page)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert answer.status_code == 200, page
            assert TITLE.encode() not in body, (page, visitor)


VALUE, WORD, ROWS, DOCUMENT = "Puits aux souhaits", "motcache", 48_151_623, "Notice réservée"
TOLD = (TITLE, VALUE, WORD, str(ROWS), DOCUMENT, "48\u202f151\u202f623", "48\xa0151\xa0623")
"""A title, a value (also of a facet), a keyword, a count and a document, that nothing else on the portal bears."""

QUESTIONS = {
    "records": ("", "?group_by=nom&select=count(*)", "?where=nom like 'puits'&include_links=true"),
    "facets": ("", "?facet=nom"),
    "items": ("", "?limit=1"),
    "analyze": ("", "?type=bars&groupe=nom"),
    "sql": ("?sql=SELECT * FROM polichinelle&query=SELECT * FROM polichinelle&q=SELECT * FROM polichinelle",),
}
"""By the last word of an address, what it is asked."""

LEGACY = (
    "dataset=polichinelle",
    "dataset=polichinelle&facet=nom&x=nom&y.a.func=COUNT&precision=5",
    "dataset=polichinelle&clusterprecision=5&shapeprecision=0&clusterdistance=50",
    "q=polichinelle",
)
DRAWING, TABLE, CHART = "dessin", "b1", "b2"
"""The address of all that is made of the dataset, and those of two blocks."""
_DRAWINGS = re.compile("graphiques|cartes|indicateurs|pages|charts|maps|indicators")
BARS = ChartDescription("bars", (SeriesSource("polichinelle", grouping="nom"),), title="Dessin")
PLACES = MapDescription((MapLayer("polichinelle", label="Lieux", popup="{nom}"),), title="Dessin")
SKIPPED = re.compile(r"^/(?:admin|compte|documents|i18n|static|media|preferences|favicon\.svg|theme\.css)")
_PICTURE = re.compile(r"\.(?:png|pdf)\b")
"""Slow to draw, and no word can be read in them: the same views answer with SVG and pages."""
_KEYED = re.compile(r"^/(?:api/explore/v2\.1|api/records|api/parvis|ogc|tiles|mcp)")
"""Where a key is read (former addresses of the API read it by the same function): elsewhere its bearer is anybody."""
SHUT = {
    r"api/\(\?:explore\|v2\)": "leads nowhere",
    r"api/\(\?:records\|datasets\)": "leads nowhere",
    r"^ogc/<path:rest>": "leads nowhere",
    r"v2\.1.*\(\?:aggregates\|query\)": "gone since version 2.1",
    r"/files/": "no row holds a file",
    r"metadata_templates.*<kind>": "what metadata are made of, the same for all",
    r"monitoring/datasets/": "always empty",
    r"mcp/|v1/validate": "asked with POST",
    r"^valider/": "a file of its sender alone",
    r"^schemas/": "schemas of the portal, not of a dataset",
    r"versions.*(?:validation|<slug:name>)": "no schema was asked for, no row refused",
    r"inventaire": "no inventory of this organisation",
    r"^territoires/": "a place of the shipped reference",
    r"^indicateurs/semaine/": "asked with POST",
}
"""Addresses that the walk opens for nobody, and why; any other must open for an editor of the dataset."""


@pytest.fixture
def guarded(secret) -> Dataset:
    """The dataset of this file with a facet, a keyword, a count and a document of its own."""
    secret.keywords = [WORD]
    secret.save()
    columns = [
        Column("nom", "Nom", ColumnType.TEXT, annotations={"facet": True}),
        Column("lieu", "Lieu", ColumnType.GEO_POINT),
    ]
    version = secret.versions.create(
        name=secret.current.name + "-2",
        rows=ROWS,
        columns=2,
        bytes=1,
        original="a.csv",
        format="csv",
        has_geometry=True,
        published=timezone.now(),
    )
    folder = versions_folder(secret.uid) / version.name
    original = folder / make_folder(folder, columns, [(VALUE, "POINT(2.4 48.6)")]).manifest.original.file
    original.parent.mkdir()
    original.write_text(f"nom,lieu\n{VALUE},\n")
    secret.current = version
    secret.save()
    attachment = Attachment(dataset=secret, slug="notice", title=DOCUMENT, mimetype="text/plain", bytes=9)
    attachment.file.save("notice.txt", ContentFile(f"contient {WORD}".encode()))
    yield secret
    attachment.file.delete(save=False)


@pytest.fixture
def drawn(guarded) -> Dataset:
    """The same with all that may be made of it: a chart, a map, an indicator, a page of blocks, open to whom the data is open."""
    dataset = guarded.dataset_id
    publish(OPERATOR, create(OPERATOR, Chart, guarded.organisation, BARS))
    publish(OPERATOR, create(OPERATOR, Map, guarded.organisation, PLACES))
    parts = {"lieux": {"dataset": dataset, "select": "count(*)", "territory": "nom"}}
    told = {"slug": DRAWING, "title": "Dessin", "question": "Combien ?", "method": "On compte.", "parts": parts}
    indicator = create_indicator(OPERATOR, guarded.organisation, Definition.from_dict(told))
    compute_indicator(OPERATOR, set_status(OPERATOR, indicator, IndicatorStatus.PUBLISHED))
    make_theme_page(
        block("table", {"dataset": dataset}, TABLE),
        block("chart", {"dataset": dataset, "mark": "bars", "grouping": "nom"}, CHART),
        block("map", {"dataset": dataset}),
        block("comparison", {"dataset": dataset, "grouping": "nom"}),
        block("figure", {"dataset": dataset, "label": "Lieux"}),
        block("datasets", {"datasets": [dataset]}),
        block("filters", {"filters": [{"label": "Nom", "dataset": dataset, "column": "nom"}]}),
        slug=DRAWING,
        title="Dessin",
    )
    return guarded


def _everywhere(patterns, prefix: str = "") -> list[str]:
    """Every address template of the house."""
    found = []
    for entry in patterns:
        here = prefix + str(entry.pattern)
        found += _everywhere(entry.url_patterns, here) if isinstance(entry, URLResolver) else [here]
    return found


def _filling(dataset: Dataset, reader: Client) -> dict[str, str]:
    """What stands in the addresses: the names of things of the dataset, its first row as ``reader``, who may read it, knows it."""
    first = f"/api/explore/v2.1/catalog/datasets/{dataset.dataset_id}/records?limit=1&include_app_metas=true"
    value = re.search(r"/valeurs/(\d+)/", reader.get(f"/indicateurs/{DRAWING}/").content.decode())
    features = json.loads(_body(reader.get(f"/ogc/collections/{dataset.dataset_id}/items?limit=1")))["features"]
    return {
        "dataset_id": dataset.dataset_id,
        "name": dataset.dataset_id,
        "version": dataset.current.name,
        "record_id": reader.get(first).json()["results"][0]["_id"],
        "feature_id": str(features[0]["id"]),
        "extension": "ttl",
        "value": value[1] if value else "0",
        "rank": "1",
        "form": "svg",
        "ending": "json",
        "address": "0",
    }


def _slug(template: str) -> str:
    if "organisations" in template:
        return "mairie-secrete"
    return DRAWING if _DRAWINGS.search(template) else "notice"


def _key(template: str, filling: dict[str, str]) -> str:
    if "valeurs" in template:
        return filling["value"]
    return CHART if template.endswith((".svg", ".png")) else TABLE


def _plain(template: str, filling: dict[str, str]) -> str:
    """The template filled so that it leads to the dataset wherever it can."""
    values = {"slug": _slug(template), "key": _key(template, filling), **filling}
    plain = template.replace(r"(?:[\w-]+/)?", "<slug:slug>/")
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<str:\1>", plain)
    plain = re.sub(r"\(\?:[^()]*\)\?", "", plain)
    plain = re.sub(r"\(\?:([^()|]*)[^()]*\)", r"\1", plain)
    plain = re.sub(r"[\^$()]|\\Z", "", plain).replace("/?", "/").replace("\\.", ".").replace(".*", "x")
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found.group(1), "0"), plain)


def _asked_at(template: str, filling: dict[str, str]) -> set[str]:
    """Everything that may be asked with GET at one address."""
    asked = set()
    formats = [row.name for row in EXPORT_FORMATS] + ["rss", "rdf", "ttl", "data.json", "dcat"]
    for name in formats if "format_name" in template else ["json"]:
        address = _plain(template, {**filling, "format_name": name})
        if SKIPPED.search(address):
            continue
        word = address.rstrip("/").rpartition("/")[2]
        asked |= {address + question for question in QUESTIONS.get(word, ("",))}
        if "/records/1.0/" in address:
            asked |= {f"{address}?{question}" for question in LEGACY}
        if "/-/" in address:
            made = BARS if address.startswith("/graphiques/") else PLACES
            asked.add(f"{address}?{urlencode({'c': made.to_json()})}")
    return asked


def _questions(filling: dict[str, str]) -> list[str]:
    """Everything that may be asked with GET, at every address that the resolver knows."""
    return sorted(set().union(*(_asked_at(one, filling) for one in _everywhere(get_resolver().url_patterns))))


def _body(answer) -> str:
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return raw.decode("utf-8", "replace")


def _callers(dataset: Dataset, group: Group) -> dict[str, tuple[Client, set[Access]]]:
    """Who asks, and the levels of access at which they may read the dataset."""
    owner, everywhere = dataset.organisation, {Access.PUBLIC, Access.INTERNAL, Access.RESTRICTED}
    people = {
        "member": (make_member(owner, Role.READER), {Access.PUBLIC, Access.INTERNAL}),
        "editor": (make_member(owner, Role.CONTRIBUTOR), everywhere),
        "stranger": (make_member(make_organisation(), Role.ADMINISTRATOR), {Access.PUBLIC}),
        "in group": (make_person(), {Access.PUBLIC, Access.RESTRICTED}),
    }
    people["in group"][0].groups.add(group)
    callers = {"anonymous": (Client(), {Access.PUBLIC})}
    for name, (person, levels) in people.items():
        client = Client()
        client.force_login(person)
        callers[name] = (client, levels)
        secret = create_key(actor_of(person), person, "clé", scope=Scope.READ)[1]
        callers[f"key of {name}"] = (Client(headers={"Authorization": f"ApiKey {secret}"}), levels)
    editor = people["editor"][0]
    public = create_key(actor_of(editor), editor, "publique", scope=Scope.READ_PUBLIC)[1]
    callers["public key of editor"] = (Client(headers={"Authorization": f"Apikey {public}"}), {Access.PUBLIC})
    row, revoked = create_key(actor_of(editor), editor, "révoquée", scope=Scope.READ)
    revoke_key(actor_of(editor), row)
    callers["revoked key of editor"] = (Client(headers={"Authorization": f"Apikey {revoked}"}), set())
    return callers


def test_the_questions_reach_every_kind_of_door(drawn):
    asked = " ".join(_questions(_filling(drawn, Client())))
    for word in (
        "/api/explore/v2.1/catalog/datasets/polichinelle/records/",
        "exports/parquet",
        "attachments/notice",
        "files/0",
        "/api/records/1.0/search/?dataset=polichinelle",
        "/api/explore/v2.0/",
        "/ogc/collections/polichinelle/items",
        "/tiles/polichinelle/layer.json",
        "/sql/",
        "/mcp",
        "/catalog.ttl",
        "/graphiques/dessin/image.svg",
        "/cartes/dessin/couche-1.geojson",
        "/indicateurs/dessin/image.svg",
        "/pages/dessin/blocs/b1.csv",
        "/api/parvis/v1/charts/dessin",
    ):
        assert word in asked, word


def test_a_door_that_the_walk_does_not_open_has_its_reason(drawn):
    editor = Client()
    editor.force_login(make_member(drawn.organisation, Role.CONTRIBUTOR))
    filling = _filling(drawn, editor)
    shut = set()
    for template in _everywhere(get_resolver().url_patterns):
        asked = _asked_at(template, filling)
        if asked and not any(editor.get(question).status_code < 400 for question in asked):
            shut.add(template)
    unexplained = {one for one in shut if not any(re.search(known, one) for known in SHUT)}
    assert sorted(unexplained) == []
    assert all(any(re.search(known, one) for one in shut) for known in SHUT)


@pytest.mark.slow
@pytest.mark.parametrize("access", list(Access))
def test_no_value_count_title_or_facet_of_a_hidden_dataset_is_told_to_anybody(drawn, access):
    group = Group.objects.create(name="Cellule de crise")
    asked = [one for one in _questions(_filling(drawn, Client())) if not _PICTURE.search(one)]
    if access is Access.PUBLIC:  # only a key that is no longer one is refused there, and only this API knows keys
        asked = [one for one in asked if one.startswith("/api/explore/v2")]
    Dataset.objects.filter(pk=drawn.pk).update(access=access)
    drawn.allowed_groups.add(group)
    bump_revision()
    assert len(asked) > (40 if access is Access.PUBLIC else 120)
    for name, (client, levels) in _callers(drawn, group).items():
        read = 0
        for question in asked:
            if "key" in name and not _KEYED.match(question):
                continue
            answer = client.get(question)
            assert answer.status_code < 500 or answer.status_code == 503, (name, question)
            body = _body(answer)
            told = [word for word in TOLD if word in body]
            if access in levels:
                read += bool(told)
            else:
                assert not told, (name, access, question, told)
                if f"/datasets/{drawn.dataset_id}/" in question and "/api/explore/" in question:
                    assert answer.status_code in (401, 404, 410), (name, question)
        if access in levels:  # the walk does read it where it may: what is checked above is no empty page
            assert read >= 12, (name, read)
