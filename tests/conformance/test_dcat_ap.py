"""The catalogue as DCAT-AP 3.0.1: whatever a card says or does not, the shapes of Europe find nothing wrong, and a reader that we
did not write finds the same facts in each syntax."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS

from parvis.core.hvd import CATEGORY_BY_SLUG, LEGISLATION
from parvis.core.metadata import FREQUENCY_BY_SLUG, LICENCE_BY_SLUG
from parvis.web.api.explore.dcat import CatalogueCard, GraphPage, Publisher
from parvis.web.api.explore.dcat_facts import NOTHING, Facts, File, Place
from parvis.web.api.explore.rdf_writer import serialized

# rdflib's own reader of JSON-LD uses what rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

SHAPES = Path(__file__).parent / "shacl"
SYNTAXES = {"rdf": "xml", "ttl": "turtle", "jsonld": "json-ld"}
ORIGIN = "https://donnees.exemple.fr"
DCATAP = rdflib.Namespace("http://data.europa.eu/r5r/")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
VCARD = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")
LOCN = rdflib.Namespace("http://www.w3.org/ns/locn#")

LIMITS = "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/INSPIRE_Directive"
DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
BOX = {
    "type": "Feature",
    "geometry": {"type": "Polygon", "coordinates": [[[1.9, 48.2], [2.6, 48.2], [2.6, 48.8], [1.9, 48.8], [1.9, 48.2]]]},
}
POINT = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[2.4, 48.6]] * 5]}}
GEO, PLAIN = {"name": "lieu", "type": "geo_point_2d", "label": "Lieu"}, {"name": "nom", "type": "text", "label": "Nom"}
EVRY = Place("http://id.insee.fr/geo/commune/91228", "91228", "Évry-Courcouronnes", (2.38, 48.6, 2.46, 48.65))
LISSES = Place("http://id.insee.fr/geo/commune/91340", "91340", "Lisses")

AXES = {
    "title": [
        "Arbres",
        'L’« été » & <b>l\'eau</b> "claire" ]]> \\ \t',
        "Cloche\x07 et\x00 nul \ud800 \ufffe\n🌳 ",
        "x" * 200,
        "بيانات مفتوحة \u202ehtrof\u202c ‏— נתונים",
    ],
    "description": [None, "<p>Deux phrases. « Ici » & là.</p>", "Brut\x0b\x1b[0m", "y" * 20_000, ""],
    "licence": [
        *((row.name, row.url or None) for row in LICENCE_BY_SLUG.values()),
        ("Licence maison « à part »", None),
        ("Autre", 'https://exemple.fr/li cence?a=é|b<c>"{}`^'),
        ("Autre", "http://[pas-une-adresse"),
        ("Autre", "https://données.exemple.fr/licence n° 1?x=100%#à-lire"),
        (None, None),
    ],
    "contact": [
        (None, None),
        ("Service des données", None),
        (None, "donnees@exemple.fr"),
        ('L\'équipe "SIG"', "a+b@exemple.fr"),
    ],
    "bbox": [None, BOX, POINT],
    "fields": [[PLAIN], [PLAIN, GEO]],
    "period": [
        (None, None),
        ("2020-01-01", None),
        (None, "2026-12-31"),
        ("2020-01-01", "2026-12-31"),
        ("0001-01-01", "9999-12-31"),
        ("0987-05-24", "1582-10-09"),
    ],
    "language": ["fr", "en", None, "français", "zz"],
    "theme": [None, ["Environnement et climat"], ["environnement", "Mobilité et transports"], ["Thème « à nous » <1>"]],
    "keyword": [None, ["arbre"], ["a\x00b", "c & d", "é" * 100], ["a"], ["\u200f", "שלום"]],
    "frequency": [None, *(row.uri for row in FREQUENCY_BY_SLUG.values()), "Selon l’humeur du service"],
    "hvd": [None, None, ["mobilite"], ["geospatial", "environnement"]],
    "inspire": [
        None,
        {"scope": True, "limits": ["noLimitations"]},
        {
            **{"scope": True, "themes": ["ps", "ad"], "topics": ["biota"], "scale": 25_000, "distance": 0.00001},
            **{
                "crs": "EPSG:2154",
                "conformity": "conformant",
                "lineage": "Levé « à pied » <1>\x07",
                "limits": ["a", "h"],
            },
            **{"party": 'L\'équipe "SIG"', "party_role": "custodian", "party_email": "sig@exemple.fr"},
        },
        {"scope": True, "themes": ["of"], "crs": "RGF93 / CC49", "limits": [], "party": "IGN", "party_role": "owner"},
    ],
    "closure": [(None, None), (["personal", "security"], "Jusqu’en 2027 <b>"), (["unfinished"], None)],
    "places": [(), (EVRY,), (LISSES,), (EVRY, LISSES)],
    "spatial": [None, "Évry-Courcouronnes", "Tout le canal"],
    "conforms_to": [
        None,
        "https://schema.data.gouv.fr/schemas/etalab/schema-bal/1.4.0/schema.json",
        "Une norme",
        "http://[",
        "https://a b/ç",
    ],
    "federated": [False, False, True],
    "visible": [True, True, True, False],
    "access": ["PUBLIC", "RESTRICTED"],
    "documents": [
        (),
        (
            File(
                "/api/explore/v2.1/catalog/datasets/d/attachments/notice-pdf",
                "Notice « 1 »",
                12,
                DIGEST,
                "application/pdf",
            ),
        ),
        (File("/api/explore/v2.1/catalog/datasets/d/attachments/vieux", "Vieux", 0, "", "text/plain"),),
    ],
    "original": [
        None,
        File("/explore/dataset/d/original/", "Fichier d’été n°1.csv", 12345, DIGEST),
        File("/explore/dataset/d/original/", "x", 0),
    ],
    "references": [None, "https://source.exemple.fr/jeu?é=1", "un texte", "http://[::1"],
    "attributions": [None, ["Insee", "IGN"]],
    "origin": [None, "data.ailleurs.fr", "https://data.ailleurs.fr:8000/", "http://[", "un mot <1>"],
    "creator": [None, "Ville d’Évry", "Le bureau d’études"],
    "modified": [None, "2026-11-02T10:00:00+00:00"],
    "version": [None, "20261102-1000-abcd"],
}
"""What may vary from card to card, and the ways it does."""


def card_of(number: int, choice: dict) -> tuple[dict, Facts]:
    """A dataset object as the store gives it, and its facts."""
    licence, address = choice["licence"]
    contact, email = choice["contact"]
    start, end = choice["period"]
    default = {
        name: choice[name]
        for name in (
            "title",
            "description",
            "bbox",
            "language",
            "theme",
            "keyword",
            "federated",
            "references",
            "attributions",
            "modified",
        )
    }
    default |= {
        "license": licence,
        "license_url": address,
        "publisher": "Ville d’Évry",
        "data_processed": choice["modified"],
    }
    default |= {"source_domain": "ailleurs.fr", "source_domain_title": None, "source_domain_address": choice["origin"]}
    default["source_dataset"] = "Leur jeu/é" if choice["origin"] else None
    dcat = {name: choice[name] for name in ("spatial", "conforms_to", "creator")}
    dcat |= {
        "issued": choice["modified"],
        "created": choice["modified"],
        "contributor": None,
        "publisher_type": "commune",
    }
    dcat |= {"contact_name": contact, "contact_email": email, "accrualperiodicity": choice["frequency"]}
    dcat |= {"temporal_coverage_start": start, "temporal_coverage_end": end, "accessRights": choice["access"]}
    own = {"identifier": f"ancien-{number}" if number % 3 == 0 else f"jeu-{number}", "hvd": choice["hvd"]}
    own |= {"inspire": choice["inspire"], "closure": choice["closure"][0], "closure_note": choice["closure"][1]}
    own |= {
        "version": choice["version"],
        "organisation": f"ville-{number % 2}",
        "organisation_kind": ("commune", "autre")[number % 2],
    }
    row = {"dataset_id": f"jeu-{number}", "fields": choice["fields"], "data_visible": choice["visible"]}
    row["metas"] = {"default": default, "dcat": dcat, "parvis": own}
    documents = tuple(
        File(f"{part.path}-{number}", *(getattr(part, name) for name in ("title", "bytes", "sha256", "media_type")))
        for part in choice["documents"]
    )
    original = choice["original"] and File(
        f"/explore/dataset/jeu-{number}/original/",
        choice["original"].title,
        choice["original"].bytes,
        choice["original"].sha256,
    )
    return row, Facts(choice["places"], documents, original, GEO in choice["fields"])


MANY = 70


@pytest.fixture(scope="module")
def cards() -> dict[str, tuple[dict, Facts]]:
    """Datasets by identifier, in which each way of each axis is met with many of the others'."""
    draw = random.Random(18)
    ways = {name: draw.sample(values * (MANY // len(values) + 1), MANY) for name, values in AXES.items()}
    made = [card_of(number, {name: ways[name][number] for name in AXES}) for number in range(MANY)]
    return {row["metas"]["parvis"]["identifier"]: (row, facts) for row, facts in made}


@pytest.fixture(scope="module")
def graphs(cards) -> dict[str, rdflib.Graph]:
    """The graph of all that, read from each syntax."""
    facts = {row["dataset_id"]: part for row, part in cards.values()}
    card = CatalogueCard(
        ORIGIN,
        "Données « d’Évry »",
        "Un catalogue.",
        exports=("csv", "json", "geojson"),
        whole=True,
        facts=lambda ids: {name: facts[name] for name in ids},
    )
    page = GraphPage(
        f"{ORIGIN}/catalog.ttl?page=1",
        f"{ORIGIN}/catalog.ttl?page=1",
        f"{ORIGIN}/catalog.ttl?page=2",
        60,
        next=f"{ORIGIN}/catalog.ttl?page=2",
    )
    return {
        syntax: rdflib.Graph().parse(
            data=b"".join(serialized(card, [row for row, _facts in cards.values()], syntax, page)), format=name
        )
        for syntax, name in SYNTAXES.items()
    }


def violations(graph: rdflib.Graph, *files: str) -> list[str]:
    """What the shapes of these files refuse in the graph: where, by which property, and why."""
    shapes = rdflib.Graph()
    for file in files:
        shapes.parse(SHAPES / file, format="turtle")
    _conforms, report, _text = pyshacl.validate(graph, shacl_graph=shapes, inference="none", allow_warnings=True)
    return [
        f"{report.value(result, SH.focusNode)} {report.value(result, SH.resultPath)} {report.value(result, SH.value)}: "
        f"{report.value(result, SH.resultMessage)}"
        for result in report.objects(None, SH.result)
        if report.value(result, SH.resultSeverity) == SH.Violation
    ]


def test_whatever_a_card_says_the_shapes_of_dcat_ap_hold(graphs):
    assert violations(graphs["ttl"], "shapes.ttl", "range.ttl") == []


def test_words_are_those_of_the_lists_of_europe(graphs):
    assert violations(graphs["ttl"], "mdr-vocabularies.shape.ttl") == []


def test_high_value_datasets_have_all_that_their_annex_asks(graphs, cards):
    high = {identifier for identifier, (row, _facts) in cards.items() if row["metas"]["parvis"]["hvd"]}
    graph = rdflib.Graph()
    for triple in graphs["ttl"]:
        graph.add(triple)
    for node in set(graph.subjects(RDF.type, DCAT.Dataset)):
        if str(graph.value(node, DCTERMS.identifier)) not in high:
            services = graph.subjects(DCAT.servesDataset, node)
            for other in (node, *graph.objects(node, DCAT.distribution), *services):
                graph.remove((other, RDF.type, None))
                graph.remove((None, None, other))
    for thing in {thing for thing in graph.objects() if isinstance(thing, rdflib.URIRef)}:
        graph.add((thing, RDF.type, RDFS.Resource))
    assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == len(high) > 10
    assert len(set(graph.subjects(RDF.type, DCAT.DataService))) > 10
    assert violations(graph, "hvd-SHACL.ttl") == []


def printable(text: str) -> str:
    """Text without what XML may not hold."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def facts_read(graph: rdflib.Graph, node: rdflib.term.Node) -> dict:
    """What a reader learns of a dataset."""

    def texts(predicate, of=node):
        return sorted(str(value) for value in graph.objects(of, predicate)) if of is not None else []

    contact = graph.value(node, DCAT.contactPoint)
    boxes = [
        json.loads(str(value))["coordinates"]
        for place in graph.objects(node, DCTERMS.spatial)
        for value in graph.objects(place, LOCN.geometry)
    ]
    licence = graph.value(node, DCTERMS.license)
    return {
        "title": texts(DCTERMS.title),
        "description": texts(DCTERMS.description),
        "keywords": texts(DCAT.keyword),
        "themes": texts(DCAT.theme),
        "frequency": texts(DCTERMS.accrualPeriodicity),
        "categories": texts(DCATAP.hvdCategory),
        "law": texts(DCATAP.applicableLegislation),
        "contact": (texts(VCARD.fn, contact), texts(VCARD.hasEmail, contact), texts(VCARD.hasURL, contact)),
        "licence": str(licence) if isinstance(licence, rdflib.URIRef) else texts(RDFS.label, licence),
        "licences": {graph.value(part, DCTERMS.license) == licence for part in graph.objects(node, DCAT.distribution)},
        "places": sorted(
            str(graph.value(place, DCTERMS.identifier))
            for place in graph.objects(node, DCTERMS.spatial)
            if isinstance(place, rdflib.URIRef)
        ),
        "boxes": boxes,
        "period": [
            str(graph.value(period, name))
            for period in graph.objects(node, DCTERMS.temporal)
            for name in (DCAT.startDate, DCAT.endDate)
        ],
        "access": texts(DCTERMS.accessRights),
        "version": texts(rdflib.URIRef(f"{DCAT}version")),
        "limits": [
            str(part) for part in sorted(graph.objects(node, DCTERMS.rights)) if isinstance(part, rdflib.URIRef)
        ],
        "metres": texts(DCAT.spatialResolutionInMeters),
        "standards": texts(DCTERMS.conformsTo),
        "documents": texts(DCTERMS.hasPart),
        "files": sorted(
            (
                str(graph.value(part, DCAT.downloadURL)),
                str(graph.value(part, DCAT.byteSize)),
                *texts(SPDX.checksumValue, graph.value(part, SPDX.checksum)),
            )
            for part in graph.objects(node, DCAT.distribution)
            if graph.value(part, DCAT.downloadURL)
        ),
        "services": sorted(
            str(graph.value(service, DCAT.endpointURL))
            for part in graph.objects(node, DCAT.distribution)
            for service in graph.objects(part, DCAT.accessService)
        ),
    }


def test_a_reader_finds_the_same_facts_in_each_syntax_and_those_of_the_card(graphs, cards):
    sizes = {len(graph) for graph in graphs.values()}
    assert len(sizes) == 1
    nodes = {
        str(graphs["ttl"].value(node, DCTERMS.identifier)): node
        for node in graphs["ttl"].subjects(RDF.type, DCAT.Dataset)
    }
    assert nodes.keys() == cards.keys()
    for identifier, node in nodes.items():
        row, facts = cards[identifier]
        default, dcat, own = (row["metas"][name] for name in ("default", "dcat", "parvis"))
        read = facts_read(graphs["ttl"], node)
        for syntax in ("rdf", "jsonld"):
            assert facts_read(graphs[syntax], node) == read, (identifier, syntax)
        shown = facts if row["data_visible"] else NOTHING
        assert str(node) == f"{ORIGIN}/explore/dataset/{identifier}/"
        assert [text.split() for text in read["title"]] == [printable(default["title"]).split()]
        assert [text.split() for text in read["description"]] == [
            printable(default["description"] or default["title"]).split()
        ]
        assert read["keywords"] == sorted(printable(word) for word in default["keyword"] or ())
        uris = {CATEGORY_BY_SLUG[slug].uri for slug in own["hvd"] or ()}
        assert set(read["categories"]) == uris
        block = own["inspire"] or {}
        inspire = {f"http://inspire.ec.europa.eu/theme/{slug}" for slug in block.get("themes", ())}
        assert set(read["themes"]) >= uris | inspire
        assert set(read["limits"]) >= {
            f"{LIMITS}_Article13_1{letter}" for letter in block.get("limits", ()) if len(letter) == 1
        }
        assert (
            len(read["themes"]) - len(uris) - len(inspire)
            == {None: 0, "Thème « à nous » <1>": 0, "Environnement et climat": 1, "environnement": 2}[
                (default["theme"] or [None])[0]
            ]
        )
        assert read["law"] == ([LEGISLATION] if uris else [])
        assert read["frequency"] == (
            [dcat["accrualperiodicity"]] if "://" in (dcat["accrualperiodicity"] or "") else []
        )
        name, email = dcat["contact_name"] or "Ville d’Évry", dcat["contact_email"]
        assert read["contact"][0] == [name]
        assert read["contact"][1] == ([f"mailto:{email.replace('+', '%2B')}"] if email else [])
        assert bool(read["contact"][2]) is not bool(email)
        if default["license_url"] is None:
            assert read["licence"] == ([default["license"]] if default["license"] else [])
        assert read["licences"] <= {True}
        assert read["places"] == sorted(place.code for place in shown.places)
        if default["bbox"] is BOX:
            assert read["boxes"] == [BOX["geometry"]["coordinates"]]
        elif default["bbox"] is POINT:
            assert read["boxes"] == []
        assert read["period"] == (
            [str(dcat["temporal_coverage_start"]), str(dcat["temporal_coverage_end"])]
            if dcat["temporal_coverage_start"] or dcat["temporal_coverage_end"]
            else []
        )
        assert read["access"][0].endswith(dcat["accessRights"])
        assert read["version"] == ([own["version"]] if own["version"] else [])
        assert read["documents"] == [f"{ORIGIN}{document.path}" for document in shown.documents]
        exports = [name for name in ("csv", "json", "geojson") if name != "geojson" or GEO in row["fields"]]
        assert len(read["files"]) == (len(exports) + (shown.original is not None) if row["data_visible"] else 0)
        if shown.original is not None and shown.original.sha256:
            assert (f"{ORIGIN}/explore/dataset/{row['dataset_id']}/original/", "12345", DIGEST) in read["files"]
        assert len(read["services"]) == (1 + facts.is_mapped if row["data_visible"] else 0)


def test_pages_are_linked_and_services_serve_what_the_page_has(graphs):
    graph, hydra = graphs["rdf"], rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
    (view,) = graph.subjects(RDF.type, hydra.PartialCollectionView)
    assert str(graph.value(view, hydra.next)) == f"{ORIGIN}/catalog.ttl?page=2"
    datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
    services = set(graph.subjects(RDF.type, DCAT.DataService))
    assert {graph.value(service, DCAT.servesDataset) for service in services} <= datasets
    assert services == set(graph.objects(None, DCAT.accessService))  # none is taken for a service of its own
    for node in datasets:  # harvesters of udata find a file again by its address
        files = list(graph.objects(node, DCAT.distribution))
        addresses = {graph.value(file, DCAT.downloadURL) or graph.value(file, DCAT.accessURL) for file in files}
        assert None not in addresses
        assert len(addresses) == len(files)
    identifiers = [str(value) for thing in (*datasets, *services) for value in graph.objects(thing, DCTERMS.identifier)]
    assert len(identifiers) == len(set(identifiers)) == len(datasets) + len(services)


def test_no_statement_is_left_without_the_words_that_harvesters_look_for(graphs):
    graph = graphs["ttl"]
    statements = list(graph.objects(None, DCTERMS.rights))
    assert statements
    assert all(graph.value(statement, RDFS.label) for statement in statements)


def test_the_catalogue_of_an_organisation_is_its_own_even_empty():
    owner = Publisher("ville-1", "Ville d’Évry", "commune")
    card = CatalogueCard(ORIGIN, "Ville d’Évry · Exemple", "Ses données.", whole=True, organisation=owner)
    graph = rdflib.Graph().parse(data=b"".join(serialized(card, [], "ttl")), format="turtle")
    assert violations(graph, "shapes.ttl", "range.ttl") == []
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    assert graph.value(graph.value(catalogue, DCTERMS.publisher), FOAF.name) == rdflib.Literal("Ville d’Évry")


def test_a_fault_would_be_seen():
    graph = rdflib.Graph()
    graph.add((rdflib.URIRef(f"{ORIGIN}/x"), RDF.type, DCAT.Dataset))
    graph.add((rdflib.URIRef(f"{ORIGIN}/x"), DCAT.theme, rdflib.URIRef(f"{ORIGIN}/theme")))
    refused = " ".join(violations(graph, "shapes.ttl", "range.ttl"))
    assert all(str(name) in refused for name in (DCTERMS.title, DCTERMS.description, DCAT.theme))
