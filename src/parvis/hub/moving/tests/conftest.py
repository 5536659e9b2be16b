"""A former portal with all that it has besides datasets, and the command that moves it."""

import json

import pytest

from parvis.config.cli.main import main
from parvis.hub.harvesting.tests.conftest import portal
from parvis.hub.harvesting.tests.far_portal import KEY
from parvis.hub.moving.tests.whole_portal import WholePortal

__all__ = ["portal"]


@pytest.fixture
def far(portal) -> WholePortal:
    """It, full."""
    made = WholePortal(portal)
    made.fill()
    return made


@pytest.fixture
def key(tmp_path) -> tuple[str, str]:
    """The words that give the key that may."""
    path = tmp_path / "cle"
    path.write_text(KEY.removeprefix("Apikey "))
    return "--key-file", str(path)


@pytest.fixture
def move(home, town, far, monkeypatch, capsys):
    """The command, in this process: its status and its JSON."""
    monkeypatch.setattr("parvis.config.cli.instance.open_instance", lambda **_: None)

    def ask(*words: str):
        status = main(["move-in", far.portal.address, "--organisation", town.organisation.slug, *words, "--json"])
        return status, json.loads(capsys.readouterr().out)

    return ask
