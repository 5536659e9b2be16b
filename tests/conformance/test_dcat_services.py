"""Services of the catalogue as DCAT-AP 3.0.1: whatever a card says or does not, the shapes of Europe find nothing wrong, a reader that we
did not write finds the same facts in each syntax, and pages say who serves what wherever the datasets are told."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS

from conformance.test_dcat_ap import AXES, DCATAP, ORIGIN, SYNTAXES, VCARD, card_of, printable, violations
from parvis.core.hvd import CATEGORY_BY_SLUG, LEGISLATION
from parvis.core.metadata import LICENCES, THEMES
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.dataservices.cards import Served, ServiceCard
from parvis.hub.dataservices.factories import make_service
from parvis.hub.dataservices.portal_slugs import PORTAL_SLUGS
from parvis.hub.dataservices.rules import KINDS
from parvis.web.api.explore import catalogue_files
from parvis.web.api.explore.dcat import CatalogueCard
from parvis.web.api.explore.rdf_writer import serialized

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

MANY = 48
HOSTILE = 'L’« été » & <b>l\'eau</b> "claire" ]]> \\ \t\x00\x07 \ud800'
EVRY = SimpleNamespace(kind="commune", code="91228", name="Évry-Courcouronnes", pk=1)
WAYS = {
    "title": ["Piscines", HOSTILE, "x" * 200],
    "text": ["", "Deux phrases. « Ici » & là.", HOSTILE, "y" * 10_000],
    "kind": list(KINDS),
    "endpoints": [
        ("https://a.example/v1",),
        ("https://a.example/v1", 'https://b.example/li re?a=é|b<c>"{}`^'),
        ("http://[pas-une-adresse", "https://c.example/"),
    ],
    "description_address": ["", "https://a.example/openapi.json", "http://["],
    "documentation": ["", "https://a.example/doc", "http://[::1"],
    "version": ["", "1.0", HOSTILE],
    "licence": [None, *LICENCES],
    "access": ["open", "open_with_account", "restricted"],
    "terms": ["", "ouvert ; 50 appels par seconde", HOSTILE],
    "contact": [("", ""), ("Le SIG", ""), ("", "sig@ville.example"), ("L'équipe", "a+b@ville.example")],
    "themes": [(), *((theme,) for theme in THEMES[:4]), tuple(THEMES[:2])],
    "keywords": [(), ("eau",), ("a\x00b", "c & d", "é" * 60)],
    "territory": [(None, None), (EVRY, None), (EVRY, (2.38, 48.6, 2.46, 48.65))],
    "served": [(), (0,), (0, 1), (1, 2, 90)],
    "moment": [None, datetime(2026, 11, 2, 10, tzinfo=UTC)],
}


def service_of(number: int, choice: dict) -> ServiceCard:
    """A card in which each way of each axis is met; datasets beyond those of the page are told elsewhere."""
    name, email = choice["contact"]
    territory, box = choice["territory"]
    same = (
        "title",
        "text",
        "kind",
        "endpoints",
        "description_address",
        "documentation",
        "version",
        "licence",
        "access",
    )
    more = ("terms", "themes", "keywords")
    return ServiceCard(
        identifier=str(uuid.UUID(int=number)),
        slug=f"service-{number}",
        **{key: choice[key] for key in (*same, *more)},
        contact_name=name,
        contact_email=email,
        organisation=f"ville-{number % 2}",
        organisation_name="Ville d’Évry",
        organisation_kind=("commune", "autre")[number % 2],
        territory=territory,
        box=box,
        served=tuple(
            Served(f"jeu-{rank}", permanent(rank), f"Jeu {rank}", ("mobilite",) if rank == 1 else ())
            for rank in choice["served"]
        ),
        issued=choice["moment"],
        modified=choice["moment"],
    )


def permanent(rank: int) -> str:
    return f"ancien-{rank}" if rank % 3 == 0 else f"jeu-{rank}"


@pytest.fixture(scope="module")
def services() -> dict[str, ServiceCard]:
    draw = random.Random(7)
    ways = {name: draw.sample(values * (MANY // len(values) + 1), MANY) for name, values in WAYS.items()}
    cards = [service_of(number, {name: ways[name][number] for name in WAYS}) for number in range(MANY)]
    return {card.identifier: card for card in cards}


@pytest.fixture(scope="module")
def graphs(services) -> dict[str, rdflib.Graph]:
    """Three datasets and all the services, read from each syntax."""
    draw = random.Random(3)
    rows = [
        card_of(n, {name: draw.choice(values) for name, values in AXES.items()} | {"title": f"Jeu {n}"})[0]
        for n in range(3)
    ]
    card = CatalogueCard(ORIGIN, "Données", "Un catalogue.", exports=("csv",), whole=True)
    return {
        syntax: rdflib.Graph().parse(
            data=b"".join(serialized(card, rows, syntax, None, services.values())), format=name
        )
        for syntax, name in SYNTAXES.items()
    }


def nodes_of(graph: rdflib.Graph) -> dict[str, rdflib.URIRef]:
    """The services of the catalogue, by identifier: those of datasets are reached by their distributions."""
    own = set(graph.objects(None, DCAT.accessService))
    nodes = set(graph.subjects(RDF.type, DCAT.DataService)) - own
    return {str(graph.value(node, DCTERMS.identifier)): node for node in nodes}


def without_elsewhere(graph: rdflib.Graph) -> rdflib.Graph:
    """What pages together say: a dataset that is told on another page is a dataset there."""
    whole = rdflib.Graph()
    for triple in graph:
        whole.add(triple)
    elsewhere = rdflib.URIRef(f"{ORIGIN}/explore/dataset/{permanent(90)}/")
    assert (None, DCAT.servesDataset, elsewhere) in graph
    assert (elsewhere, RDF.type, None) not in graph
    assert (elsewhere, DCTERMS.title, None) not in graph  # harvesters would take it for the whole of its card
    assert str(graph.value(elsewhere, DCTERMS.identifier)) == permanent(90)
    whole.add((elsewhere, RDF.type, DCAT.Dataset))
    whole.add((elsewhere, DCTERMS.title, rdflib.Literal("Ailleurs")))
    whole.add((elsewhere, DCTERMS.description, rdflib.Literal("Ailleurs")))
    return whole


def test_whatever_a_service_says_the_shapes_of_dcat_ap_hold(graphs):
    whole = without_elsewhere(graphs["ttl"])
    # One that has no address which may be written has none to give: forms refuse it.
    assert violations(whole, "shapes.ttl", "range.ttl") == []
    assert violations(graphs["ttl"], "mdr-vocabularies.shape.ttl") == []


def test_what_serves_high_value_datasets_has_all_that_their_annex_asks(graphs, services):
    high = {identifier for identifier, card in services.items() if card.high_value}
    assert len(high) > 10
    graph = without_elsewhere(graphs["ttl"])
    for identifier, node in nodes_of(graph).items():
        law = [str(value) for value in graph.objects(node, DCATAP.applicableLegislation)]
        assert law == ([LEGISLATION] if identifier in high else [])
        if identifier not in high:
            graph.remove((node, None, None))
    for node in set(graph.subjects(RDF.type, DCAT.Dataset)):
        for thing in (node, *graph.objects(node, DCAT.distribution), *graph.objects(None, DCAT.accessService)):
            graph.remove((thing, RDF.type, None))
            graph.remove((None, DCAT.dataset, thing))
            graph.remove((None, DCAT.distribution, thing))
    for thing in {thing for thing in graph.objects() if isinstance(thing, rdflib.URIRef)}:
        graph.add((thing, RDF.type, RDFS.Resource))
    services_refused = [line for line in violations(graph, "hvd-SHACL.ttl") if "/services/" in line.split()[0]]
    assert [line for line in services_refused if "servesDataset" not in line] == []


def facts_read(graph: rdflib.Graph, node: rdflib.URIRef) -> dict:
    def texts(predicate, of=node) -> list[str]:
        return sorted(str(value) for value in graph.objects(of, predicate))

    contact = graph.value(node, DCAT.contactPoint)
    return {
        "title": texts(DCTERMS.title),
        "endpoints": texts(DCAT.endpointURL),
        "description": texts(DCAT.endpointDescription),
        "serves": texts(DCAT.servesDataset),
        "licence": texts(DCTERMS.license),
        "access": texts(DCTERMS.accessRights),
        "themes": texts(DCAT.theme),
        "keywords": texts(DCAT.keyword),
        "version": texts(rdflib.URIRef(f"{DCAT}version")),
        "contact": (texts(VCARD.fn, contact), texts(VCARD.hasEmail, contact)),
        "standard": texts(DCTERMS.conformsTo),
        "pages": texts(FOAF.page),
        "places": [texts(DCTERMS.identifier, place) for place in graph.objects(node, DCTERMS.spatial)],
    }


def test_a_reader_finds_the_same_facts_in_each_syntax_and_those_of_the_card(graphs, services):
    read_nodes = {syntax: nodes_of(graph) for syntax, graph in graphs.items()}
    assert all(nodes.keys() == services.keys() for nodes in read_nodes.values())
    listed = set(graphs["ttl"].objects(None, DCAT.service))
    for identifier, card in services.items():
        node = read_nodes["ttl"][identifier]
        assert str(node) == f"{ORIGIN}/services/{identifier}/"
        assert node in listed
        read = facts_read(graphs["ttl"], node)
        for syntax in ("rdf", "jsonld"):
            assert facts_read(graphs[syntax], read_nodes[syntax][identifier]) == read, (identifier, syntax)
        assert [text.split() for text in read["title"]] == [printable(card.title).split()]
        good = [address for address in card.endpoints if "[" not in address]
        assert len(read["endpoints"]) == len(good) > 0
        assert read["serves"] == sorted(f"{ORIGIN}/explore/dataset/{row.permanent_id}/" for row in card.served)
        assert read["licence"] == ([card.licence.url] if card.licence and card.licence.url else [])
        assert read["access"][0].endswith("/RESTRICTED" if card.access == "restricted" else "/PUBLIC")
        uris = {term.uri for term in card.themes} | {CATEGORY_BY_SLUG[slug].uri for slug in card.high_value}
        assert set(read["themes"]) == uris
        assert read["keywords"] == sorted(printable(word) for word in card.keywords)
        assert read["contact"][0] == [card.contact_name or card.organisation_name]
        assert bool(read["contact"][1]) is bool(card.contact_email)
        assert read["standard"] == ([card.kind.standard] if card.kind.standard else [])
        assert read["places"] == ([["91228"]] if card.territory else [])


def test_a_service_without_an_address_would_be_seen(services):
    card = CatalogueCard(ORIGIN, "Données", "Un catalogue.", whole=True)
    bare = ServiceCard(
        identifier="x", slug="x", title="Sans adresse", kind=KINDS[0], organisation="v", organisation_name="V"
    )
    graph = rdflib.Graph().parse(data=b"".join(serialized(card, [], "ttl", None, [bare])), format="turtle")
    assert any(str(DCAT.endpointURL) in line for line in violations(graph, "shapes.ttl"))


def pages_of(client, address: str) -> Iterable[rdflib.Graph]:
    hydra = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, address
        graph = rdflib.Graph().parse(data=answer.content, format="turtle")
        yield graph
        (view,) = graph.subjects(RDF.type, hydra.PartialCollectionView)
        following = graph.value(view, hydra.next)
        address = str(following).removeprefix("http://testserver") if following else ""


@pytest.mark.django_db
def test_pages_of_the_catalogue_tell_each_dataset_and_each_service_once(client, monkeypatch):
    monkeypatch.setattr(catalogue_files, "GRAPH_PAGE", 4)
    city, other = make_organisation("Ville d’Évry", slug="evry"), make_organisation("Lisses", slug="lisses")
    names = [make_dataset(city, dataset_id=f"jeu-{n}").permanent_id for n in range(6)]
    for rank, owner in enumerate((city, other, other)):
        make_service(owner, f"Service {rank}", datasets=names[:2])
    make_service(city, "Brouillon", is_online=False)
    pages = list(pages_of(client, "/catalog.ttl"))
    datasets = [node for page in pages for node in page.subjects(RDF.type, DCAT.Dataset)]
    services = [identifier for page in pages for identifier in nodes_of(page)]
    assert len(datasets) == len(set(datasets)) == 6
    assert len(services) == len(set(services)) == 3 + len(PORTAL_SLUGS)
    assert len(pages) == -(-(6 + 3 + len(PORTAL_SLUGS)) // 4)
    whole = rdflib.Graph()
    for page in pages:
        whole += page
    assert violations(whole, "shapes.ttl", "range.ttl") == []
    titles = {str(whole.value(node, DCTERMS.title)) for node in nodes_of(whole).values()}
    assert {"Service 0", "Service 1", "Service 2"} <= titles
    assert "Brouillon" not in titles

    (page,) = pages_of(client, "/organisations/lisses/catalog.ttl")
    assert sorted(str(page.value(node, DCTERMS.title)) for node in nodes_of(page).values()) == [
        "Service 1",
        "Service 2",
    ]
    assert client.get("/catalog.ttl", {"page": len(pages) + 1}).status_code == 404
