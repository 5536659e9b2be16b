"""Workers that die, again and again: what they leave is taken up, then told, and nothing waits for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from parvis.domains.deliberations.deposit.confirming import confirm
from parvis.domains.deliberations.deposit.receiving import deposit_act
from parvis.domains.deliberations.factories import make_assembly
from parvis.domains.deliberations.kinds import PREPARE, READ
from parvis.domains.deliberations.models import ActFile, FileText
from parvis.domains.deliberations.online.readiness import missing_of
from parvis.domains.deliberations.selectors import files_of
from parvis.domains.deliberations.tests.papers import act_pdf, run_queued
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.rules import MOST_ATTEMPTS
from parvis.hub.jobs.services import reap

pytestmark = pytest.mark.django_db


@pytest.fixture
def act(home):
    organisation = make_organisation("Grigny", siren="219102860")
    make_assembly(organisation)
    return deposit_act(OPERATOR, organisation, "DEL.pdf", ContentFile(act_pdf(), name="DEL.pdf"))


def killed_too_often(kind):
    """The worker of the one job of a kind died as often as it is tried, elsewhere."""
    long_ago = timezone.now() - timedelta(hours=1)
    (job,) = Job.objects.filter(kind=kind, state=Job.State.QUEUED)
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, attempts=MOST_ATTEMPTS, holder="ailleurs-1-abc", heartbeat=long_ago, progressed=None
    )
    assert [row.state for row in reap()] == [Job.State.FAILED]


def told_missing(act):
    act.refresh_from_db()
    return " ".join(words.text("fr") for words in missing_of(act, files_of([act])[act.pk]))


def test_a_reading_that_is_given_up_is_told_and_waited_for_no_more(act):
    killed_too_often(READ)
    file = ActFile.objects.get(act=act)
    assert (file.reading, file.error["code"]) == (ActFile.Reading.FAILED, "act-reading-interrupted")
    assert "lecture" not in told_missing(act)


def test_an_act_confirmed_meanwhile_still_hides_what_was_decided(act):
    """Completed by hand while its file was being read, by a worker that then died."""
    confirm(OPERATOR, act, {"title": "Secours"}, ["Camille Durand"], revision=act.revision, despite=True)
    Job.objects.filter(kind=PREPARE).delete()
    FileText.objects.create(
        file=act.act_files.get(), pages=[{"number": 1, "text": "À Camille Durand", "method": "text"}]
    )
    killed_too_often(READ)
    assert [row["text"] for row in ActFile.objects.get(act=act).spans["passages"]] == ["Camille Durand"]
    assert Job.objects.filter(kind=PREPARE, state=Job.State.QUEUED).exists()


def test_a_preparation_that_is_given_up_is_told_and_confirming_again_makes_it(act):
    run_queued()
    act.refresh_from_db()
    act = confirm(OPERATOR, act, {"title": "Toiture"}, [], revision=act.revision, despite=True)
    killed_too_often(PREPARE)
    assert "La préparation de « DEL.pdf » a été interrompue avant sa fin." in told_missing(act)
    assert "des mots cachés se lisent encore" not in told_missing(act)
    act.refresh_from_db()
    confirm(OPERATOR, act, {"title": "Toiture"}, [], revision=act.revision, despite=True)
    run_queued()
    assert told_missing(act) == ""
    assert ActFile.objects.get(act=act).published


def test_a_file_that_nothing_can_be_made_of_says_why(act):
    """Not that hidden words can be read: nothing is hidden in it."""
    run_queued()
    act.refresh_from_db()
    file = act.act_files.get()
    file.original.storage.delete(file.original.name)
    file.original.save("abime.pdf", ContentFile(b"%PDF-1.7 nothing more"))
    act = confirm(OPERATOR, act, {"title": "Toiture"}, [], revision=act.revision, despite=True)
    run_queued()
    assert "Le document « DEL.pdf » est abîmé" in told_missing(act)
    assert "des mots cachés se lisent encore" not in told_missing(act)


def test_an_occultation_that_not_everybody_could_verify_is_not_said_readable(act):
    run_queued()
    refused = {"is_publishable": False, "hits": [], "unread": ["recognition"]}
    ActFile.objects.filter(act=act).update(verification=refused)
    assert "n’a pas pu être vérifiée" in told_missing(act)
    assert "des mots cachés se lisent encore" not in told_missing(act)
    refused["hits"] = [{"word": 0, "source": "pdfium", "page": 1, "place": ""}]
    ActFile.objects.filter(act=act).update(verification=refused)
    assert "des mots cachés se lisent encore" in told_missing(act)


@pytest.mark.parametrize("reading", [ActFile.Reading.FAILED, ActFile.Reading.READ])
def test_a_picture_some_pages_of_which_nobody_read_is_not_published_without_them(act, reading):
    """Of a PDF the page itself is published; of a scan in TIFF only what was read."""
    run_queued()
    act.refresh_from_db()
    pages = [{"number": 1, "text": "Article 1er", "method": "recognised"}]
    if reading == ActFile.Reading.READ:
        pages.append({"number": 2, "text": "", "method": "unreadable"})
    ActFile.objects.filter(act=act).update(suffix="tiff", name="scan.tiff", reading=reading)
    FileText.objects.filter(file__act=act).update(pages=pages)
    confirm(OPERATOR, act, {"title": "Toiture"}, [], revision=act.revision, despite=True)
    run_queued()
    assert "Des pages de « scan.tiff » n’ont pas pu être lues" in told_missing(act)
    assert not ActFile.objects.get(act=act).published
