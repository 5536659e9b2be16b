"""The acts of the demonstration go the whole way, say that they are examples, and are loaded once."""

from __future__ import annotations

import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone

from parvis.domains.deliberations import demo
from parvis.domains.deliberations.deadlines.rules import Task
from parvis.domains.deliberations.deadlines.selectors import duties
from parvis.domains.deliberations.models import Act, ActFile, AgendaItem, FileText, Session
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.records.selectors import published
from parvis.hub.seals.selectors import chain_lines
from parvis.packs.bundled_files import demo_rows

pytestmark = pytest.mark.django_db


KEPT = {"EX-012", "EX-014", "EX-018", "EX-019", "EX-024", "EX-026", "EX-042", "EX-045", "EX-A-32", "EX-A-33", "EX-A-52"}
"""One act of each sort: journeys load the whole pack."""


@pytest.fixture
def communes(home, monkeypatch):
    make_organisation("Grigny", siren="219102860")
    communes = demo_rows("deliberations")["communes"]
    for row in [*communes, *(session for commune in communes for session in commune["sessions"])]:
        name = "acts" if "acts" in row else "signed"
        row[name] = [act for act in row[name] if act["number"] in KEPT]
    pack = {"note": demo_rows("deliberations")["note"], "communes": communes}
    monkeypatch.setattr(demo, "demo_rows", lambda name: pack)
    return communes


def test_the_demonstration_goes_the_whole_way_and_is_loaded_once(communes):
    demo.load_demo()
    sessions = [row for commune in communes for row in commune["sessions"]]
    rows = [act for row in sessions for act in row["acts"]] + [act for row in communes for act in row["signed"]]
    online = published(Act)
    assert online.exclude(kind=Act.Kind.MINUTES).count() == len(rows) - 2
    assert {act.outcome for act in online} >= set(Act.Outcome.values)
    assert online.exclude(kind=Act.Kind.MINUTES).exclude(signatory_quality__contains="inventé").count() == 0
    for text in FileText.objects.filter(file__act__in=online, file__role="main"):
        letters = " ".join(" ".join(page["text"] for page in text.published_pages).split())
        if text.file.confidence is None and text.file.unreadable_pages == 0:
            assert letters.count("Exemple rédigé pour la démonstration de Parvis") >= 1
    assert not online.exclude(title__endswith="(exemple)").exists()
    hidden = ActFile.objects.get(act__number="EX-A-32")
    with hidden.published.open("rb") as stream:
        body = pypdfium2.PdfDocument(stream.read())[0].get_textpage().get_text_bounded()
    assert "Martineau" not in body
    gone, corrected = Act.objects.get(number="EX-A-33"), Act.objects.get(number="EX-014")
    assert Client().get(gone.get_absolute_url()).status_code == 410
    assert "rectification d’une erreur" in Client().get(corrected.get_absolute_url()).content.decode()
    assert len(list(chain_lines())) == online.count() + 2, "each act online, and the two lines of the one withdrawn"
    assert not AgendaItem.objects.filter(session__state=Session.State.HELD, act=None).exists()
    assert [duty.task for duty in duties(OPERATOR, timezone.localdate())] == [Task.CONFIRM]
    before = list(Act.objects.order_by("pk").values_list("pk", "revision"))
    demo.load_demo()
    assert list(Act.objects.order_by("pk").values_list("pk", "revision")) == before
    assert Session.objects.count() == len(sessions) + len(communes)
