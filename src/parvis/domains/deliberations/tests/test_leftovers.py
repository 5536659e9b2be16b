"""What is hidden in the files of an act is said nowhere else: in its object, its annexes, its sitting, nor by the names of files."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from parvis.core.acts.model import Method, Page, Proposal
from parvis.core.redaction import occurrences, occurrences_of_each
from parvis.domains.deliberations.deposit.confirming import confirm
from parvis.domains.deliberations.deposit.hiding import TooMuchHidden, hide, places_to_hide
from parvis.domains.deliberations.deposit.reading import hide_what_was_decided, note_reading
from parvis.domains.deliberations.deposit.receiving import add_annex, deposit_act
from parvis.domains.deliberations.factories import add_file, make_act, make_assembly, make_session
from parvis.domains.deliberations.models import Act, ActFile, AgendaItem, Amount, FileText, Suggestions
from parvis.domains.deliberations.online.publishing import publish_act
from parvis.domains.deliberations.online.readiness import missing_of
from parvis.domains.deliberations.rules import ActDoubtful, ActIsSealed, NotReady
from parvis.domains.deliberations.selectors import files_of
from parvis.domains.deliberations.tests.papers import act_pdf, run_queued
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.records.services import update

pytestmark = pytest.mark.django_db
HIDDEN = "Zoé Martineau"
TEXT = ("Le conseil examine la demande de ZOÉ MARTINEAU, toiture.",)


@pytest.fixture
def commune(home):
    return make_organisation("Grigny", siren="219102860")


def hiding_act(commune, words=(HIDDEN,), **facts):
    """An act whose files hide some words, ready but for what is asked here."""
    act = make_act(commune, pages=TEXT, online=False, **facts)
    ActFile.objects.filter(act=act).update(spans={"words": list(words), "words_read": list(words)})
    return act


def missing(act):
    return " ".join(row.text("fr") for row in missing_of(act, files_of([act])[act.pk]))


def test_an_act_that_hides_a_name_goes_online(commune):
    assert publish_act(OPERATOR, hiding_act(commune)).live


@pytest.mark.parametrize(
    ("facts", "where"),
    [
        ({"title": "Recours de Mme Martineau Zoé"}, "l’objet"),
        ({"title": "Recours de ZOE  MARTINEAU"}, "l’objet"),
        ({"rapporteur": "Zoé Martineau"}, "rapporteur"),
        ({"signatory": "Zoé Martineau"}, "signataire"),
        ({"places": ["chez Zoé Martineau"]}, "les lieux"),
    ],
)
def test_a_hidden_word_that_the_act_still_says_keeps_it_closed(commune, facts, where):
    act = hiding_act(commune, **facts)
    with pytest.raises(NotReady, match=where):
        publish_act(OPERATOR, act)
    act.refresh_from_db()
    assert not act.live


def test_a_hidden_word_in_an_annex_the_agenda_the_sitting_or_the_money_keeps_an_act_closed(commune):
    session = make_session(make_assembly(commune), online=False)
    act = hiding_act(commune, session=session)
    assert missing(act) == ""
    add_file(act, TEXT, ActFile.Role.ANNEX, title="Lettre de Zoé Martineau", position=1)
    assert "annexe" in missing(act)
    ActFile.objects.filter(act=act, role="annex").update(title="Lettre")
    AgendaItem.objects.create(session=session, title="Demande de Zoé Martineau", act=act)
    assert "ordre du jour" in missing(act)
    AgendaItem.objects.all().delete()
    act.session.location = "chez Zoé Martineau"
    assert "la séance" in missing(act)
    act.session.location = ""
    Amount.objects.create(act=act, cents=1, beneficiary="Zoé Martineau")
    assert "montant" in missing(act)


def test_a_sitting_does_not_say_afterwards_what_its_acts_hide(commune):
    session = make_session(make_assembly(commune))
    act = publish_act(OPERATOR, hiding_act(commune, session=session))
    assert act.live
    with pytest.raises(NotReady, match="Martineau"):
        update(OPERATOR, session, {"location": "Chez Zoé Martineau"}, revision=session.revision)


def test_who_sat_is_noted_of_an_act_less_those_whom_it_hides(commune):
    session = make_session(make_assembly(commune), online=False)
    act = make_act(commune, pages=TEXT, online=False, session=session)
    names = ["Paul Lefèvre", "Zoé Martineau"]
    rows = [
        Proposal("present_names", names, 0.9, "rule"),
        Proposal("proxy_names", [["Zoé Martineau", "Paul Lefèvre"], ["Léa Roux", "Paul Lefèvre"]], 0.9, "rule"),
        Proposal("secretary", "Zoé Martineau", 0.9, "rule"),
    ]
    Suggestions.objects.create(act=act, proposals=[row.to_json() for row in rows])
    confirm(OPERATOR, act, {}, [HIDDEN], revision=act.revision)
    session.refresh_from_db()
    assert (session.present_names, session.secretary) == (["Paul Lefèvre"], "")
    assert session.proxy_names == [["Léa Roux", "Paul Lefèvre"]]


def test_somebody_hidden_who_sat_is_confirmed_on_purpose_and_then_published(commune):
    session = make_session(make_assembly(commune), present_names=[HIDDEN])
    act = make_act(commune, pages=TEXT, online=False, session=session)
    with pytest.raises(ActDoubtful, match="présents"):
        confirm(OPERATOR, act, {}, [HIDDEN], revision=act.revision)
    assert confirm(OPERATOR, act, {}, [HIDDEN], revision=act.revision, despite=True).confirmed_at
    assert "présents" not in missing(act)


def test_a_word_that_is_nowhere_in_the_files_hides_nothing_and_is_told(commune):
    act = hiding_act(commune)
    ActFile.objects.filter(act=act).update(spans={"words": [HIDDEN, "Martinneau"], "words_read": [HIDDEN]})
    with pytest.raises(NotReady, match="Martinneau.*nulle part"):
        publish_act(OPERATOR, act)


def test_part_of_a_hidden_name_in_the_object_is_confirmed_on_purpose_alone(commune):
    act = make_act(commune, pages=TEXT, online=False)
    facts = {"title": "Recours de Mme Martineau"}
    with pytest.raises(ActDoubtful, match="Martineau.*l’objet"):
        confirm(OPERATOR, act, facts, [HIDDEN], revision=act.revision)
    assert confirm(OPERATOR, act, facts, [HIDDEN], revision=act.revision, despite=True).confirmed_at


def test_places_that_rules_read_and_that_are_hidden_are_not_kept(commune):
    act = make_act(commune, pages=("Au 3 rue des Lilas et à la salle des fêtes",), online=False)
    facts = {"places": ["3 rue des Lilas", "salle des fêtes"]}
    assert confirm(OPERATOR, act, facts, ["3 rue des Lilas"], revision=act.revision).places == ["salle des fêtes"]


def test_the_names_of_dropped_files_are_read_by_nobody_before_somebody_says_so(commune):
    make_assembly(commune)
    act = deposit_act(OPERATOR, commune, "a.pdf", ContentFile(act_pdf(), name="Recours Zoe Martineau.pdf"))
    add_annex(OPERATOR, act, "Passeport Zoe Martineau.pdf", ContentFile(act_pdf("9"), name="a.pdf"))
    assert {file.title for file in act.act_files.all()} == {""}
    run_queued()
    act.refresh_from_db()
    annex = act.act_files.get(role="annex")
    add_annex(OPERATOR, act, "plan_de_zonage.pdf", ContentFile(act_pdf("8"), name="plan_de_zonage.pdf"))
    run_queued()
    plan = act.act_files.get(name="plan_de_zonage.pdf")
    client = Client()
    client.force_login(make_member(commune, Role.STEWARD))
    address = reverse("acts:confirm", args=[act.pk])
    page = client.get(address)
    assert page.context["form"][f"annex_{annex.pk}"].value() == "Passeport Zoe Martineau"
    sent = {name: field.value() or "" for name in page.context["form"].fields for field in [page.context["form"][name]]}
    sent = {name: "" if value is False else value for name, value in sent.items()}
    answer = client.post(address, {**sent, "hidden": [], f"annex_{annex.pk}": "", "session": ""})
    assert answer.status_code == 302, answer.context["form"].errors
    run_queued()
    act.refresh_from_db()
    online = publish_act(OPERATOR, act)
    for path in (online.get_absolute_url(), f"/api/parvis/v1/deliberations/{online.slug}", "/deliberations/flux.atom"):
        body = Client().get(path).content.decode()
        assert "Passeport" not in body
        assert "Zoe Martineau" not in body
    body = Client().get(online.get_absolute_url()).content.decode()
    assert "Annexe 1" in body
    assert "plan de zonage" in body
    assert plan.name not in body


def test_what_is_decided_before_the_last_page_is_read_hides_what_is_read_afterwards(commune):
    act = make_act(commune, pages=("Première page",), online=False)
    file = act.act_files.get()
    ActFile.objects.filter(pk=file.pk).update(reading="waiting")
    confirm(OPERATOR, act, {}, [HIDDEN], revision=act.revision)
    pages = [Page(1, "Première page"), Page(2, TEXT[0])]
    FileText.objects.filter(pk=file.pk).update(pages=[page.to_json() for page in pages])
    note_reading(file, pages)
    hide_what_was_decided(OPERATOR, act)
    file.refresh_from_db()
    assert [row["page"] for row in file.spans["passages"]] == [2]
    assert not file.published


def test_an_annex_that_nobody_could_read_is_looked_into_all_the_same(commune):
    act = make_act(commune, pages=TEXT, online=False)
    annex = add_file(act, ["", ""], ActFile.Role.ANNEX, position=1)
    FileText.objects.filter(pk=annex.pk).update(pages=[Page(1, "", Method.UNREADABLE).to_json()])
    act.act_files.get(role="annex").original.storage.delete(annex.original.name)
    annex.original.storage.save(annex.original.name, ContentFile(act_pdf(reason="Zoé Martineau demande une aide")))
    confirm(OPERATOR, act, {}, [HIDDEN], revision=act.revision)
    run_queued()
    annex.refresh_from_db()
    assert annex.verification["is_publishable"] is False
    assert not annex.published


def test_what_was_made_with_another_object_is_made_again_and_its_bytes_are_removed(
    commune, django_capture_on_commit_callbacks
):
    act = make_act(commune, "Recours de Zoé Martineau", pages=TEXT, online=False)
    file = act.act_files.get()
    hide(act, places_to_hide(act, []))
    ActFile.objects.filter(pk=file.pk).update(published=file.published.name)
    file.refresh_from_db()
    storage, made = file.published.storage, file.published.name
    storage.save(made, ContentFile(b"%PDF-1.7"))
    with django_capture_on_commit_callbacks(execute=True):
        confirm(OPERATOR, act, {"title": "Recours gracieux"}, [], revision=act.revision)
    file.refresh_from_db()
    assert not file.published
    assert not storage.exists(made)


def test_more_words_than_can_be_hidden_are_refused_and_none_is_left_out(commune):
    act = make_act(commune, pages=TEXT, online=False)
    for words in ([f"mot{rank}" for rank in range(501)], ["a" * 301]):
        with pytest.raises(TooMuchHidden):
            confirm(OPERATOR, act, {}, words, revision=act.revision)


def test_an_act_put_online_meanwhile_is_not_confirmed_again(commune):
    act = hiding_act(commune)
    stale = Act.objects.get(pk=act.pk)
    publish_act(OPERATOR, act)
    with pytest.raises(ActIsSealed):
        confirm(OPERATOR, stale, {}, ["demande"], revision=Act.objects.get(pk=act.pk).revision)
    with pytest.raises(ActIsSealed):
        add_annex(OPERATOR, stale, "b.pdf", ContentFile(act_pdf("9"), name="b.pdf"))
    assert act.act_files.get().published


def test_words_are_looked_for_together_as_one_by_one():
    pages = [Page(1, "Zoé Martineau et l’école, MARTINEAU Zoé"), Page(2, "rien"), Page(3, "l’école de Zoé-Martineau")]
    words = ["Zoé Martineau", "l’école", "Zoé", ""]
    assert occurrences_of_each(pages, words) == {word: occurrences(pages, word) for word in words}
