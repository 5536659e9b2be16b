"""A portal killed while an answer is on its way: the browser keeps it, sends it again, and it makes one answer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from served import Portal

pytestmark = [pytest.mark.slow, pytest.mark.browser]

MAKE = """
from parvis.config.cli.instance import open_instance
open_instance(may_create=True)
from parvis.config.cli.serve import collect_assets
collect_assets()
from parvis.hub.accounts.factories import make_organisation
make_organisation()
from parvis.domains.surveys.demo import load_demo
from parvis.domains.surveys.models import Survey
load_demo()
Survey.objects.update(is_moderated=False)
"""
COUNT = """
import json, os, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
django.setup()
from parvis.domains.surveys.models import Answer
answers = [answer for answer in Answer.objects.order_by("pk") if answer.values.get("remarque", "").startswith("Essai")]
photos = [[photo.file.size for photo in answer.photos.all()] for answer in answers]
print(json.dumps([[answer.values["remarque"], len(sizes)] for answer, sizes in zip(answers, photos)]))
"""


def noise() -> bytes:
    """A picture of a megabyte and a half, which a browser has no reason to make smaller."""
    buffer = BytesIO()
    Image.frombytes("RGB", (1_200, 1_200), os.urandom(1_200 * 1_200 * 3)).save(buffer, "JPEG", quality=60)
    return buffer.getvalue()


def run(program, portal) -> str:
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=portal.environment, check=True, capture_output=True, text=True).stdout


def kill(portal) -> None:
    """All its processes at once, as when a machine loses its power."""
    for number in (*portal.children(), portal.process.pid):
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    portal.process.wait()


def test_a_server_killed_while_it_receives_an_answer_loses_nothing_and_makes_one(chromium, tmp_path):
    portal = Portal(tmp_path / "home")
    run(MAKE, portal)
    context = chromium.new_context(locale="fr-FR", base_url=f"http://127.0.0.1:{portal.port}")
    page = context.new_page()
    with portal.served(workers=1):
        page.goto("/collectes/arbres-de-nos-rues/")
        page.wait_for_selector("html[data-hors-ligne]")
        page.get_by_label("Platane").check()
        page.get_by_label("Bien", exact=True).check()
        page.get_by_label("Ou une adresse").fill("Devant la gare")
        page.get_by_label("Autre chose à dire ?").fill("Essai")
        page.get_by_label("Photo").set_input_files({"name": "arbre.jpg", "mimeType": "image/jpeg", "buffer": noise()})
        slow = {"offline": False, "latency": 20, "downloadThroughput": -1, "uploadThroughput": 150_000}
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", slow)
        with page.expect_request("**/envoyer/"):
            page.get_by_role("button", name="Envoyer ma réponse").click()
        page.wait_for_timeout(1_500)  # a part of the photo is there
        kill(portal)
        expect(page.locator("[data-etat=waiting]")).to_contain_text("fichiers joints : 1", timeout=60_000)
        assert json.loads(run(COUNT, portal)) == []
    session.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    with portal.served(workers=1):
        page.get_by_role("button", name="Envoyer maintenant").click()
        expect(page.locator("[data-etat=received]")).to_contain_text("Reçue n°", timeout=60_000)
        assert json.loads(run(COUNT, portal)) == [["Essai", 1]]
    context.close()
