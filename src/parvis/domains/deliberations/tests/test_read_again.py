"""A file that could not be read whole is read again when a person asks: once, from its first page, and nobody's words are lost."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from parvis.core.acts.model import Method, Page
from parvis.core.errors import Forbidden
from parvis.domains.deliberations.deposit.confirming import confirm
from parvis.domains.deliberations.deposit.reading import read_again
from parvis.domains.deliberations.deposit.receiving import add_annex, deposit_act
from parvis.domains.deliberations.deposit.sending import deposit_files
from parvis.domains.deliberations.factories import make_act, make_assembly
from parvis.domains.deliberations.kinds import READ
from parvis.domains.deliberations.models import Act, ActFile, FileText
from parvis.domains.deliberations.online.preparing import prepare_act
from parvis.domains.deliberations.online.publishing import publish_act, withdraw_act
from parvis.domains.deliberations.rules import ActIsSealed
from parvis.domains.deliberations.selectors import pages_of, published_pages
from parvis.domains.deliberations.tests.papers import act_pdf, run_queued
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.jobs.models import Job
from parvis.hub.records.services import update

pytestmark = pytest.mark.django_db
NAME = "Zoé Martineau"


@pytest.fixture
def commune(home):
    organisation = make_organisation("Grigny", siren="219102860")
    make_assembly(organisation)
    return organisation


def dropped(commune):
    body = act_pdf(reason=f"Madame {NAME} demande une aide")
    act = deposit_act(OPERATOR, commune, "DEL-2026-014.pdf", ContentFile(body, name="DEL-2026-014.pdf"))
    run_queued()
    act.refresh_from_db()
    return act


def leave_unread(file):
    """As after a child that died on the page: what was read of it says nothing."""
    FileText.objects.filter(pk=file.pk).update(pages=[Page(1, "", Method.UNREADABLE).to_json()])
    ActFile.objects.filter(pk=file.pk).update(unreadable_pages=1)
    file.refresh_from_db()


def confirmed(act, hidden=()):
    act = confirm(OPERATOR, act, {"title": act.title, "session": None}, list(hidden), revision=act.revision)
    run_queued()
    act.refresh_from_db()
    return act


def readings(file):
    return Job.objects.filter(kind=READ, arguments={"file": file.pk}).count()


def test_a_page_that_a_dead_child_left_is_read_again_and_its_act_filled(commune):
    act = dropped(commune)
    file = act.act_files.get()
    leave_unread(file)
    Act.objects.filter(pk=act.pk).update(number="")
    assert read_again(OPERATOR, act) == 1
    run_queued()
    file.refresh_from_db()
    act.refresh_from_db()
    assert (file.reading, file.unreadable_pages, file.error) == (ActFile.Reading.READ, 0, None)
    assert [page.method for page in pages_of(file)] == [Method.TEXT]
    assert act.number == "2026_014"


def test_a_reading_that_failed_is_tried_again(commune):
    act = dropped(commune)
    file = act.act_files.get()
    FileText.objects.filter(pk=file.pk).update(pages=[])
    ActFile.objects.filter(pk=file.pk).update(reading=ActFile.Reading.FAILED, error={"code": "reading-failed"})
    assert read_again(OPERATOR, act) == 1
    file.refresh_from_db()
    assert (file.reading, file.error) == (ActFile.Reading.WAITING, None)
    run_queued()
    file.refresh_from_db()
    assert file.reading == ActFile.Reading.READ


def test_a_reading_that_waits_is_not_asked_for_twice(commune):
    act = dropped(commune)
    file = act.act_files.get()
    leave_unread(file)
    assert [read_again(OPERATOR, act), read_again(OPERATOR, act)] == [1, 0]
    assert readings(file) == 2, "that of the deposit, and one more"


def test_a_reading_whose_worker_died_once_too_often_is_taken_up(commune):
    act = dropped(commune)
    file = act.act_files.get()
    ActFile.objects.filter(pk=file.pk).update(reading=ActFile.Reading.WAITING)
    Job.objects.filter(kind=READ).update(state=Job.State.FAILED)
    assert read_again(OPERATOR, act) == 1


def test_a_file_that_was_read_whole_is_left_alone_and_its_annex_is_read_again(commune):
    act = dropped(commune)
    annex = add_annex(OPERATOR, act, "plan.pdf", ContentFile(act_pdf("9"), name="plan.pdf"))
    run_queued()
    leave_unread(annex)
    assert read_again(OPERATOR, act) == 1
    assert readings(act.act_files.get(role=ActFile.Role.MAIN)) == 1
    assert readings(annex) == 2


def test_what_a_person_filled_is_not_read_over(commune):
    act = dropped(commune)
    update(OPERATOR, act, {"title": "Toiture de l’école Jean-Moulin", "number": "2026-14 bis"}, revision=act.revision)
    leave_unread(act.act_files.get())
    read_again(OPERATOR, act)
    run_queued()
    act.refresh_from_db()
    assert (act.title, act.number) == ("Toiture de l’école Jean-Moulin", "2026-14 bis")


def test_a_confirmed_act_changes_in_nothing_when_it_is_read_again(commune):
    act = confirmed(dropped(commune))
    Act.objects.filter(pk=act.pk).update(rapporteur="")
    leave_unread(act.act_files.get())
    read_again(OPERATOR, act)
    run_queued()
    act.refresh_from_db()
    assert act.rapporteur == ""
    assert act.confirmed_at is not None


def test_a_title_that_the_table_of_a_sending_gives_is_not_read_over(commune):
    table = "DELIB_ID;DELIB_OBJET;DELIB_URL\n2026-77;Classe de neige;https://grigny.example/actes/neige.pdf\n"
    files = [
        ContentFile(act_pdf("2026_001"), name="neige.pdf"),
        ContentFile(table.encode(), name="actes.csv"),
    ]
    deposit_files(OPERATOR, commune, files)
    run_queued()
    act = Act.objects.get()
    assert (act.title, act.number) == ("Classe de neige", "2026-77")


def test_what_was_decided_to_hide_is_hidden_in_what_is_read_at_last(commune):
    act = dropped(commune)
    file = act.act_files.get()
    leave_unread(file)
    act = confirmed(act, [NAME])
    file.refresh_from_db()
    assert file.spans["passages"] == []
    read_again(OPERATOR, act)
    run_queued()
    act = publish_act(OPERATOR, act)
    file.refresh_from_db()
    assert NAME in pages_of(file)[0].text
    assert [row["text"] for row in file.spans["passages"]] == [NAME]
    assert "Martineau" not in published_pages(file)[0].text


def test_what_is_published_has_the_text_that_was_read_at_last(commune):
    act = dropped(commune)
    file = act.act_files.get()
    leave_unread(file)
    act = confirmed(act)
    file.refresh_from_db()
    former = file.published
    assert published_pages(file)[0].text == ""
    stale = ActFile.objects.get(pk=file.pk)
    read_again(OPERATOR, act)
    file.refresh_from_db()
    assert not file.published
    assert former.name
    run_queued()
    file.refresh_from_db()
    assert file.published.name != former.name
    assert "toiture" in published_pages(file)[0].text
    assert stale.spans != file.spans, "what was being made of the former text is not kept"


def test_nothing_is_made_while_it_is_read_again(commune):
    act = dropped(commune)
    leave_unread(act.act_files.get())
    act = confirmed(act)
    read_again(OPERATOR, act)
    prepare_act(OPERATOR, act)
    assert not act.act_files.get().published


def test_an_act_that_is_online_or_was_withdrawn_is_not_read_again(commune):
    act = make_act(commune)
    ActFile.objects.filter(act=act).update(unreadable_pages=1)
    with pytest.raises(ActIsSealed):
        read_again(OPERATOR, act)
    withdraw_act(OPERATOR, act, "court")
    with pytest.raises(ActIsSealed):
        read_again(OPERATOR, act)
    assert not Job.objects.filter(kind=READ).exists()


def test_who_may_not_change_the_act_has_nothing_read_again(commune):
    act = dropped(commune)
    leave_unread(act.act_files.get())
    with pytest.raises(Forbidden):
        read_again(actor_of(make_member(commune, Role.READER)), act)
    stranger = Client()
    stranger.force_login(make_member(make_organisation(), Role.STEWARD))
    assert stranger.post(reverse("acts:read-again", args=[act.pk])).status_code == 404
    assert readings(act.act_files.get()) == 1


def test_the_screen_offers_it_where_something_was_not_read_and_there_alone(commune):
    act = dropped(commune)
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_member(commune, Role.CONTRIBUTOR))
    screen, address = reverse("acts:confirm", args=[act.pk]), reverse("acts:read-again", args=[act.pk])
    assert address not in client.get(screen).content.decode()
    leave_unread(act.act_files.get())
    page = client.get(screen)
    assert address in page.content.decode()
    assert client.post(address).status_code == 403
    assert client.get(address).status_code == 405
    token = page.context["csrf_token"]
    answer = client.post(address, {"csrfmiddlewaretoken": str(token)}, follow=True)
    assert "La lecture recommence" in answer.content.decode()
    assert "La lecture est en cours" in answer.content.decode()
    assert address not in answer.content.decode()
    again = client.post(address, {"csrfmiddlewaretoken": str(token)}, follow=True)
    assert "la lecture est déjà en cours" in again.content.decode()


def test_the_screen_leads_to_what_follows_an_act_once_it_is_confirmed(commune):
    act = dropped(commune)
    client = Client()
    client.force_login(make_member(commune, Role.CONTRIBUTOR))
    screen, money = reverse("acts:confirm", args=[act.pk]), reverse("acts_money:act", args=[act.slug])
    assert money not in client.get(screen).content.decode()
    confirmed(act)
    assert money in client.get(screen).content.decode()
    assert client.get(money).status_code == 200
