"""A portal to read, allowed for the time of a test, and to move in from."""

import json

import pytest

from parvis.config.cli.main import main
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.harvesting.models import Run, Source
from parvis.hub.harvesting.rules import RUN
from parvis.hub.harvesting.sources import begin_here, save_source
from parvis.hub.harvesting.tests.catalogue_server import Portal, serving
from parvis.hub.harvesting.tests.far_portal import FarPortal
from parvis.hub.jobs.services import run_here


@pytest.fixture
def portal(settings):
    """It, on the loopback, which sources of this test may reach without a pause."""
    with serving(Portal()) as made:
        port = int(made.address.rpartition(":")[2])
        settings.PARVIS = {
            **settings.PARVIS,
            "PARVIS_SOURCES_PRIVATE_HOSTS": (f"127.0.0.1:{port}",),
            "PARVIS_SOURCES_PAUSE": 0.0,
        }
        yield made


@pytest.fixture
def source(home, town, portal) -> Source:
    """The portal as a source of the town."""
    return save_source(OPERATOR, town.organisation, dialect="explore", url=portal.address, title="Essonne", schedule="")


@pytest.fixture
def read():
    """Read a source as the command does; the run."""

    def read_now(source: Source, **options) -> Run:
        run = begin_here(OPERATOR, source, **options)
        run_here(OPERATOR, RUN, run=run.pk)
        run.refresh_from_db()
        source.refresh_from_db()
        return run

    return read_now


@pytest.fixture
def far(portal) -> FarPortal:
    """A portal of nothing yet."""
    return FarPortal(portal)


@pytest.fixture
def move(home, town, far, monkeypatch, capsys):
    """The command, in this process: its status and its JSON."""
    monkeypatch.setattr("parvis.config.cli.instance.open_instance", lambda **_: None)

    def ask(*words: str):
        organisation = ("--organisation", town.organisation.slug)
        status = main(["move-in", far.portal.address, *organisation, *words, "--json"])
        return status, json.loads(capsys.readouterr().out)

    return ask
