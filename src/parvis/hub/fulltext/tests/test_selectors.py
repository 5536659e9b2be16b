"""What is found in long documents, for whom, and what is counted."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Actor, Role
from parvis.hub.fulltext import index
from parvis.hub.fulltext.libraries import libraries
from parvis.hub.fulltext.rules import EVERYWHERE
from parvis.hub.fulltext.selectors import explained, extracts_of, question_of, similar
from parvis.hub.fulltext.tests.papers import paper
from parvis.hub.sites.lens import Lens, looking_through

MEMBER = Actor("Agent", 1, roles={7: Role.READER})


def keys(papers, text="", actor=ANONYMOUS, **asked) -> set[int]:
    return set(papers.search(actor, text, **asked).keys)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("écoles", {1, 2}),
        ("ECOLE cantine", {1}),
        ('"école primaire"', {1}),
        ("« École primaire »", {1}),
        ("école -cantine", {2}),
        ('école -"écoles primaires"', {1}),
        ("cantine OU piscine", {1, 3}),
        ("subvention PRES/2 piscine", {3}),
        ("subvention PRES/1 piscine", set()),
        ("objet:cantine", {1}),
        ("objet:piscine", set()),
        ("numero:2024/045", {1}),
        ("2024-045", {1}),
        ("rapporteur:Durand", {3}),
        ("12000", {3}),
        ("12 000 €", {3}),
        ("œuvre", {2}),
        ("oeuvres", {2}),
        ("de la", {1, 2, 3}),
        ("xylophone", set()),
    ],
)
def test_what_is_typed_finds_what_it_says(papers, text, expected):
    papers.put(
        paper(1, "L’école primaire aura une cantine.", title="Cantine", codes=("2024-045",)),
        paper(2, "Les écoles primaires d’art et d’œuvres."),
        paper(3, "Une subvention de 12 000 € pour la piscine.", texts={"rapporteur": ("Mme Durand",)}),
    )
    assert keys(papers, text) == expected


def test_words_of_several_pages_are_found_together_and_a_phrase_over_two_pages(papers):
    papers.put(paper(1, "Le conseil approuve le plan", "local d’urbanisme"))
    assert keys(papers, '"plan local" conseil urbanisme') == {1}


def test_a_title_comes_first_and_the_number_that_was_typed_before_all(papers):
    papers.put(
        paper(1, "Piscine, piscine, piscine : 2024-001 est citée."),
        paper(2, "Travaux.", title="Piscine municipale"),
        paper(3, "Autre chose.", codes=("2024-001",)),
    )
    assert papers.search(ANONYMOUS, "piscine").keys[0] == 2
    assert papers.search(ANONYMOUS, "2024-001").keys[0] == 3


def test_facets_count_what_their_other_values_would_add(papers):
    papers.put(
        paper(1, "école", facets={"annee": ("2024",), "nature": ("deliberation",)}),
        paper(2, "école", facets={"annee": ("2025",), "nature": ("deliberation",)}),
        paper(3, "école", facets={"annee": ("2025",), "nature": ("arrete",)}),
        paper(4, "piscine", facets={"annee": ("2025",), "nature": ("arrete",)}),
    )
    result = papers.search(ANONYMOUS, "école", filters={"annee": ("2025",)}, counted=("annee", "nature"))
    assert set(result.keys) == {2, 3}
    assert [(row.slug, row.count, row.active) for row in result.facets["annee"]] == [
        ("2025", 2, True),
        ("2024", 1, False),
    ]
    assert {row.slug: row.count for row in result.facets["nature"]} == {"deliberation": 1, "arrete": 1}
    assert keys(papers, filters={"annee": ("2024", "2025"), "nature": ("arrete",)}) == {3, 4}
    assert papers.search(ANONYMOUS, "école").facets == {}


def test_people_and_places_are_facets(papers):
    papers.put(paper(1, "x", people=("Jeanne Martin",), places=("Évry",)), paper(2, "x", people=("Paul Petit",)))
    result = papers.search(ANONYMOUS, counted=("personne", "lieu"))
    assert {row.slug for row in result.facets["personne"]} == {"Jeanne Martin", "Paul Petit"}
    assert keys(papers, filters={"lieu": ("Évry",)}) == {1}


def test_numbers_are_ranges_and_orders_and_what_has_none_comes_last(papers):
    papers.put(
        paper(1, "x", numbers={"jour": 100, "montant": 5_000_00}),
        paper(2, "x", numbers={"jour": 300}),
        paper(3, "x", numbers={"jour": 200, "montant": -1}),
        paper(4, "x"),
    )
    assert papers.search(ANONYMOUS, sort="recent").keys == (2, 3, 1, 4)
    assert papers.search(ANONYMOUS).keys == (2, 3, 1, 4)
    assert papers.search(ANONYMOUS, sort="petit").keys[:2] == (3, 1)
    assert keys(papers, ranges={"jour": (100, 200)}) == {1, 3}
    assert keys(papers, ranges={"montant": (None, 0)}) == {3}
    assert keys(papers, ranges={"jour": (None, None)}) == {1, 2, 3, 4}
    assert keys(papers, within=[1, 4]) == {1, 4}
    assert keys(papers, within=[]) == set()


def test_numbers_and_values_that_no_document_can_have_find_nothing_and_break_nothing(papers):
    papers.put(paper(1, "école", numbers={"jour": 5}))
    assert keys(papers, ranges={"jour": (-(10**40), 10**40)}) == {1}
    assert keys(papers, ranges={"jour": (10**40, None), "inconnu": (1, 2)}) == set()
    assert keys(papers, "école \ud800", filters={"annee": ("\ud800",)}) == set()
    assert keys(papers, "école \ud800") == {1}


def test_results_are_paged_to_the_last(papers):
    papers.put(*(paper(key, "école", numbers={"jour": key}) for key in range(1, 8)))
    pages = [papers.search(ANONYMOUS, "école", sort="recent", page=page, page_size=3) for page in (1, 2, 3, 4, 10**9)]
    assert [page.keys for page in pages] == [(7, 6, 5), (4, 3, 2), (1,), (), ()]
    assert {page.total for page in pages} == {7}


def test_nothing_hidden_is_found_counted_suggested_or_likened(papers):
    closed = ["member:7"]
    papers.put(
        paper(1, "La piscine municipale ouvrira bientôt.", facets={"annee": ("2024",)}),
        paper(2, "La piscine municipale fermera bientôt.", facets={"annee": ("2025",)}, seen_by=closed),
        paper(3, "Un contentieux secret.", seen_by=closed),
    )
    assert keys(papers, "piscine") == {1}
    assert keys(papers, "piscine", actor=MEMBER) == keys(papers, "piscine", actor=OPERATOR) == {1, 2}
    result = papers.search(ANONYMOUS, "piscine", counted=("annee",))
    assert (result.total, [row.slug for row in result.facets["annee"]]) == (1, ["2024"])
    assert papers.search(ANONYMOUS, "contentieus").suggestion == ""
    assert similar(ANONYMOUS, papers.library, 1) == []
    assert similar(ANONYMOUS, papers.library, 2) == []


def test_likeness_is_told_by_open_documents_alone_and_shows_what_may_be_read(papers):
    roof = "Toiture du gymnase, étanchéité et charpente."
    papers.put(
        paper(1, roof),
        paper(2, roof),
        paper(3, roof, seen_by=["member:7"]),
        *(paper(key, "Budget") for key in (4, 5, 6)),
    )
    assert similar(ANONYMOUS, papers.library, 1) == [2]
    assert set(similar(MEMBER, papers.library, 1)) == {2, 3}
    assert set(similar(MEMBER, papers.library, 3)) == {1, 2}


def test_a_search_costs_the_same_queries_whatever_is_found(papers, django_assert_num_queries):
    papers.put(*(paper(key, "école", facets={"annee": (str(key),)}) for key in range(1, 61)))
    papers.search(ANONYMOUS, "école")
    for page_size in (1, 50):
        with django_assert_num_queries(1 + len(libraries())):  # one for each library by the worker of the tests
            papers.search(ANONYMOUS, "école", page_size=page_size, counted=("annee", "nature"))


def test_a_facet_of_very_many_values_is_said_to_be_counted_about(papers):
    papers.put(
        *(paper(key, "école", people=(f"Élu {key}",), facets={"nature": ("arrete",)}) for key in range(1, 1_102))
    )
    result = papers.search(ANONYMOUS, "école", counted=("personne", "nature"))
    assert result.approximate == {"personne"}
    assert [(row.slug, row.count) for row in result.facets["nature"]] == [("arrete", 1_101)]


def test_what_was_just_closed_or_deleted_is_neither_found_nor_counted_before_the_index_knows(papers, monkeypatch):
    papers.put(*(paper(key, "La piscine", facets={"annee": ("2024",)}) for key in (1, 2, 3)))
    assert keys(papers, "piscine") == {1, 2, 3}
    shelves = index.opened(papers.library)
    monkeypatch.setattr(index, "opened", lambda library: shelves)  # no worker passes any more
    papers.close(1, "member:7")
    papers.remove(2)
    result = papers.search(ANONYMOUS, "piscine", counted=("annee",))
    assert (result.keys, result.total, result.facets["annee"][0].count) == ((3,), 1, 1)


def test_the_site_of_a_commune_shows_its_own_documents_and_those_of_all(papers):
    papers.put(
        paper(1, "école", shown_on=("commune:91228",)),
        paper(2, "école", shown_on=("commune:91286", "commune:91174")),
        paper(3, "école", shown_on=(EVERYWHERE,)),
    )
    with looking_through(Lens(1, "Grigny", ("91286",))):
        result = papers.search(ANONYMOUS, "école")
        assert (set(result.keys), result.total) == ({2, 3}, 2)
    assert keys(papers, "école") == {1, 2, 3}


def test_a_slip_of_the_finger_is_answered_by_the_word_that_was_meant(papers):
    papers.put(paper(1, "Les bibliothèques de la commune."), paper(2, "La piscine."))
    result = papers.search(ANONYMOUS, "biblotheques -piscine")
    assert (result.total, result.suggestion) == (0, "bibliotheques -piscine")
    assert papers.search(ANONYMOUS, "piscine").suggestion == ""
    assert papers.search(ANONYMOUS, "kangourous").suggestion == ""


def test_documents_on_the_same_subject_share_the_words_that_tell_them_from_others(papers):
    usual = "Le conseil municipal délibère et approuve. "
    papers.put(
        paper(1, usual + "Toiture du gymnase Jules-Ferry, étanchéité et charpente."),
        paper(2, usual + "La charpente du gymnase sera refaite, et sa toiture."),
        paper(3, usual + "Subvention au club de judo du gymnase."),
        *(paper(key, usual + f"Recrutement numéro {key}.") for key in range(4, 40)),
    )
    assert similar(ANONYMOUS, papers.library, 1) == [2, 3]


def test_extracts_have_the_page_and_the_words_that_were_found(papers):
    papers.put(
        paper(1, "Rien ici.", "Le conseil approuve la convention avec l’école maternelle, puis lève la séance."),
        paper(2, "Rien.", title="Les écoles"),
    )
    result = papers.search(ANONYMOUS, "écoles")
    extracts = extracts_of(papers.library, result.question, result.keys)
    assert [(extract.page, extract.parts) for extract in extracts[1]] == [
        (
            2,
            (
                ("Le conseil approuve la convention avec l’", False),
                ("école", True),
                (" maternelle, puis lève la séance.", False),
            ),
        )
    ]
    assert extracts[2] == []


def test_the_question_is_said_again_as_it_was_understood(papers):
    question = question_of(papers.library, 'école OU collège -cantine "avis favorable" toit PRES/3 mur objet:prix de')
    assert explained(papers.library, question) == [
        "le mot « école », sous toutes ses formes ou le mot « collège », sous toutes ses formes",
        "exactement « avis favorable »",
        "« toit » et « mur » à 3 mots au plus",
        "le mot « prix », sous toutes ses formes (dans : objet)",
        "sans le mot « cantine », sous toutes ses formes",
        "sans tenir compte de : de",
    ]


def test_before_its_index_is_made_a_library_says_so(papers, monkeypatch):
    monkeypatch.setattr(index, "opened", lambda library: None)
    result = papers.search(ANONYMOUS, "école")
    assert (result.is_ready, result.total, result.keys) == (False, 0, ())
