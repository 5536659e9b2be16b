"""Natures and matières of @ctes."""

from __future__ import annotations

import pytest

from parvis.core.acts.nomenclature import (
    UnreadableClassification,
    at_level_2,
    matter_of_scdl,
    matters,
    natures,
    read_classification,
)
from parvis.core.acts.proposals.matter import best_matters

_CLASSIFICATION = """<?xml version="1.0" encoding="ISO-8859-1"?>
<actes:RetourClassification xmlns:actes="http://www.interieur.gouv.fr/ACTES#v1.1-20040216">
<actes:DateClassification>2019-04-18</actes:DateClassification>
<actes:NaturesActes><actes:NatureActe actes:CodeNatureActe="1" actes:Libelle="Délibérations" actes:TypeAbrege="DE"/></actes:NaturesActes>
<actes:Matieres>
<actes:Matiere1 actes:CodeMatiere="7" actes:Libelle="Finances locales">
<actes:Matiere2 actes:CodeMatiere="5" actes:Libelle="Subventions">
<actes:Matiere3 actes:CodeMatiere="1" actes:Libelle="Subventions supérieures à 23 000 €uros"/>
</actes:Matiere2></actes:Matiere1></actes:Matieres></actes:RetourClassification>""".replace("€", "e")


def test_there_are_nine_matters_of_level_1_and_fifty_seven_of_level_2():
    levels = [matter.level for matter in matters().values()]
    assert (levels.count(1), levels.count(2), list(natures())) == (9, 57, ["DE", "AR", "AI", "CC", "BF", "AU"])


def test_a_code_is_taken_to_level_2_and_its_scdl_value_gives_it_back():
    assert [at_level_2(code) for code in ("7.5", "7.5.1", "8", "12.4", "")] == ["7.5", "7.5", None, None, None]
    assert all(matter_of_scdl(matter.scdl) == matter.code for matter in matters().values() if matter.scdl)


def test_the_list_of_a_prefecture_keeps_its_own_levels_and_our_accents():
    read = read_classification(_CLASSIFICATION.encode("iso-8859-1"))
    assert (read.day, dict(read.natures)) == ("2019-04-18", {"DE": "Délibérations"})
    assert {code: matter.label for code, matter in read.matters.items()} == {
        "7": "Finances locales",
        "7.5": "Subventions",
        "7.5.1": "Subventions supérieures à 23 000 euros",
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html/>",
        b"not xml",
        b'<!DOCTYPE a [<!ENTITY b "bb">]><RetourClassification>&b;</RetourClassification>',
        b"<RetourClassification/>",
        b"<RetourClassification>" + b"<Matieres>" * 50,
    ],
)
def test_what_is_no_list_of_a_prefecture_is_refused(data):
    with pytest.raises(UnreadableClassification):
        read_classification(data)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Subventions 2024 aux associations", "7.5"),
        ("Décision modificative n° 2 du budget principal", "7.1"),
        ("Vote des taux d'imposition 2024", "7.2"),
        ("Création d'un emploi permanent d'adjoint technique", "4.1"),
        ("Recrutement d'un agent contractuel pour accroissement temporaire d'activité", "4.2"),
        ("Mise en place du RIFSEEP", "4.5"),
        ("Approbation de la modification du plan local d'urbanisme", "2.1"),
        ("Acquisition de la parcelle AB 12", "3.1"),
        ("Élection du maire", "5.1"),
        ("Motion de soutien à l'hôpital", "9.4"),
        ("Garantie d'emprunt", "7.3"),
        ("Rapport annuel sur le prix et la qualité du service d'assainissement", "8.8"),
        ("Groupement de commandes pour l'achat d'électricité", "1.1"),
        ("Fonds de concours de la communauté de communes", "7.8"),
    ],
)
def test_the_words_of_an_object_tell_its_matter(title, code):
    assert best_matters(title)[0][0] == code


def test_words_that_tell_nothing_propose_nothing():
    assert best_matters("Informations et remerciements") == []
