"""Two at once, the wrong organisation, what is withdrawn or deleted: what people try against acts, and what it must not do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.log_actions import log

from parvis.core.errors import Forbidden, ParvisError
from parvis.domains.deliberations.deposit import screens
from parvis.domains.deliberations.deposit.confirming import confirm, session_for
from parvis.domains.deliberations.factories import make_act, make_assembly, make_session
from parvis.domains.deliberations.models import Act, ActFile, Session
from parvis.domains.deliberations.money.rules import AmountFacts, SaysHidden
from parvis.domains.deliberations.money.services import add_step, set_amounts
from parvis.domains.deliberations.online import guard
from parvis.domains.deliberations.online.preparing import prepare_act
from parvis.domains.deliberations.online.publishing import publish_act, withdraw_act
from parvis.domains.deliberations.rules import ActIsSealed, NotOnline, NotReady, SameAct
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.audit.models import Entry
from parvis.hub.quotas.concurrency import PERMITS, Permits
from parvis.hub.records import services as records
from parvis.hub.seals.models import SealEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune(home):
    return make_organisation("Grigny", siren="219102860")


def ready(commune, **facts):
    act = make_act(commune, online=False, **facts)
    Act.objects.filter(pk=act.pk).update(slug=f"depot-{act.pk}")
    act.refresh_from_db()
    return act


def at_once(*works):
    """What each of some works answered or raised, started together, each with its own connection."""

    def run(work):
        try:
            return work()
        except ParvisError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_published_twice_at_once_is_sealed_once(commune):
    act = ready(commune)
    answers = at_once(*[lambda: publish_act(OPERATOR, Act.objects.get(pk=act.pk)) for _ in range(2)])
    assert all(isinstance(answer, Act) for answer in answers)
    assert SealEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_acts_of_one_name_published_at_once_one_is_refused(commune):
    acts = [ready(commune, number="2026-01"), ready(commune, number="2026-02")]
    Act.objects.filter(pk=acts[1].pk).update(number="2026-01")
    acts[1].refresh_from_db()
    acts[1].save_revision(clean=False)
    answers = at_once(*[lambda act=act: publish_act(OPERATOR, act) for act in acts])
    assert {type(answer) for answer in answers} == {Act, SameAct}


def test_an_address_that_somebody_takes_between_two_looks_is_told_taken(commune, monkeypatch):
    first = publish_act(OPERATOR, ready(commune, number="2026-01"))
    second = ready(commune, number="2026-02")
    real, looks = Act.objects.filter, []

    def blind(*args, **facts):
        """The first look at the address sees nobody, as when the other has not ended its transaction."""
        if facts == {"slug": first.slug} and not looks:
            looks.append(1)
            return Act.objects.none()
        return real(*args, **facts)

    monkeypatch.setattr(guard.Act.objects, "filter", blind)
    assert guard._take_address(second, first.slug) == first


@pytest.mark.django_db(transaction=True)
def test_two_acts_of_a_day_confirmed_at_once_make_one_sitting(commune):
    assembly = make_assembly(commune)
    acts = [ready(commune), ready(commune)]
    at_once(*[lambda act=act: session_for(OPERATOR, act, assembly) for act in acts])
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_confirm_an_act_at_once_one_is_told(commune):
    act = ready(commune)
    works = [
        lambda title=title: confirm(OPERATOR, Act.objects.get(pk=act.pk), {"title": title}, [], revision=act.revision)
        for title in ("Un", "Deux")
    ]
    answers = at_once(*works)
    assert sorted(isinstance(answer, Act) for answer in answers) == [False, True]


def test_what_was_never_online_or_is_gone_is_not_withdrawn(commune):
    draft = ready(commune)
    with pytest.raises(NotOnline):
        withdraw_act(OPERATOR, draft, "privacy")
    draft.refresh_from_db()
    assert draft.withdrawn_at is None
    act = publish_act(OPERATOR, draft)
    withdraw_act(OPERATOR, act, "privacy")
    with pytest.raises(NotOnline):
        withdraw_act(OPERATOR, act, "court")
    assert [entry.kind for entry in SealEntry.objects.order_by("sequence")] == ["publication", "withdrawal"]


def test_what_was_withdrawn_is_neither_prepared_nor_published_again(commune):
    act = publish_act(OPERATOR, ready(commune))
    withdraw_act(OPERATOR, act, "privacy")
    act.refresh_from_db()
    prepare_act(OPERATOR, act)
    assert not act.act_files.get().published
    ActFile.objects.filter(act=act).update(published="acts/published/acte.pdf")
    with pytest.raises(NotReady, match="retiré"):
        records.publish(OPERATOR, act)


def test_the_bytes_of_a_draft_that_is_deleted_are_deleted(commune, django_capture_on_commit_callbacks):
    act = ready(commune)
    file = act.act_files.get()
    storage, names = file.original.storage, (file.original.name, file.published.name)
    with django_capture_on_commit_callbacks(execute=True):
        records.delete(OPERATOR, act)
    assert not any(storage.exists(name) for name in names)


def test_an_act_online_keeps_its_address_its_votes_and_its_organisation(commune):
    act = publish_act(OPERATOR, ready(commune))
    with pytest.raises(ActIsSealed):
        records.move(OPERATOR, act, "autre-adresse")
    act.refresh_from_db()
    for changes in (
        {"present": 3},
        {"is_unanimous": False},
        {"rapporteur": "X"},
        {"organisation": make_organisation()},
    ):
        with pytest.raises(ActIsSealed):
            records.update(OPERATOR, Act.objects.get(pk=act.pk), changes, revision=act.revision)


def test_an_act_is_not_tied_to_what_is_of_another_organisation(commune):
    other = make_organisation("Ailleurs")
    act = ready(commune)
    elsewhere = make_session(make_assembly(other))
    for changes in ({"session": elsewhere}, {"corrects": make_act(other)}):
        with pytest.raises(Forbidden):
            confirm(OPERATOR, act, changes, [], revision=act.revision)


def test_a_sitting_is_not_of_the_assembly_of_others(commune):
    other = make_assembly(make_organisation("Ailleurs"))
    client = Client()
    client.force_login(make_member(commune, Role.STEWARD))
    sent = {
        "organisation": commune.pk,
        "assembly": other.pk,
        "title": "Séance",
        "held_on": "2026-01-15",
        "state": "held",
        **{f"items-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")},
    }
    page = client.post("/admin/seances/add/", sent)
    assert "assembly" in page.context["form"].errors
    assert other.name not in client.get("/admin/seances/add/").content.decode()
    client.post("/admin/seances/add/", {**sent, "assembly": make_assembly(commune, "Bureau").pk})
    assert Session.objects.get().organisation == commune


def test_what_corrects_an_act_names_it_on_the_screen_and_has_an_address_of_its_own(commune):
    act = publish_act(OPERATOR, ready(commune, number="2026-01", date=date(2026, 1, 15)))
    second = ready(commune, number="2026-09", date=date(2026, 1, 15))
    client = Client()
    client.force_login(make_member(commune, Role.STEWARD))
    address = reverse("acts:confirm", args=[second.pk])
    form = client.get(address).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    sent = {name: "" if value is False else value for name, value in sent.items()} | {"hidden": [], "session": ""}
    refused = client.post(address, {**sent, "corrects": "999"})
    assert "corrects" in refused.context["form"].errors
    client.post(address, {**sent, "number": "2026-01", "corrects": f"https://parvis.example{act.get_absolute_url()}"})
    second.refresh_from_db()
    assert second.corrects == act
    ActFile.objects.filter(act=second).update(published="acts/published/a.pdf", published_digest="0" * 64)
    assert publish_act(OPERATOR, second).slug == f"{act.slug}-2"


def test_what_an_act_hides_is_not_written_beside_it_once_it_is_online(commune):
    act = ready(commune)
    ActFile.objects.filter(act=act).update(spans={"words": ["Zoé Martineau"], "words_read": ["Zoé Martineau"]})
    act = publish_act(OPERATOR, act)
    with pytest.raises(SaysHidden):
        set_amounts(OPERATOR, act, [AmountFacts(100, "grant", "", "", "ZOE MARTINEAU")])
    with pytest.raises(SaysHidden):
        add_step(OPERATOR, act, "done", date(2026, 2, 1), "Versé à Mme Zoé Martineau")
    assert add_step(OPERATOR, act, "done", date(2026, 2, 1), "Versé").pk


def test_pages_drawn_at_once_for_one_person_are_bounded_and_leave_no_message(commune, monkeypatch):
    act = ready(commune)
    address = reverse("acts:picture", args=[act.pk, act.act_files.get().pk, 1])
    client = Client()
    client.force_login(make_member(commune, Role.STEWARD))
    assert client.get(address).status_code == 422, "no PDF: told in place, not on the next page"
    monkeypatch.setitem(PERMITS, "pictures", Permits(8, 0))
    monkeypatch.setattr(screens, "page_picture", lambda *args: pytest.fail("drawn all the same"))
    assert client.get(address).status_code in (429, 503)


def test_moments_that_wagtail_notes_enter_the_journal(commune):
    act = ready(commune)
    log(act, "wagtail.schedule.cancel", data={"revision": {"go_live_at": act.created}})
    entry = Entry.objects.filter(action="act.unschedule").get()
    assert entry.details["revision"]["go_live_at"].startswith(f"{act.created.year}-")
