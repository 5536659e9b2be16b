"""Every fault is told in French and English: what was found, what was expected, and the very value to write when there is one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import parvis.packs
from parvis.core.schemas import TableSchema, read_schema
from parvis.core.validation.fault_sentences import ADVICE, WORDINGS
from parvis.core.validation.messages import advice_sentence, explain, sentence, title
from parvis.core.validation.model import Advice, Fault

FOLDER = Path(parvis.packs.__file__).parent / "schemas"
NO = "\u00a0"
THIN = "\u202f"


def _schema(path: str) -> TableSchema:
    return read_schema(json.loads((FOLDER / path / "schema.json").read_text("utf-8")))


GRANTS = _schema("scdl__subventions/2.1.1")
RACKS = _schema("etalab__schema-stationnement-cyclable/1.1.1")
ACTS = _schema("scdl__deliberations/2.1.5")


def _cell(rule: str, column: str | None, value: str | None, **details: Any) -> Fault:
    return Fault(rule.partition(":")[0], 2, column, 1, value, rule, details)


TOLD = (
    (GRANTS, _cell("type:date", "dateConvention", "12/31/2021"), f"«{NO}12/31/2021{NO}» n’est pas une date AAAA-MM-JJ{NO}: il n’y a pas de mois 31. Vouliez-vous écrire 2021-12-31{THIN}?"),
    (GRANTS, _cell("type:date", "dateConvention", "03/04/2021"), f"«{NO}03/04/2021{NO}» n’est pas une date AAAA-MM-JJ. Vouliez-vous écrire 2021-04-03 ou 2021-03-04{THIN}? Vous seul pouvez le dire."),
    (GRANTS, _cell("type:date", "dateConvention", "31/02/2021"), f"«{NO}31/02/2021{NO}» n’est pas une date AAAA-MM-JJ{NO}: ce mois n’a pas de jour 31. Écrivez la date sous la forme AAAA-MM-JJ, par exemple 2021-12-31."),
    (GRANTS, _cell("type:number", "montant", "40 000,00"), f"«{NO}40 000,00{NO}» n’est pas un nombre écrit avec des chiffres et «{NO}.{NO}». Vouliez-vous écrire 40000.00{THIN}?"),
    (GRANTS, _cell("constraint:pattern", "idAttribuant", "225800010", pattern=r"^\d{14}$"), f"«{NO}225800010{NO}» n’a pas la forme voulue pour «{NO}idAttribuant{NO}»{NO}: c’est un SIREN, il manque les cinq chiffres de l’établissement. Un SIRET a 14 chiffres, dont le dernier vérifie les autres. Cherchez-le sur annuaire-entreprises.data.gouv.fr."),
    (GRANTS, _cell("type:boolean", "notificationUE", "OUI", true_values=["oui"], false_values=["non"]), f"«{NO}OUI{NO}» n’est ni vrai («{NO}oui{NO}») ni faux («{NO}non{NO}»). Vouliez-vous écrire oui{THIN}?"),
    (GRANTS, _cell("constraint:required", "rnaBeneficiaire", ""), f"La cellule «{NO}rnaBeneficiaire{NO}» est vide, et une valeur est obligatoire. Saisissez une valeur, par exemple «{NO}W380475558{NO}»."),
    (GRANTS, _cell("check:siret", "idBeneficiaire", "21560046100011"), f"«{NO}21560046100011{NO}» n’est pas un numéro SIRET{NO}: un des chiffres est faux. Un SIRET a 14 chiffres, dont le dernier vérifie les autres. Cherchez-le sur annuaire-entreprises.data.gouv.fr."),
    (RACKS, _cell("type:geopoint", "coordonneesxy", "845000, 6520000", format="array"), f"«{NO}845000, 6520000{NO}» n’est pas un point écrit [longitude,latitude]{NO}: ces nombres sont en mètres (RGF93 / Lambert-93). Écrivez la longitude d’abord, puis la latitude, en degrés, avec un point décimal."),
    (RACKS, _cell("constraint:enum", "acces", "Libre accès", values=["LIBRE ACCES", "PRIVE"]), f"«{NO}Libre accès{NO}» n’est pas dans la liste{NO}: «{NO}LIBRE ACCES{NO}», «{NO}PRIVE{NO}». Vouliez-vous écrire LIBRE ACCES{THIN}?"),
    (ACTS, _cell("check:compare-columns-value", "PREF_DATE", "2017-01-01", column2="DELIB_DATE", op=">=", values={"PREF_DATE": "2017-01-01", "DELIB_DATE": "2017-02-03"}), f"«{NO}PREF_DATE{NO}» devrait être supérieur ou égal à «{NO}DELIB_DATE{NO}» (trouvé{NO}: PREF_DATE = 2017-01-01, DELIB_DATE = 2017-02-03). Vérifiez les deux valeurs{NO}: elles ont peut-être été échangées."),
)  # fmt: skip


@pytest.mark.parametrize(
    ("schema", "fault", "expected"), TOLD, ids=[fault.rule + " " + str(fault.value) for _s, fault, _t in TOLD]
)
def test_a_fault_is_told_in_french(schema: TableSchema, fault: Fault, expected: str) -> None:
    assert sentence(fault, schema) == expected


def test_the_same_fault_is_told_in_english() -> None:
    text = sentence(_cell("type:date", "dateConvention", "12/31/2021"), GRANTS, "en")
    assert text == "“12/31/2021” is not a YYYY-MM-DD date: there is no month 31. Did you mean 2021-12-31?"


def test_a_siret_in_scientific_notation_is_declared_lost_and_no_value_is_proposed() -> None:
    explanation = explain(_cell("constraint:pattern", "idAttribuant", "2,18602E+13", pattern=r"^\d{14}$"), GRANTS)
    assert "ils sont perdus" in explanation.mend
    assert not re.search(r"\d{9}", explanation.mend)


def test_no_value_is_proposed_that_the_field_would_refuse() -> None:
    for column, value in (
        ("dateConvention", " bientôt "),
        ("notificationUE", " ouie"),
        ("pourcentageSubvention", "148,85"),
    ):
        fault = _cell("type:date", column, value)
        assert explain(fault, GRANTS).candidates == ()


def test_a_missing_column_is_recognised_under_a_close_name_of_the_file() -> None:
    fault = Fault("missing-label", 1, "nomAttribuant", 1, None, "header:missing-label", {"required": True})
    assert f"«{NO}NomAttribuant{NO}»" in sentence(fault, GRANTS, columns=["NomAttribuant", "montant"])
    assert "Ajoutez cette colonne" in sentence(fault, GRANTS, columns=["montant"])


@pytest.mark.parametrize("rule", sorted(WORDINGS))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_wording_holds_in_both_languages_without_a_hole(rule: str, language: str) -> None:
    details = {
        "values": ["a"], "limit": "5", "pattern": "x", "label": "a", "positions": [1, 2], "expected": 3, "columns": ["a", "b"], "first_row": 2,
        "note": "wrong", "note_fr": "faux", "op": ">", "column1": "a", "column2": "b", "othercolumns": ["c"], "true_values": ["1"], "false_values": ["0"],
    }  # fmt: skip
    explanation = explain(Fault("kind", 3, "dateConvention", 1, "zz", rule, details), GRANTS, language)
    assert explanation.title == title(rule, language) != ""
    assert explanation.found.endswith((".", "wrong", "faux"))
    assert "{" not in explanation.found and (rule in ("type:geojson", "type:object") or "{" not in explanation.mend)
    assert not re.search(r"(?<![\w’])\?(?!\s)", explanation.found.replace("Did you", ""))


@pytest.mark.parametrize("code", sorted(ADVICE))
def test_advice_is_told_in_both_languages(code: str) -> None:
    details = {"encoding": "windows-1252", "separator": ";", "column": "a", "label": "A", "sheet": "Données", "others": ["x"], "columns": ["b"], "name": "n", "replacement": "r", "format": "XLSX", "code": "preamble"}  # fmt: skip
    for language in ("fr", "en"):
        assert "?" not in advice_sentence(Advice(code, details), language)


@given(st.sampled_from(sorted(WORDINGS)), st.text(max_size=200), st.sampled_from(["fr", "en"]))
def test_no_text_of_a_stranger_breaks_a_sentence(rule: str, value: str, language: str) -> None:
    for schema, column in ((GRANTS, "idAttribuant"), (RACKS, "coordonneesxy"), (ACTS, None)):
        text = sentence(_cell(rule, column, value), schema, language)
        assert text
        assert len(text) < 1_500
