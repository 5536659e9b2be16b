"""The public screens exist in English, and in French nought is singular."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.services import bump_revision
from parvis.hub.ui.tests.markup import tight

ROOT = Path(__file__).resolve().parents[5]
ROOMS = ("src/parvis/web/portal", "src/parvis/hub/")


def _script():
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_sentence_of_the_portal_and_the_hub_has_its_english():
    script = _script()
    translated = script.known()
    lacking = [
        f"{file}:{line} {text}"
        for file, line, message in script.sentences()
        for text in script.forms(message)
        if file.startswith(ROOMS) and text not in translated
    ]
    assert lacking == []


@pytest.mark.django_db
def test_a_reader_of_english_gets_english(client):
    make_dataset(title="Arceaux à vélos", themes=["transports"])
    bump_revision()
    html = tight(client.get("/explore/", headers={"accept-language": "en"}).content.decode())
    assert '<html lang="en">' in html
    assert "Explore the datasets" in html
    assert "1 dataset" in html
    assert "Trier" not in html


@pytest.mark.django_db
def test_in_french_nought_is_singular(client):
    assert "0 jeu de données" in client.get("/explore/?q=xylophone").content.decode()
