"""The requests of a dataset's API tab, taken from the page and run with the tools they are for."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from html import unescape
from types import SimpleNamespace
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine.factories import make_version
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.datastore import selectors
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.ui.filters import quoted
from parvis.web.portal.dataset_downloads import examples
from parvis.web.portal.dataset_requests import TOOLS, samples

pytestmark = pytest.mark.django_db(transaction=True)

NAME = 'L’arbre de la "fête" #(1) d\'Évry \\ 100 %'
ROWS = [(NAME, 3), (NAME, 7), ("Autre", 5)]


@pytest.fixture
def texts(client, live_server, settings, tmp_path, monkeypatch):
    """The text of each tool on the page of a dataset whose most frequent name is hard to write."""
    settings.PARVIS_HOME = tmp_path
    settings.PARVIS = {**settings.PARVIS, "PARVIS_BASE_URL": live_server.url}
    (tmp_path / "datasets").mkdir()
    selectors.engine.cache_clear()
    dataset = make_dataset(dataset_id="arbres", title="Arbres")
    columns = [Column("nom", "Nom", ColumnType.TEXT), Column("n", "N", ColumnType.INT)]
    make_version(versions_folder(dataset.uid) / dataset.current.name, columns, ROWS)
    monkeypatch.setattr("parvis.web.portal.dataset_downloads.example_condition", lambda *_of: f"nom = {quoted(NAME)}")
    html = client.get("/explore/dataset/arbres/api/").content.decode()
    codes = dict(re.findall(r'<code id="code-(\w+)">(.*?)</code>', html, re.S))
    yield {name: unescape(text) for name, text in codes.items()}
    selectors.engine().close()
    selectors.engine.cache_clear()


def run(*command: str, text: str | None = None) -> str:
    """What a command prints."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_tool_has_its_text(texts):
    assert list(texts) == [tool.name for tool in TOOLS] == ["curl", "python", "javascript", "r", "excel"]


def test_the_command_for_curl_gives_the_rows(texts):
    body = json.loads(run("bash", "-c", texts["curl"]))
    assert [(row["nom"], row["n"]) for row in body["results"]] == ROWS[:2]


def test_the_program_in_python_prints_the_rows(texts):
    printed = run(sys.executable, "-", text=texts["python"]).splitlines()
    assert printed == [str({"nom": name, "n": n}) for name, n in ROWS[:2]]


def test_the_program_in_javascript_prints_the_rows(texts):
    program = f"{texts['javascript']}\nconsole.log(JSON.stringify(results));"
    printed = run("node", "--input-type=module", "-", text=program)
    assert printed.startswith("2 ")
    assert json.loads(printed.splitlines()[-1]) == [{"nom": name, "n": n} for name, n in ROWS[:2]]


def test_the_program_in_r_prints_the_rows(texts):
    if shutil.which("Rscript") is None:
        pytest.skip("never run without R, which the tests do not install: too large for one program")
    printed = run("Rscript", "-e", texts["r"])
    assert "Évry" in printed
    assert "Autre" not in printed


def test_the_request_of_power_query_answers_the_rows(texts):
    """Excel is not at hand: what its text asks for is read from it and asked, the text itself is not run."""
    address, condition = re.search(
        r'Web\.Contents\("((?:[^"]|"")*)", \[Query = \[where = "((?:[^"]|"")*)"\]\]\)', texts["excel"]
    ).groups()
    url = f"{address}?{urlencode({'where': condition.replace('""', '"').replace('#(#)', '#')})}"
    with urlopen(url) as answer:
        rows = list(csv.reader(io.StringIO(answer.read().decode("utf-8-sig")), delimiter=";"))
    assert rows == [["nom", "n"], *([name, str(n)] for name, n in ROWS[:2])]


def test_without_a_condition_the_texts_ask_for_everything():
    for sample in samples("https://portail.example/api/explore/v2.1/catalog/datasets/a", ""):
        assert "where" not in sample.text


def test_a_name_that_cannot_stand_alone_is_quoted_in_the_examples():
    shape = TableShape((Column("1_uai", "UAI", ColumnType.INT), Column("n", "N", ColumnType.INT)))
    listed = dict(examples("/x", shape, SimpleNamespace(profile={})))
    assert listed["order"] == "/x/records?order_by=%601_uai%60+desc&limit=10"
