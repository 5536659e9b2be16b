"""Two portals that read each other, each in a process and a database of its own: nothing doubles, nothing comes back, nothing moves."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting.rules import RUN
from parvis.hub.harvesting.sources import begin_here, save_source
from parvis.hub.jobs.services import run_here
from served import Portal

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

READ = """
import json, sys
import django; django.setup()
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.rules import RUN
from parvis.hub.harvesting.sources import begin_here, save_source
from parvis.hub.jobs.services import run_here
organisation, (url, dialect, mode) = Organisation.objects.first(), sys.argv[1:]
source = Source.objects.filter(url=url).first() or save_source(OPERATOR, organisation, dialect=dialect, url=url, title="A", mode=mode)
run = begin_here(OPERATOR, source, complete=True)
run_here(OPERATOR, RUN, run=run.pk)
run.refresh_from_db()
assert run.state == "done", run.error
names = ("dataset_id", "uid", "title", "description", "status", "modified", "current__name")
print(json.dumps(list(Dataset.objects.order_by("pk").values_list(*names)), default=str))
"""
NAMES = ("dataset_id", "uid", "title", "description", "status", "modified", "current__name")
ROUNDS = 3


@pytest.mark.parametrize(("dialect", "place", "mode"), [("explore", "", "move"), ("dcat", "/catalog.rdf", "copy")])
def test_two_portals_that_read_each_other_stand_still(
    home, town, live_server, settings, tmp_path: Path, monkeypatch, dialect, place, mode
):
    monkeypatch.setenv("PARVIS_SOURCES_PRIVATE_HOSTS", "127.0.0.1,localhost")
    monkeypatch.setenv("PARVIS_SOURCES_PAUSE", "0")
    settings.PARVIS = {
        **settings.PARVIS,
        "PARVIS_SOURCES_PRIVATE_HOSTS": ("127.0.0.1", "localhost"),
        "PARVIS_SOURCES_PAUSE": 0.0,
        "PARVIS_BASE_URL": live_server.url,
    }
    make_dataset(town.organisation, dataset_id="ecoles", title="Écoles")
    make_dataset(town.organisation, dataset_id="budget", title="Budget")
    table = tmp_path / "parcs.csv"
    table.write_text("nom;surface\nLac;3\n", encoding="utf-8")
    other = Portal(tmp_path / "autre")
    other.environment |= {
        "PARVIS_BASE_URL": f"http://127.0.0.1:{other.port}",
        "DJANGO_SETTINGS_MODULE": "parvis.config.settings",
    }
    assert other.parvis("import", table).returncode == 0
    pages = []
    with other.served(workers=1):
        url = f"http://127.0.0.1:{other.port}{place}"
        source = save_source(OPERATOR, town.other_organisation, dialect=dialect, url=url, title="B", mode=mode)
        for _round in range(ROUNDS):
            command = [sys.executable, "-c", READ, f"{live_server.url}{place}", dialect, mode]
            there = subprocess.run(command, env=other.environment, capture_output=True, text=True, check=False)
            assert there.returncode == 0, there.stderr[-2000:]
            run = begin_here(OPERATOR, source, complete=True)
            run_here(OPERATOR, RUN, run=run.pk)
            run.refresh_from_db()
            assert run.state == "done", run.error
            here = json.loads(json.dumps(list(Dataset.objects.order_by("pk").values_list(*NAMES)), default=str))
            pages.append((json.loads(there.stdout.splitlines()[-1]), here))
    there, here = pages[-1]
    assert sorted(row[2] for row in there) == sorted(row[2] for row in here)
    assert len(here) == 3, "two that began here and one there"
    assert not [row[0] for row in [*there, *here] if row[0].endswith("-2")]
    assert pages[1:] == [pages[1]] * (ROUNDS - 1), "from the second round on, not a date has moved"
