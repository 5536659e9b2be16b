"""The list of questions: what is typed makes the form, the form makes the same list, buttons lose nothing."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from parvis.core.surveys.checking import problems_of
from parvis.core.surveys.model import Field, Form, Kind, Section
from parvis.core.surveys.tests.test_answers import EVERYTHING
from parvis.core.surveys.xlsform.writing import write_xlsform
from parvis.domains.surveys.building import SECTION, Row, form_of, moved, named, rows_of
from parvis.domains.surveys.models import Survey
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.validation.selectors import catalogue

NEW = "/admin/collectes/-/nouveau/"


def posted(rows, act="enregistrer", **facts):
    fields = {"acte": act, "title": "Arbres", "audience": "public", "output": "draft", **facts}
    for number, row in enumerate(rows):
        for name, value in row.items():
            fields[f"r-{number}-{name}"] = value
    return fields


def test_a_form_makes_a_list_that_makes_the_same_form():
    assert form_of(rows_of(EVERYTHING), EVERYTHING) == EVERYTHING


def test_a_condition_is_said_in_three_inputs_and_its_value_in_words():
    rows = named(
        [
            Row(label="État", kind="one", options="Bon\nTrès malade"),
            Row(label="Signes", kind="several", options="Taches\nTrous"),
            Row(label="Âge", kind="integer"),
            Row(label="A", when="etat", value="très malade"),
            Row(label="B", when="signes", operator="!=", value="Trous"),
            Row(label="C", when="age", operator=">", value="-2,5"),
            Row(label="D", when="age", operator="filled"),
        ]
    )
    form = form_of(rows)
    assert [field.condition for field in form.fields[3:]] == [
        "${etat} = 'tres_malade'",
        "not(selected(${signes}, 'trous'))",
        "${age} > -2.5",
        "${age} != ''",
    ]
    assert problems_of(form) == []
    again = rows_of(form)
    assert [(row.when, row.operator, row.value) for row in again[3:]] == [
        ("etat", "=", "Très malade"),
        ("signes", "!=", "Trous"),
        ("age", ">", "-2.5"),
        ("age", "filled", ""),
    ]
    assert form_of(again, form) == form


def test_a_label_that_changes_keeps_its_column_and_a_line_its_value():
    form = form_of(named([Row(label="Couleur ?", kind="one", options="Rouge\nBleu")]))
    rows = rows_of(form)
    changed = [
        Row(
            **{name: getattr(rows[0], name) for name in ("name", "kind")},
            label="Quelle couleur ?",
            options="Vert\nBleu",
        )
    ]
    field = form_of(changed, form).fields[0]
    assert (field.name, [choice.value for choice in field.choices]) == ("couleur", ["vert", "bleu"])


_ROWS = st.lists(
    st.builds(Row, label=st.text(max_size=5), kind=st.sampled_from([*Kind, SECTION]).map(str)), min_size=1, max_size=6
)


@given(_ROWS, st.sampled_from(["monter", "descendre"]), st.integers(-1, 8))
def test_moving_loses_no_row(rows, verb, number):
    result = moved(rows, f"{verb}:{number}")
    assert sorted(map(repr, result)) == sorted(map(repr, rows))


@given(_ROWS)
def test_whatever_rows_are_typed_make_a_form_or_problems(rows):
    form = form_of(named(rows))
    problems_of(form)
    assert isinstance(form, Form)


def test_an_agent_writes_a_form_without_scripts_moves_a_question_and_puts_it_online(town):
    client = client_of(town.steward)
    rows = [{"kind": "text", "label": "Espèce"}, {"kind": "integer", "label": "Combien ?"}]
    page = client.post(NEW, posted(rows, "descendre:0", organisation=town.organisation.slug)).content.decode()
    assert page.index('value="Combien ?"') < page.index('value="Espèce"')
    assert not Survey.objects.exists()
    page = client.post(NEW, posted(rows, "ajouter", organisation=town.organisation.slug)).content.decode()
    assert 'name="r-2-label"' in page
    client.post(NEW, posted(rows, organisation=town.organisation.slug, form_token="a"))
    client.post(NEW, posted(rows, organisation=town.organisation.slug, form_token="a"))
    survey = Survey.objects.get()
    assert [field.name for field in survey.form.fields] == ["espece", "combien"]
    client.post(f"/admin/collectes/{survey.slug}/", {"acte": "publier"})
    survey.refresh_from_db()
    assert survey.live


def test_what_is_wrong_is_told_and_what_was_typed_stays(town):
    client = client_of(town.steward)
    rows = [{"kind": "one", "label": "Couleur"}]
    response = client.post(NEW, posted(rows, title="", organisation=town.organisation.slug))
    assert response.status_code == 422
    page = response.content.decode()
    assert 'value="Couleur"' in page
    client.post(NEW, posted(rows, organisation=town.organisation.slug))
    survey = Survey.objects.get()
    assert "une par ligne" in client.get(f"/admin/collectes/{survey.slug}/").content.decode()
    page = client.post(f"/admin/collectes/{survey.slug}/", {"acte": "publier"}, follow=True).content.decode()
    assert "ne peut pas être mis en ligne" in page
    survey.refresh_from_db()
    assert not survey.live


def test_who_saves_second_is_told_and_loses_nothing(town):
    client = client_of(town.steward)
    client.post(NEW, posted([{"kind": "text", "label": "Espèce"}], organisation=town.organisation.slug))
    address = f"/admin/collectes/{Survey.objects.get().slug}/"
    first = client.post(address, posted([{"kind": "text", "label": "Un"}], revision=1))
    second = client.post(address, posted([{"kind": "text", "label": "Deux"}], revision=1))
    assert (first.status_code, second.status_code) == (302, 409)
    assert 'value="Deux"' in second.content.decode()
    assert Survey.objects.get().form.fields == () or "Un" in str(
        Survey.objects.get().get_latest_revision_as_object().questions
    )


def test_questions_come_from_a_schema_and_from_a_file_and_go_to_one(town):
    client = client_of(town.steward)
    name = catalogue()[0].name
    page = client.post(NEW, posted([], "schema", schema=name, organisation=town.organisation.slug)).content.decode()
    assert "à la suite des questions" in page
    upload = SimpleUploadedFile("arbres.xlsx", write_xlsform(EVERYTHING, "Arbres", "arbres"))
    response = client.post(NEW, posted([], "xlsform", xlsform=upload, organisation=town.organisation.slug))
    page = response.content.decode()
    assert (response.status_code, "Espèce" in page, "lignes ajoutées" in page) == (200, True, True)
    bad = client.post(
        NEW, posted([{"kind": "text", "label": "Là"}], "xlsform", xlsform=SimpleUploadedFile("a.xlsx", b"PK"))
    )
    assert (bad.status_code, 'value="Là"' in bad.content.decode()) == (422, True)
    client.post(NEW, posted([{"kind": "text", "label": "Espèce"}], organisation=town.organisation.slug))
    survey = Survey.objects.get()
    content = client.get(f"/admin/collectes-reponses/{survey.slug}/xlsform/").content
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("survey").to_python()
    assert sheet[1][:3] == ["text", "espece", "Espèce"]


@pytest.mark.parametrize("who", ["reader", "other", "anonymous"])
def test_others_write_no_form_of_the_organisation(town, who):
    client = client_of(getattr(town, who))
    client.post(NEW, posted([{"kind": "text", "label": "Espèce"}], organisation=town.organisation.slug))
    assert not Survey.objects.exists()


def test_a_file_gives_its_title_and_no_question_of_it_goes_in_silence(town):
    """A name that is taken is told, a repeated group goes with what it holds."""
    group = Field("arbres", "Arbres", Kind.REPEAT, fields=(Field("nom", "Nom"),))
    form = Form((Section(fields=(Field("espece", "Espèce"), group)),))
    upload = SimpleUploadedFile("arbres.xlsx", write_xlsform(form, "Les arbres", "arbres"))
    client = client_of(town.contributor)
    rows = [{"kind": "text", "label": "Espèce"}]
    page = client.post(NEW, posted(rows, "xlsform", title="", xlsform=upload, organisation=town.organisation.slug))
    text = page.content.decode().replace("\u00a0", " ")
    assert 'value="Les arbres"' in text
    assert "« espece » est déjà une question" in text
    assert [name in text for name in ('value="arbres"', 'value="nom"')] == [True, True]
