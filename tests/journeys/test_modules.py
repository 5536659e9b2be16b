"""Each subject of public life can be taken away: without it the portal, the back office, the API, MCP and the demonstration go on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from parvis.config.cli.prepared import put_empty_database
from parvis.config.settings import INSTALLED_APPS

pytestmark = pytest.mark.slow

SUBJECTS = [name for name in INSTALLED_APPS if name.startswith("parvis.domains.")]
FILL = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.registry import modules
make_organisation()
for module in modules():
    if module.demo is not None:
        module.demo()
"""
"""A home with records of every subject."""

WALK = """
import re, sys
from parvis.config import settings
settings.INSTALLED_APPS.remove(sys.argv[1])
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from wagtail.models import Site
call_command("migrate", verbosity=0)
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.services import add_superuser
from parvis.hub.accounts.models import Person
from parvis.hub.home.layouts import LAYOUT_NAMES
from parvis.hub.home.services import set_home
from parvis.hub.registry import modules
from parvis.hub.sites.menu_targets import rooms
assert all(not module.urls.startswith(sys.argv[1]) for module in modules())
add_superuser(OPERATOR, "dsi@example.org", "le parvis est pavé 91")
client, signed = Client(SERVER_NAME="127.0.0.1"), Client(SERVER_NAME="127.0.0.1")
signed.force_login(Person.objects.get())
public = ["/", *(room.path() for room in rooms().values()), "/sitemap.xml", "/api/parvis/v1/openapi.json", "/ogc/", "/catalog.ttl"]
backoffice = sorted(set(re.findall(r'href="(/admin/[^"#?]+)"', signed.get("/admin/").content.decode())))
assert len(backoffice) > 15, backoffice
backoffice += ["/admin/journal/", "/admin/reports/site-history/"]  # which tell acts on what is gone
for who, addresses in ((client, public), (signed, backoffice)):
    for address in addresses:
        answer = who.get(address, follow=True)
        assert answer.status_code == 200, (address, answer.status_code)
question = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
answer = client.post("/mcp", question, content_type="application/json", headers={"Accept": "application/json, text/event-stream"})
assert answer.status_code == 200 and "tools" in answer.json()["result"], answer.content
for layout in LAYOUT_NAMES:
    set_home(OPERATOR, Site.objects.get(is_default_site=True), layout=layout)
    assert client.get("/").status_code == 200, layout
print("walked", len(public) + len(backoffice))
"""


def _run(program: str, home: Path, *arguments: str) -> str:
    """What the program says in the instance of that home."""
    environment = {
        **os.environ,
        "PARVIS_HOME": str(home),
        "PARVIS_DATABASE_URL": "",
        "PARVIS_SUPERUSER_SECOND_FACTOR": "false",
        "DJANGO_SETTINGS_MODULE": "parvis.config.settings",
    }
    command = [sys.executable, "-c", program, *arguments]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    return run.stdout


@pytest.fixture(scope="module")
def filled_home(tmp_path_factory) -> Path:
    """A home with records of every subject."""
    home = tmp_path_factory.mktemp("filled") / "home"
    home.mkdir()
    put_empty_database(home / "parvis.sqlite3")
    _run(FILL, home)
    return home


@pytest.mark.parametrize("subject", SUBJECTS)
def test_without_a_subject_everything_else_answers(subject, filled_home, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(filled_home, home)
    assert _run(WALK, home, subject).startswith("walked")
