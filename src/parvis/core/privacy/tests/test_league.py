"""Classes met on files of public repositories: what is no secret there, and what stays one beside it."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from parvis.core.privacy.tests.planted import FIRST, LAST, TOWNS, box, mobile, table
from parvis.core.privacy.tests.producers import siret
from parvis.core.privacy.tests.test_planted import searched


def _name(rng: Random) -> str:
    return f"{rng.choice(FIRST)} {rng.choice(LAST).upper()}"


def _directory(every: int) -> str:
    """Town halls, one in ``every`` with a box and a number in the name of someone."""

    def row(rng: Random, number: int) -> tuple[object, ...]:
        town = f"{rng.choice(TOWNS)[1]} {number}"
        if number % every == 3:
            return town, box(rng.choice(FIRST), rng.choice(LAST)), mobile(rng), "lundi 9h-12h"
        return town, f"mairie{number}@commune-{number}.fr", f"01 60 {number % 90 + 10} 00 10", "lundi 9h-12h"

    return table(("commune", "adresse_courriel", "telephone", "horaires"), row, rows=900)


def _candidates(rows: int, several: int) -> str:
    names = [f"{FIRST[n % len(FIRST)]} {LAST[(n + n // len(FIRST)) % len(LAST)]}" for n in range(several)]
    return table(
        ("candidat", "commune"),
        lambda rng, n: (rng.choice(names) if rows > several else names[n], TOWNS[0][1]),
        rows=rows,
    )


def _crossed(*, full: bool) -> str:
    if full:
        return table(("sexe", "âge", "n"), lambda rng, n: ("FM"[n % 2], n // 2, rng.randint(1000, 9000)), rows=80)
    return table(
        ("sexe", "âge", "grade"), lambda rng, n: (rng.choice("FM"), rng.randint(20, 64), rng.choice("AB")), rows=80
    )


def _members(header: str, sign: str = " ") -> str:
    """Members of an assembly, and a column about other persons."""
    return table(
        ("nom_de_famille", "prenom", "nom_circo", "groupe_sigle", header),
        lambda rng, n: (rng.choice(LAST), rng.choice(FIRST), f"Essonne {n}", "GR", _name(rng).replace(" ", sign)),
    )


def _objects(text: str) -> str:
    return table(("objet", "montant"), lambda rng, n: (text if n == 19 else f"Rénovation de {n} logements", 1000 * n))


ORDINARY = {
    "a directory of bodies with a few boxes in the name of someone": _directory(90),
    "numbers of places": table(("nom", "telephone_du_lieu"), lambda rng, n: (f"Moulin de {TOWNS[n % 4][1]}", mobile(rng))),
    "sponsors of candidates": _candidates(600, 8),
    "sexes by ages, a figure in each": _crossed(full=True),
    "members of an assembly under « nom de famille »": table(
        ("nom_de_famille", "prenom", "nom_circo", "groupe_sigle"),
        lambda rng, n: (rng.choice(LAST), rng.choice(FIRST), f"Essonne {n}", "GR"),
    ),
    "companies of the register": table(
        ("siret", "name"), lambda rng, n: (siret(rng), "ME GROUP FRANCE" if n == 3 else f"SOCIETE {n} SARL"), rows=60
    ),
    "figures of history": table(
        ("patronyme", "date_de_naissance", "occupation"), lambda rng, n: (_name(rng), f"{1600 + 7 * n}-03-12", "peintre")
    ),
    "members of an assembly by their group": table(
        ("nom", "prenom", "groupe", "montant"),
        lambda rng, n: (rng.choice(LAST), rng.choice(FIRST), rng.choice(("UMP", "SRC", "GDR", "UDI", "NI")), 100 * n),
    ),
    "members of an assembly by their page": table(
        ("nom", "prenom", "lien"),
        lambda rng, n: (rng.choice(LAST), rng.choice(FIRST), f"http://www.assemblee-nationale.fr/deputes/fiche/OMC_PA{n}.asp"),
        rows=80,
    ),
    "streets of a dBASE table": table(
        ("TYPVOI,C,4", "NOMVOI,C,80"), lambda rng, n: ("RUE", f"{rng.choice(FIRST)} {rng.choice(LAST)}".upper()), rows=60
    ),
    "a stop called after someone": table(("uic_name", "bus"), lambda rng, n: ("Lausanne, Riponne-M. Béjart", "yes")),
    "who was chosen for a contract": table(
        ("nom de l’attributaire", "objet"), lambda rng, n: ("M Bernard\n34140 - Mauguio" if n == 3 else f"SARL {n}", "Travaux")
    ),
    "a street in short": _objects("Aqueduc Saint-Clément r  M. Teule-av Rimbaud"),
    "a hospital and its patients": _objects("Les patients du centre hospitalier Claude BERNARD et de la clinique Pascal GUINOT sont suivis"),
    "a residence": _objects("Création d’une chaufferie pour la résidence Pierre Faur à Foix (219 logements)"),
    "a hamlet": _objects("Aide au diagnostic préalable au reboisement (7 ha) à Saint Michel et Chanveaux"),
    "a call for projects": _objects(
        "Vincent Forest Travaux Publics - BioGNV / Acquisition de véhicules éligibles dans le cadre de l’appel à projets"
    ),
    "a family of trees": _objects("De la famille des Fabacées, introduit en 1601 par Jean Robin, cet arbre est ancien."),
    "the head of a list": _objects("UNE RÉGION SOLIDAIRE, liste conduite par M. Martin Bernard"),
    "the history of museums": table(
        ("ref", "nomoff", "dompal", "hist"),
        lambda rng, n: (f"M{n:04}", f"Musée {n}", "Beaux-arts", f"Légué par Mme {rng.choice(LAST)}, propriétaire, veuve de {_name(rng)}"),
    ),
    "a shop called Mr": _objects("Enseigne Mr BRICOLAGE, zone commerciale"),
    "an example": _objects("Âge atteint : par exemple, un individu né le 10 octobre 1925 a 74 ans."),
}  # fmt: skip
HELD = {
    "a directory of bodies with many such boxes": ({"email", "phone"}, _directory(10)),
    "applicants": ({"name"}, _candidates(30, 30)),
    "agents by sex, age and grade": ({"group"}, _crossed(full=False)),
    "project managers beside members of an assembly": ({"name"}, _members("chef_de_projet")),
    "the same with their names joined": ({"name"}, _members("chef_de_projet", "-")),
    "somebody and where she was housed": ({"text"}, _objects("Sophie Martin, logée à titre provisoire")),
    "somebody and what he has": ({"text"}, _objects("Pierre Durand, diagnostiqué en mai")),
    "a patient of a clinic": ({"text"}, _objects("Sophie Martin, patiente de la clinique Pasteur")),
    "the same, told of a dossier": (
        {"text"},
        table(("dossier", "objet"), lambda rng, n: (n, f"Secours à Mme {rng.choice(LAST)}, veuve de {_name(rng)}")),
    ),
    "a family": ({"text"}, _objects("Secours à la famille de Pierre Durand")),
}


@pytest.mark.parametrize("case", ORDINARY)
def test_what_is_no_secret_does_not_hold_a_publication_back(case: str, tmp_path: Path) -> None:
    assert searched(ORDINARY[case], tmp_path).blocking == ()


@pytest.mark.parametrize("case", HELD)
def test_what_is_one_beside_it_still_does(case: str, tmp_path: Path) -> None:
    kinds, text = HELD[case]
    assert kinds <= {finding.kind for finding in searched(text, tmp_path).blocking}
