"""From the fields of a request to what was typed, and back to the page: whatever is posted."""

from __future__ import annotations

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.surveys.answers import judge
from parvis.core.surveys.tests.test_answers import EVERYTHING
from parvis.domains.surveys.posting import other_answers, parts_of, posted_answers

_NAMES = st.one_of(
    st.sampled_from([f"q-{field.name}" for field in EVERYTHING.every_field()]),
    st.from_regex(r"q-arbres-[0-9]{1,6}-(espece|malade|photo)", fullmatch=True),
    st.from_regex(r"q-ou-(latitude|longitude|address|x)", fullmatch=True),
    st.text(max_size=20).map("q-{}".format),
)


@given(st.lists(st.tuples(_NAMES, st.text(max_size=20)), max_size=15))
def test_whatever_is_posted_is_judged_and_shown_again(pairs):
    posted = QueryDict(mutable=True)
    for name, value in pairs:
        posted.appendlist(name, value)
    answers = posted_answers(EVERYTHING, posted, {})
    judge(EVERYTHING, answers)
    parts = parts_of(EVERYTHING, answers, {"nom": "à corriger"})
    assert parts[0].questions[0].error == "à corriger"
    names = {field.name for field in EVERYTHING.fields}
    assert not any(name.split("-")[0] in names for name in other_answers(EVERYTHING, posted))


def test_what_is_shown_again_is_what_was_typed():
    posted = QueryDict(
        "q-nom=Zoé&q-couleurs=r&q-couleurs=v&q-arbres-0-espece=&q-arbres-4-espece=Orme&q-ou-latitude=48,6"
    )
    answers = posted_answers(EVERYTHING, posted, {})
    questions = {item.field.name: item for part in parts_of(EVERYTHING, answers, {}) for item in part.questions}
    assert (questions["nom"].text, questions["couleurs"].chosen) == ("Zoé", ["r", "v"])
    assert questions["ou"].place["latitude"] == "48,6"
    assert [entry.questions[0].text for entry in questions["arbres"].entries] == ["", "Orme", "", "", ""]
    assert questions["arbres"].entries[1].questions[0].name == "q-arbres-1-espece"


def test_what_is_wrong_is_told_in_the_entry_where_it_is():
    posted = QueryDict("q-nom=Zoé&q-age=20&q-majeur=oui&q-ou-address=Ici&q-arbres-0-espece=&q-arbres-1-malade=oui")
    answers = posted_answers(EVERYTHING, posted, {})
    errors = {fault.path: "à remplir" for fault in judge(EVERYTHING, answers).faults}
    questions = {item.field.name: item for part in parts_of(EVERYTHING, answers, errors) for item in part.questions}
    assert [entry.questions[0].error for entry in questions["arbres"].entries[:2]] == ["", "à remplir"]
