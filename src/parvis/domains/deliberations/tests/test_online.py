"""An act goes online once it is whole, under the address that names it, and never changes nor vanishes afterwards."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.files.base import ContentFile

from parvis.core.seals import SealedFileChanged
from parvis.domains.deliberations.factories import add_file, make_act, make_assembly, make_session
from parvis.domains.deliberations.models import Act, ActFile, AgendaItem, FileText
from parvis.domains.deliberations.online.publishing import begin_correction, publish_act, publish_session, withdraw_act
from parvis.domains.deliberations.rules import ActIsSealed, NotReady, NotWithdrawn, SameAct
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.records import services as records
from parvis.hub.seals.selectors import chain_lines
from parvis.hub.seals.verification import check_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune(home):
    return make_organisation("Grigny", siren="219102860")


def ready(commune, **facts):
    """An act that was deposited and confirmed, and waits."""
    act = make_act(commune, online=False, **facts)
    Act.objects.filter(pk=act.pk).update(slug=f"depot-{act.pk}")
    act.slug = f"depot-{act.pk}"
    return act


def test_an_act_takes_its_permanent_address_when_it_goes_online(commune):
    act = publish_act(OPERATOR, ready(commune, number="2026-014"))
    assert (act.live, act.slug) == (True, "219102860-20260115-2026-014-de")


def test_nobody_finds_the_address_that_a_deposit_had(commune, client):
    act = ready(commune)
    former = act.get_absolute_url()
    publish_act(OPERATOR, act)
    assert client.get(former).status_code == 404


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"confirmed_at": None}, "personne n’a confirmé"),
        ({"signatory": ""}, "signataire"),
        ({"signatory_quality": ""}, "qualité"),
        ({"number": ""}, "son numéro"),
    ],
)
def test_what_lacks_keeps_an_act_from_going_online_by_any_way(commune, facts, words):
    act = ready(commune)
    records.update(OPERATOR, act, facts, revision=act.revision)
    with pytest.raises(NotReady, match=words):
        records.publish(OPERATOR, act)
    act.refresh_from_db()
    assert not act.live
    assert act.slug.startswith("depot-")


def test_a_file_whose_hidden_words_can_be_read_keeps_its_act_closed(commune):
    act = ready(commune)
    ActFile.objects.filter(act=act).update(verification={"is_publishable": False})
    with pytest.raises(NotReady, match="occultation"):
        publish_act(OPERATOR, act)


def test_two_acts_do_not_have_the_same_name_unless_one_corrects_the_other(commune):
    first = publish_act(OPERATOR, ready(commune, number="2026-014"))
    second = ready(commune, number="2026-015")
    records.update(OPERATOR, second, {"number": "2026-014"}, revision=second.revision)
    with pytest.raises(SameAct):
        publish_act(OPERATOR, second)
    second.refresh_from_db()
    second = begin_correction(OPERATOR, first, second)
    assert publish_act(OPERATOR, second).slug == f"{first.slug}-2"


def test_what_an_act_online_states_does_not_change(commune):
    act = publish_act(OPERATOR, ready(commune))
    with pytest.raises(ActIsSealed):
        records.update(OPERATOR, act, {"title": "Autre chose"}, revision=act.revision)
    act.refresh_from_db()
    assert act.title == "Réfection de la toiture de l’école"
    records.update(OPERATOR, act, {"matter": "4.1"}, revision=act.revision)


def test_an_act_that_was_online_neither_vanishes_nor_is_deleted(commune):
    act = publish_act(OPERATOR, ready(commune))
    for way in (records.withdraw, records.archive):
        with pytest.raises(NotWithdrawn):
            way(OPERATOR, act)
        act.refresh_from_db()
        assert act.live
    with pytest.raises(ActIsSealed):
        records.delete(OPERATOR, act)
    assert Act.objects.filter(pk=act.pk).exists()


def test_a_draft_may_be_deleted(commune):
    act = ready(commune)
    records.delete(OPERATOR, act)
    assert not Act.objects.exists()


def test_a_withdrawal_erases_what_was_published_and_keeps_the_original_closed(
    commune, django_capture_on_commit_callbacks
):
    act = publish_act(OPERATOR, ready(commune))
    file = act.act_files.get()
    storage, published, original = file.published.storage, file.published.name, file.original.name
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_act(OPERATOR, act, "privacy")
    act.refresh_from_db()
    assert (act.live, act.status, act.withdrawn_for) == (False, "retired", "privacy")
    assert not storage.exists(published)
    assert storage.exists(original)
    assert FileText.objects.get(pk=file.pk).published_pages == []


def test_a_sitting_puts_online_what_is_ready_and_says_why_the_rest_is_not(commune):
    session = make_session(make_assembly(commune), online=False)
    acts = [ready(commune, session=session, number=f"2026-{rank}") for rank in range(3)]
    Act.objects.filter(pk=acts[1].pk).update(confirmed_at=None)
    report = publish_session(OPERATOR, session)
    assert [act.pk for act in report.published] == [acts[0].pk, acts[2].pk]
    ((refused, error),) = report.refused
    assert (refused.pk, type(error)) == (acts[1].pk, NotReady)
    session.refresh_from_db()
    assert session.live
    assert session.list_published_on is not None


def test_a_point_of_the_agenda_leads_to_the_act_that_came_of_it(commune):
    session = make_session(make_assembly(commune), online=False)
    points = [("1", "Réfection de la toiture de l’école."), ("2026-7", "Écoles : tarifs"), ("3", "Questions diverses")]
    session.items = [AgendaItem(number=number, title=title) for number, title in points]
    session = records.update(OPERATOR, session, {}, revision=session.revision)
    first = ready(commune, session=session, number="2026-6")
    publish_act(OPERATOR, first)
    second = ready(commune, session=session, number="2026-7", title="Tarifs des écoles")
    publish_session(OPERATOR, session)

    def acts():
        return [item.act for item in AgendaItem.objects.filter(session=session).order_by("sort_order", "pk")]

    assert acts() == [first, second, None]
    session.refresh_from_db()
    session = records.update(OPERATOR, session, {"location": "Mairie"}, revision=session.revision)
    records.publish(OPERATOR, session)
    assert acts() == [first, second, None]


def test_who_may_not_publish_puts_nothing_online(commune):
    act = ready(commune)
    writer = actor_of(make_member(commune, Role.CONTRIBUTOR))
    with pytest.raises(Exception, match="publier"):
        publish_act(writer, act)
    act.refresh_from_db()
    assert not act.live


def test_an_annex_is_published_with_its_act(commune):
    act = ready(commune, date=date(2026, 2, 3))
    add_file(act, ["Plan"], ActFile.Role.ANNEX)
    assert publish_act(OPERATOR, act).live


def test_what_goes_online_is_in_the_chain_with_its_correction_and_its_withdrawal(commune):
    first = publish_act(OPERATOR, ready(commune, number="2026-014"))
    second = begin_correction(OPERATOR, first, ready(commune, number="2026-015"))
    publish_act(OPERATOR, second)
    withdraw_act(OPERATOR, first, "court")
    entries = [json.loads(line)["entry"] for line in chain_lines()]
    assert [(entry["kind"], entry["refers_to"]) for entry in entries] == [
        ("publication", None),
        ("correction", 1),
        ("withdrawal", 1),
    ]
    assert entries[0]["subject"].endswith(f"/deliberations/{first.slug}/")
    assert entries[0]["author"] == {"name": "Camille Durand", "quality": "Maire"}
    assert [file["sha256"] for file in entries[0]["files"]] == [first.act_files.get().published_digest]
    assert "toiture" not in json.dumps(entries, ensure_ascii=False), "titles may name persons: they are not for ever"
    check_files()


def test_acts_sealed_under_a_former_address_of_the_portal_are_corrected_and_withdrawn_in_the_chain(commune, settings):
    first = publish_act(OPERATOR, ready(commune, number="2026-014"))
    second = publish_act(OPERATOR, ready(commune, number="2026-015"))
    settings.PARVIS = {**settings.PARVIS, "PARVIS_BASE_URL": "https://nouveau.example"}
    publish_act(OPERATOR, begin_correction(OPERATOR, first, ready(commune, number="2026-016")))
    withdraw_act(OPERATOR, second, "privacy")
    entries = [json.loads(line)["entry"] for line in chain_lines()][2:]
    assert [(entry["kind"], entry["refers_to"]) for entry in entries] == [("correction", 1), ("withdrawal", 2)]
    check_files()  # those of the act that was withdrawn are not missed


def test_a_file_changed_by_one_byte_breaks_the_chain(commune):
    act = publish_act(OPERATOR, ready(commune))
    file = act.act_files.get()
    with file.published.open("rb") as stream:
        body = bytearray(stream.read())
    body[-1] ^= 1
    file.published.storage.delete(file.published.name)
    file.published.storage.save(file.published.name, ContentFile(bytes(body)))
    with pytest.raises(SealedFileChanged):
        check_files()
