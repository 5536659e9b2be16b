"""Files that lie, drip, swell or lead inside, in one catalogue with an honest one: each is told in its own words, the others are read."""

import gzip
import socket
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

import pytest

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.rules import Status
from parvis.hub.datastore.models import Deposit
from parvis.hub.harvesting import asking, runs
from parvis.hub.harvesting.models import Host, Item, RunItem, Source
from parvis.hub.harvesting.rules import Decision, Outcome, State
from parvis.hub.harvesting.selectors import reasons_of, undecided_items
from parvis.hub.harvesting.sources import decide, save_source
from parvis.hub.harvesting.tests.catalogue_server import dataset, dripping, endless, reply
from parvis.hub.harvesting.transports import reach_from

CSV = b"ville;population\nEvry;66919\nCorbeil;52000\n"


def too_short(handler: BaseHTTPRequestHandler) -> None:
    """Less than was announced."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(CSV)


def endless_chunks(handler: BaseHTTPRequestHandler) -> None:
    handler.protocol_version = "HTTP/1.1"
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")
    except OSError:
        pass


def bomb(handler: BaseHTTPRequestHandler) -> None:
    reply(handler, gzip.compress(b"0" * 5_000_000), Content_Encoding="gzip", Content_Type="text/csv")


def to(location: str):
    """Sends there."""
    return lambda handler: reply(handler, b"", 302, Location=location)


def page(handler: BaseHTTPRequestHandler) -> None:
    reply(handler, b"<!DOCTYPE html><title>Connexion</title><form></form>", Content_Type="text/html")


def honest(handler: BaseHTTPRequestHandler) -> None:
    disposition = 'attachment; filename="../../../../etc/cron.d/mal.csv"'
    reply(handler, CSV, Content_Type="application/octet-stream", Content_Disposition=disposition)


LIES = {
    "coupe": (too_short, "s’est interrompue"),
    "sans-fin": (endless, "dépasse la taille permise"),
    "morceaux": (endless_chunks, "dépasse la taille permise"),
    "bombe": (bomb, "dépasse la taille permise"),
    "goutte": (dripping, "trop de temps"),
    "boucle": (to("/files/boucle"), "d’adresse en adresse"),
    "dedans": (to("http://10.0.0.1/secret.csv"), "réseau privé"),
    "machine": (to("file:///etc/passwd"), "adresse"),
    "connexion": (page, "page web"),
    "perdu": (lambda handler: reply(handler, b"", 404), "404"),
}


def with_file(name: str, url: str, **changes):
    """A dataset whose only file is at that address, and which says nothing of when it changed."""
    export = {"title": name, "url": url, "mimetype": "text/csv"}
    row = dataset(name, data_processed=None, **changes)
    return {**row, "has_records": False, "alternative_exports": [export]}


@pytest.fixture
def wide(portal, settings, monkeypatch):
    """The machine itself is listed, at any port; limits that a test may wait for."""
    bounds = {"PARVIS_SOURCES_PRIVATE_HOSTS": ("127.0.0.1",), "PARVIS_UPLOAD_BYTES": 1_000_000}
    settings.PARVIS = {**settings.PARVIS, **bounds}
    real = asking.ask
    monkeypatch.setattr(asking, "ask", lambda *some, **more: real(*some, **{**more, "idle_seconds": 0.4}))
    return portal


@pytest.fixture
def impostor(tmp_path):
    """The address of an encrypted server whose certificate nobody vouches for."""
    path = tmp_path / "both.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=autre.example"
    )
    certificate = path.with_name("cert.pem")
    subprocess.run([*command.split(), "-keyout", path, "-out", certificate], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + certificate.read_bytes())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def told(run) -> dict[str, str]:
    """What the report says of each, by title."""
    return {row.title.removeprefix("Jeu "): " ".join(reasons_of(row)) for row in RunItem.objects.filter(run=run)}


def test_each_lie_is_told_in_its_own_words_and_the_honest_files_are_read(source, wide, read, impostor, monkeypatch):
    real = socket.getaddrinfo
    inside = ("renvoi.example", "10.0.0.7")  # a public name whose owner makes it lead into the town hall
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda name, *more, **named: real(dict([inside]).get(name, name), *more, **named)
    )
    for name, (behaviour, _words) in LIES.items():
        wide.answers[f"/files/{name}"] = behaviour
    wide.answers["/files/z-honnete"] = honest
    wide.datasets = [with_file(name, f"{wide.address}/files/{name}") for name in [*LIES, "z-honnete"]]
    wide.datasets += [
        with_file("certificat", f"{impostor}/a.csv"),
        with_file("renvoi", "http://renvoi.example/a.csv"),
        with_file("fichier", "file:///etc/passwd"),
        with_file("base", "postgresql://127.0.0.1/ville"),
    ]
    run = read(source)
    words = told(run)
    expected = {name: part for name, (_behaviour, part) in LIES.items()}
    expected |= {
        "certificat": "certificat",
        "renvoi": "renvoi.example",
        "fichier": "ni chez elle",
        "base": "ni chez elle",
    }
    assert {name: part for name, part in expected.items() if part not in words.get(name, "")} == {}, words
    assert (run.state, run.counts["created"], run.counts["failed"]) == (State.DONE, 1, len(expected))
    assert [version.dataset.dataset_id for version in Version.objects.all()] == ["z-honnete"], (
        "nothing was kept of the others"
    )
    assert Version.objects.get().original == "mal.csv"
    assert set(Dataset.objects.filter(status=Status.PUBLISHED).values_list("dataset_id", flat=True)) == {"z-honnete"}
    assert not Deposit.objects.exists()


def test_what_was_online_stays_when_its_file_begins_to_lie(source, wide, read):
    wide.answers["/files/a"] = honest
    wide.datasets = [with_file("a", f"{wide.address}/files/a")]
    read(source)
    wide.answers["/files/a"] = page
    run = read(source, complete=True)
    here = Dataset.objects.get()
    assert (run.counts.get("failed"), here.status, here.versions.count()) == (1, Status.PUBLISHED, 1)


def test_a_dead_server_of_files_keeps_nobody_else_from_being_read(source, wide, read):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # never listens: each connection is refused
        dead = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        wide.answers["/files/z"] = honest
        wide.datasets = [with_file(f"a{rank}", f"{dead}/{rank}.csv") for rank in range(8)]
        wide.datasets.append(with_file("z", f"{wide.address}/files/z"))
        run = read(source)
    assert (run.state, run.counts["created"], run.counts["failed"]) == (State.DONE, 1, 8)
    assert "ne répond plus" in told(run)["a7"]
    assert Host.objects.get(name=dead.partition("://")[2]).free_from is not None, "it is left alone for a while"


def test_a_catalogue_of_the_public_web_names_nobody_of_the_private_network(source, wide, read, monkeypatch, settings):
    monkeypatch.setattr("parvis.hub.harvesting.transports.looks_public", lambda host: True)
    bounds = {"PARVIS_SOURCES_PRIVATE_HOSTS": ("127.0.0.0/8",), "PARVIS_UPLOAD_BYTES": 1_000_000}
    settings.PARVIS = {**settings.PARVIS, **bounds}
    neighbour = wide.address.replace("127.0.0.1", "127.0.0.2")
    wide.datasets = [with_file("a", f"{neighbour}/files/a")]
    wide.answers["/files/a"] = honest
    assert read(source).counts["failed"] == 1
    assert "/files/a" not in wide.asked


def test_a_key_in_the_address_of_a_source_is_told_to_nobody_who_did_not_set_it(town, wide, read, client):
    wide.answers["/villes.csv"] = honest
    address = f"{wide.address}/villes.csv?token=motsecret&format=csv"
    keyed = save_source(OPERATOR, town.organisation, dialect="file", url=address, options={"licence": "lov2"})
    assert keyed.title == address.partition("://")[2].partition("?")[0]
    Source.objects.update(title=address.partition("://")[2])  # as a former release named it
    keyed.refresh_from_db()
    assert read(keyed).counts["created"] == 1
    here = Dataset.objects.get()
    pages = (
        f"/explore/dataset/{here.dataset_id}/",
        f"/explore/dataset/{here.dataset_id}/information/",
        f"/api/explore/v2.1/catalog/datasets/{here.dataset_id}",
        "/api/explore/v2.1/catalog/exports/dcat",
        f"/csw?service=CSW&version=2.0.2&request=GetRecordById&id={here.dataset_id}&elementSetName=full",
    )
    for page in pages:
        answer = client.get(page, follow=True)
        assert answer.status_code == 200
        assert b"motsecret" not in b"".join(answer)
    assert "motsecret" not in str(list(Entry.objects.values_list("details", "target")))


@pytest.mark.parametrize(
    ("url", "reaches"),
    [
        ("https://donnees.exemple.fr/", False),
        ("https://8.8.8.8/", False),
        ("https://sig.exemple.fr/", True),  # listed by its name
        ("http://sig.lan/", True),
        ("http://sig/", True),
        ("http://10.2.0.9/", True),
    ],
)
def test_who_may_name_a_neighbour_is_told_by_its_name_whatever_it_resolves_to(monkeypatch, url, reaches, settings):
    """Whoever answers for a name may say an address of the private network the moment before a file is fetched."""
    bounds = {"PARVIS_SOURCES_PRIVATE_HOSTS": ("10.2.0.0/24", "sig.exemple.fr:443")}
    settings.PARVIS = {**settings.PARVIS, **bounds}
    monkeypatch.setattr("socket.getaddrinfo", lambda *_: [(2, 1, 6, "", ("10.2.0.5", 80))])
    allowed = reach_from(Source(url=url), "http://10.2.0.5/secret").allowed
    assert allowed(ip_address("10.2.0.5"), 80) is reaches


def test_an_order_that_differs_each_night_changes_nothing(source, wide, read):
    exports = [{"title": name, "url": f"{wide.address}/files/{name}", "mimetype": "text/csv"} for name in "ab"]
    wide.answers |= {"/files/a": honest, "/files/b": honest}
    row = {**with_file("a", "", keyword=["eau", "air"], theme=["Santé", "Transports"]), "alternative_exports": exports}
    wide.datasets = [row]
    read(source)
    wide.datasets = [
        {
            **with_file("a", "", keyword=["air", "eau"], theme=["Transports", "Santé"]),
            "alternative_exports": exports[::-1],
        }
    ]
    run = read(source, complete=True)
    here = Dataset.objects.get()
    assert (run.counts.get("unchanged"), run.counts.get("updated"), here.versions.count()) == (1, None, 1), told(run)


@pytest.mark.parametrize("announced", [10, 400])
def test_a_total_that_lies_loses_nothing(source, portal, read, announced):
    """The last dataset of the second page is the only one that is taken."""
    portal.datasets = [dataset(f"j{n:03}", theme=["Santé" if n < 119 else "Énergie"]) for n in range(120)]
    options = {"filters": {"theme": ["energie"]}, "mode": "metadata", "publish": False, "gone_after": 1}
    save_source(OPERATOR, source.organisation, source, **options)
    read(source)
    portal.total = announced
    run = read(source, complete=True)
    assert (run.counts["unchanged"], run.counts["skipped"], "archived" in run.counts) == (1, 119, False)


@pytest.mark.parametrize("answer", [(b'{"total_count": 300, "results": [{"data', 200), (b"", 500)])
def test_a_page_that_cannot_be_read_hides_neither_those_after_it_nor_what_it_had(
    source, portal, read, monkeypatch, answer
):
    """The second of three; one dataset of each is taken."""
    monkeypatch.setattr(runs, "WAITS", ())
    monkeypatch.setattr("parvis.core.fetching.requests.RETRY_WAITS", ())
    portal.datasets = [dataset(f"j{n:03}", theme=["Santé" if n % 100 else "Énergie"]) for n in range(250)]
    options = {"filters": {"theme": ["energie"]}, "mode": "metadata", "publish": False, "gone_after": 1}
    save_source(OPERATOR, source.organisation, source, **options)
    read(source)
    path = "/api/explore/v2.1/catalog/datasets"

    def broken(handler: BaseHTTPRequestHandler) -> None:
        query = parse_qs(urlsplit(handler.path).query)
        reply(handler, *(answer if query["offset"] == ["100"] else (portal.catalogue(query), 200)))

    portal.answers[path] = broken
    run = read(source, complete=True)
    assert (run.state, run.is_whole, run.counts["unchanged"], run.counts["skipped"]) == (State.DONE, False, 2, 148)
    assert "archived" not in run.counts
    (left,) = RunItem.objects.filter(run=run, outcome=Outcome.FAILED)
    assert "la page 2 du catalogue n’a pas pu être lue" in reasons_of(left)[0]


def test_a_source_that_renames_all_it_has_each_night_is_not_doubled(source, portal, read):
    source.gone_after = 1
    source.save()
    for night in range(3):
        portal.datasets = [dataset(f"{name}-{night}", title=f"Jeu {name}") for name in "abc"]
        run = read(source, complete=True)
    assert (run.counts["twin"], "archived" in run.counts, run.is_suspicious) == (3, False, True)
    assert Dataset.objects.filter(status=Status.PUBLISHED).count() == Dataset.objects.count() == 3
    assert undecided_items(source).count() == 3, "those of last night ask nothing any more"
    former = Dataset.objects.get(title="Jeu a")
    item = Item.objects.get(source=source, identifier="da_a-2")
    decide(OPERATOR, item, Decision.SAME)
    run = read(source, complete=True)
    item.refresh_from_db()
    assert (item.dataset, run.counts["twin"], Dataset.objects.count()) == (former, 2, 3)


def test_a_row_that_cannot_be_named_may_be_the_one_that_lacks(source, portal, read):
    portal.datasets = [dataset(name) for name in "abcdef"]
    source.mode, source.publish, source.gone_after = "metadata", False, 1
    source.save()
    read(source)
    portal.datasets[3] = {"metas": "?"}
    run = read(source, complete=True)
    assert (run.counts["failed"], "archived" in run.counts, "missing" in run.counts) == (1, False, False)


def test_tags_in_a_description_and_an_empty_title_do_no_harm(source, portal, read):
    portal.datasets = [
        dataset("a", title="", description='<p onclick="x()">Bon<script>mal()</script><img src=x onerror=y()></p>')
    ]
    source.mode, source.publish = "metadata", False
    source.save()
    assert read(source).counts["created"] == 1
    here = Dataset.objects.get()
    assert (here.title, "Bon" in here.description) == ("a", True)
    assert not any(word in here.description for word in ("script", "onclick", "onerror", "mal()"))
    assert RunItem.objects.get().outcome == Outcome.CREATED
