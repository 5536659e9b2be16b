"""What the language can say beside calls to functions: one row each, for the reference page; a test reads each example."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Construct:
    """One way of writing something: its form, its line in the reference, in French, and a clause that uses it."""

    form: str
    sentence: str
    example: str


SELECT = (
    Construct("*", "Tous les champs, dans leur ordre.", "select *"),
    Construct(
        "champ as alias", "Un champ, sous un autre nom s’il le faut.", "select population as `Nombre d'habitants`"
    ),
    Construct("include(nom, début*)", "Des champs par leur nom ou par son début.", "select include(nom, pop*)"),
    Construct("exclude(nom, début*)", "Tous les champs, sauf ceux-là.", "select exclude(contour, p*)"),
    Construct(
        "+ - * / ( )",
        "Calcul sur des nombres ; une valeur manquante ou une division par zéro donne null.",
        "select (population * 2) / (montant - 1) as ratio",
    ),
    Construct("constante", "Un nombre, un texte, une date, true, false ou null.", 'select 2 as deux, "bonjour" as mot'),
)

WHERE = (
    Construct(
        "a = b · a: b", "Égal ; sur un champ à plusieurs valeurs, l’une d’elles est égale.", 'where commune = "Évry"'
    ),
    Construct(
        "a != b",
        "Différent ; les valeurs manquantes n’en font pas partie (elles font partie de « not a = b »).",
        'where commune != "Évry"',
    ),
    Construct("a > b · >= · < · <=", "Plus grand, plus petit ; nombres, dates, textes.", 'where jour >= "2024-01-01"'),
    Construct("a is null · is not null", "La valeur manque, ou non.", "where commune is not null"),
    Construct("a · a is true · a is false", "Un champ booléen.", "where ouvert and not ouvert is false"),
    Construct(
        "a in [x..y] · [x to y]",
        "Entre deux bornes ; un crochet tourné vers l’extérieur exclut la sienne.",
        "where population in [10..50[",
    ),
    Construct("a in (x, y)", "L’une de ces valeurs.", 'where commune in ("Évry", "Grigny")'),
    Construct("x in champ", "Une des valeurs d’un champ à plusieurs valeurs.", 'where "sport" in themes'),
    Construct(
        'a like "mots"',
        "Chaque mot s’y trouve, dans n’importe quel ordre ; un mot avec % ou * peut n’être qu’une partie de mot.",
        'where nom like "école biblio*"',
    ),
    Construct('"mots"', "Chaque mot, entier, se trouve dans l’enregistrement.", 'where "salle des fêtes"'),
    Construct(
        "and · or · not · ( )", "not l’emporte sur and, qui l’emporte sur or.", 'where not (ouvert or nom = "a")'
    ),
)

LITERALS = (
    Construct(
        "\"texte\" · 'texte'", "Une barre oblique inverse protège le caractère suivant.", "where nom = 'L\\'Haÿ'"
    ),
    Construct(
        "date'…'",
        "Une date, entière ou en partie : 2017, 2017-04, 2017/04/03, 2017-04-03T08:02+02:00.",
        "where jour >= date'2017-04'",
    ),
    Construct(
        "geom'…'",
        "Une géométrie en WKT, WKB ou GeoJSON, longitude d’abord.",
        "where within(point, geom'POLYGON((2 48, 3 48, 3 49, 2 48))')",
    ),
    Construct("`nom`", "Un champ dont le nom est un mot du langage ou commence par un chiffre.", "select `year`"),
)

ORDER_BY = (
    Construct(
        "a asc · a desc · -a",
        "Champ, alias, calcul ou agrégation ; les valeurs manquantes viennent en dernier.",
        "order_by -population, nom",
    ),
)
