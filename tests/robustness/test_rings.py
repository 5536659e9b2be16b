"""Two portals that read each other, each in a process and a database of its own: nothing doubles, nothing comes back, nothing moves."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.dataservices.factories import make_service
from parvis.hub.dataservices.models import DataService
from parvis.hub.datastore.services import deposit_file, run_import_here, start_import
from parvis.hub.harvesting.outcomes import FROM_HERE
from parvis.hub.harvesting.rules import RUN
from parvis.hub.harvesting.selectors import undecided_items
from parvis.hub.harvesting.sources import begin_here, save_source
from parvis.hub.harvesting.tests.catalogue_server import Portal as Catalogue
from parvis.hub.harvesting.tests.catalogue_server import reply, serving
from parvis.hub.jobs.services import run_here
from served import Portal

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

THIRD: dict[str, tuple[str, Callable[[list[dict]], dict]]] = {
    "ckan": (
        "/api/3/action/package_search",
        lambda rows: {"success": True, "result": {"count": len(rows), "results": [_of_ckan(row) for row in rows]}},
    ),
    "udata": (
        "/api/1/datasets/",
        lambda rows: {
            "total": len(rows),
            "data": [
                {
                    "id": row["id"],
                    "title": row["title"],
                    "harvest": {"uri": row["page"]},
                    "extras": {"dcat": {"provenance": [f"Vient de {page}" for page in row["first"]]}},
                }
                for row in rows
            ],
        },
    ),
    "data_json": (
        "/data.json",
        lambda rows: {
            "dataset": [
                {
                    "identifier": row["page"],
                    "title": row["title"],
                    "landingPage": f"https://tiers.example/{row['id']}",
                    **({"http://www.w3.org/ns/adms#identifier": row["first"][0]} if row["first"] else {}),
                }
                for row in rows
            ]
        },
    ),
}
"""What catalogues of other software answer of datasets that they took from the second portal: their own copies, and a copy of ours."""


def _of_ckan(row: dict) -> dict:
    names = {"uri": row["page"], "alternate_identifier": json.dumps([f"{page}#identifier" for page in row["first"]])}
    extras = [{"key": key, "value": value} for key, value in names.items()]
    return {"id": row["id"], "name": row["id"], "title": row["title"], "extras": extras}


READ = """
import json, sys
import django; django.setup()
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting.outcomes import FROM_HERE
from parvis.hub.harvesting.rules import RUN
from parvis.hub.harvesting.selectors import undecided_items
from parvis.hub.harvesting.sources import begin_here, save_source
from parvis.hub.harvesting.tests.catalogue_server import Portal as Catalogue
from parvis.hub.harvesting.tests.catalogue_server import reply, serving
from parvis.hub.jobs.services import run_here
organisation, (url, dialect, mode, *names) = Organisation.objects.first(), sys.argv[1:]
source = save_source(OPERATOR, organisation, dialect=dialect, url=url, title="A", mode=mode)
for _line in sys.stdin:
    run = begin_here(OPERATOR, source, complete=True)
    run_here(OPERATOR, RUN, run=run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.error
    assert not undecided_items(source).exists(), "nobody is asked whether what is ours is ours"
    print(json.dumps(list(Dataset.objects.order_by("pk").values_list(*names)), default=str), flush=True)
"""
"""Reads the first portal once for each line that it is sent, in one process: starting one costs more than a round."""
NAMES = (
    "dataset_id",
    "uid",
    "title",
    "description",
    "status",
    "modified",
    "current__name",
    *("hvd", "inspire", "translations"),
)
ROUNDS = 3
WORDS = {
    "hvd": ["statistiques"],
    "inspire": {
        "scope": True,
        "themes": ["us"],
        "topics": ["society"],
        "lineage": "Recensement de la rentrée.",
        "scale": 5000,
    },
    "translations": {"en": {"title": "Schools", "keywords": ["school"]}},
}


@contextmanager
def reading(other: Portal, url: str, dialect: str, mode: str) -> Iterator[Callable[[], list]]:
    """What reads that address once there, each time that it is called: the datasets that are there then."""
    command = [sys.executable, "-c", READ, url, dialect, mode, *NAMES]
    pipes: dict = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with (
        other.log.open("ab") as log,
        subprocess.Popen(command, env=other.environment, text=True, stderr=log, **pipes) as process,
    ):

        def read() -> list:
            with suppress(BrokenPipeError):
                process.stdin.write("\n")
                process.stdin.flush()
            line = process.stdout.readline()
            assert line, other.log.read_text()[-2000:]
            return json.loads(line)

        try:
            yield read
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("dialect", "place", "mode", "told_address"),
    [("explore", "", "move", True), ("dcat", "/catalog.rdf", "copy", False)],
    ids=["explore", "dcat-of-one-whose-address-nobody-set"],
)
def test_two_portals_that_read_each_other_stand_still(
    home, town, live_server, settings, tmp_path: Path, monkeypatch, dialect, place, mode, told_address
):
    monkeypatch.setenv("PARVIS_SOURCES_PRIVATE_HOSTS", "127.0.0.1,localhost")
    monkeypatch.setenv("PARVIS_SOURCES_PAUSE", "0")
    settings.PARVIS = {
        **settings.PARVIS,
        "PARVIS_SOURCES_PRIVATE_HOSTS": ("127.0.0.1", "localhost"),
        "PARVIS_SOURCES_PAUSE": 0.0,
        "PARVIS_BASE_URL": live_server.url,
    }
    schools = create_dataset(
        OPERATOR, town.organisation, "ecoles", {"title": "Écoles", "description": "<p>Où.</p>", **WORDS}
    )
    rows = tmp_path / "ecoles.csv"
    rows.write_text("nom;classes\nBrassens;9\n", encoding="utf-8")
    run_import_here(
        OPERATOR, start_import(OPERATOR, deposit=deposit_file(OPERATOR, rows), dataset=schools, publish=True)
    )
    make_dataset(town.organisation, dataset_id="budget", title="Budget")
    service = make_service(town.organisation, datasets=[schools.permanent_id])
    table = tmp_path / "parcs.csv"
    table.write_text("nom;surface\nLac;3\n", encoding="utf-8")
    other = Portal(tmp_path / "autre")
    other.environment |= {
        "PARVIS_BASE_URL": f"http://127.0.0.1:{other.port}" if told_address else "",
        "DJANGO_SETTINGS_MODULE": "parvis.config.settings",
    }
    assert other.parvis("import", table).returncode == 0
    pages = []
    with other.served(workers=1), reading(other, f"{live_server.url}{place}", dialect, mode) as read_there:
        url = f"http://127.0.0.1:{other.port}{place}"
        source = save_source(OPERATOR, town.other_organisation, dialect=dialect, url=url, title="B", mode=mode)
        for _round in range(ROUNDS):
            there = read_there()
            run = begin_here(OPERATOR, source, complete=True)
            run_here(OPERATOR, RUN, run=run.pk)
            run.refresh_from_db()
            assert run.state == "done", run.error
            assert not undecided_items(source).exists()
            here = json.loads(json.dumps(list(Dataset.objects.order_by("pk").values_list(*NAMES)), default=str))
            pages.append((there, here))
        answer = json.loads(urlopen(f"http://127.0.0.1:{other.port}/api/parvis/v1/services").read())
    (passed_on,) = (row for row in answer["results"] if not row["of_the_portal"])
    assert (passed_on["identifier"], passed_on["datasets"]) == (str(service.identifier), ["ecoles"])
    assert DataService.objects.get() == service, "neither ours nor theirs come back"
    there, here = pages[-1]
    assert sorted(row[2] for row in there) == sorted(row[2] for row in here)
    assert len(here) == 3, "two that began here and one there"
    assert not [row[0] for row in [*there, *here] if row[0].endswith("-2")]
    assert pages[1:] == [pages[1]] * (ROUNDS - 1), "from the second round on, not a date has moved"
    (copied,) = (dict(zip(NAMES, row, strict=True)) for row in there if row[2] == "Écoles")
    assert (copied["hvd"], copied["translations"]["en"]["title"]) == (["statistiques"], "Schools")
    if dialect == "explore":
        assert copied["inspire"] == WORDS["inspire"]


@pytest.mark.parametrize("dialect", THIRD)
def test_what_comes_round_by_a_second_portal_and_other_software_is_never_taken_back(home, town, settings, dialect):
    first, second = "https://donnees.ici.fr/explore/dataset/ecoles/", "https://voisin.fr/explore/dataset"
    make_dataset(town.organisation, dataset_id="ecoles", title="Écoles")
    rows = [
        {"id": "copie", "title": "Les écoles, vues d’ailleurs", "page": f"{second}/ecoles-2/", "first": [first]},
        {"id": "propre", "title": "Les parcs du voisin", "page": f"{second}/parcs/", "first": []},
    ]
    path, write = THIRD[dialect]
    third = Catalogue()
    third.answers[path] = lambda handler: reply(handler, json.dumps(write(rows)).encode())
    with serving(third) as catalogue:
        settings.PARVIS = {
            **settings.PARVIS,
            "PARVIS_SOURCES_PRIVATE_HOSTS": (catalogue.address.partition("//")[2],),
            "PARVIS_SOURCES_PAUSE": 0.0,
            "PARVIS_BASE_URL": "https://donnees.ici.fr",
        }
        source = save_source(
            OPERATOR, town.organisation, dialect=dialect, url=catalogue.address, title="Tiers", mode="metadata"
        )
        for _round in range(ROUNDS):
            run = begin_here(OPERATOR, source, complete=True)
            run_here(OPERATOR, RUN, run=run.pk)
            run.refresh_from_db()
            assert run.state == "done", run.error
            (left,) = run.items.filter(title=rows[0]["title"])
            assert FROM_HERE.message in json.dumps(left.reasons, ensure_ascii=False)
            assert sorted(Dataset.objects.values_list("title", flat=True)) == [rows[1]["title"], "Écoles"]
