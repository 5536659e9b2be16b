"""The sentences of what readers and the profiler notice, by code; placeholders are filled from the details of the note."""

from __future__ import annotations

from collections.abc import Mapping

from parvis.core.staging import Note
from parvis.core.translation import gettext_noop, translate

SHOWN = 10
"""Values of a list shown in a sentence."""


NOTES: dict[str, str] = {
    "preamble": gettext_noop("Des lignes au-dessus de l’en-tête ont été laissées de côté : {content}."),
    "second-header": gettext_noop("La ligne {line} est un second en-tête : {names}. Elle a été laissée de côté."),
    "repeated-header": gettext_noop(
        "{count} lignes répètent l’en-tête : elles ont été laissées de côté (lignes {lines})."
    ),
    "no-header": gettext_noop(
        "Aucun en-tête reconnu : la première ligne est gardée comme les autres, les colonnes sont numérotées."
    ),
    "footer": gettext_noop("Des lignes sous le tableau ont été laissées de côté : {content}."),
    "total-line": gettext_noop("La ligne {line} est un total ; elle a été laissée de côté : {content}."),
    "total-line-kept": gettext_noop(
        "La ligne {line}, « {label} », n’est la somme d’aucune colonne : elle est gardée parmi les autres."
    ),
    "other-sheets": gettext_noop("Feuille lue : « {read} ». Autres feuilles : {others}."),
    "merged-cells": gettext_noop(
        "{count} plages de cellules fusionnées : seule leur première cellule porte la valeur."
    ),
    "error-cells": gettext_noop("{count} cellules contiennent une erreur de tableur : {cells}."),
    "encoding-mixed": gettext_noop("Le fichier mélange deux encodages ; chaque ligne a été lue dans le sien."),
    "nul-bytes": gettext_noop("{count} caractères nuls, qui ne disent rien, ont été ôtés du texte (lignes {lines})."),
    "empty-columns-dropped": gettext_noop("{count} colonnes entièrement vides et sans nom ont été laissées de côté."),
    "duplicate-keys": gettext_noop("{count} objets répètent une clé : la dernière valeur est gardée."),
    "not-a-number": gettext_noop("{count} valeurs NaN ou infinies ont été lues comme vides."),
    "archive-parts": gettext_noop(
        "Les {count} fichiers de l’archive ont les mêmes colonnes : ils sont lus à la suite, la colonne « {header} » dit lequel ({files})."
    ),
    "parts-joined": gettext_noop(
        "{count} fichiers ou feuilles ont été lus à la suite, comme un seul tableau, les colonnes d’après leur nom : {files}."
    ),
    "archive-parts-differ": gettext_noop(
        "Des fichiers ou des feuilles n’ont pas ces colonnes, qui y sont vides : {columns}."
    ),
    "parts-columns-folded": gettext_noop(
        "Des colonnes dont le nom ne diffère que par les majuscules ou les accents ont été réunies : {columns}."
    ),
    "archive-members": gettext_noop("Fichier lu dans l’archive : « {read} ». Autres fichiers : {others}."),
    "table-beside": gettext_noop(
        "La table (.dbf) qui accompagne la carte n’a pas de colonne commune avec elle : elle n’a pas été lue."
    ),
    "other-records": gettext_noop(
        "Le fichier contient plusieurs listes. Liste lue : « {read} ». Autres listes : {others}."
    ),
    "around-records": gettext_noop(
        "{count} textes autour des enregistrements ne sont dans aucune ligne : {fields}. L’original les garde."
    ),
    "envelope-dropped": gettext_noop("Ce qui entoure la liste dans le fichier a été laissé de côté."),
    "geometry-unreadable": gettext_noop("{count} géométries sont illisibles."),
    "geometry-empty": gettext_noop("{count} géométries sont vides."),
    "geometry-invalid": gettext_noop("{count} géométries sont mal formées ; elles sont gardées telles quelles."),
    "projection-guessed": gettext_noop("Le fichier ne dit pas sa projection ; lue comme {crs}."),
    "short-lines": gettext_noop(
        "{count} lignes ont moins de cellules que l’en-tête ; les dernières sont vides (lignes {lines})."
    ),
    "empty-lines": gettext_noop("{count} lignes vides ont été passées (lignes {lines})."),
    "separators-mended": gettext_noop(
        "{count} lignes ont dans un texte le séparateur suivi d’un blanc : il y est lu comme un signe du texte (lignes {lines})."
    ),
    "quotes-mended": gettext_noop(
        "{count} lignes ont des guillemets mal placés, qui ont pu être compris (lignes {lines})."
    ),
    "mostly": gettext_noop(
        "{misfits} valeurs sur {filled} ne suivent pas la lecture « {parser} » : la colonne reste du texte."
    ),
    "values-absent": gettext_noop(
        "{count} cellules disent que la valeur manque ({words}) : lues comme vides. Choisissez « texte » pour garder ces mots."
    ),
    "values-secret": gettext_noop(
        "{count} cellules sont couvertes par un secret ({words}) : lues comme vides. Choisissez « texte » pour garder ces mots."
    ),
    "values-insignificant": gettext_noop(
        "{count} cellules sont dites non significatives ({words}) : lues comme vides. Choisissez « texte » pour garder ces mots."
    ),
    "values-not-applicable": gettext_noop(
        "{count} cellules sont dites sans objet ({words}) : lues comme vides. Choisissez « texte » pour garder ces mots."
    ),
    "values-in-error": gettext_noop(
        "{count} cellules portent une erreur de tableur ({words}) : lues comme vides. Choisissez « texte » pour garder ces mots."
    ),
    "numbered": gettext_noop(
        "Ces valeurs numérotent des choses et ne mesurent rien : « {example} » n’est pas un nombre dont on enlève les zéros. Le texte est gardé."
    ),
    "listed": gettext_noop("Des cellules tiennent plusieurs numéros (« {example} ») : le texte est gardé."),
    "named-code": gettext_noop("Le titre de la colonne annonce des codes : le texte est gardé."),
    "leading-zeros": gettext_noop("Un nombre perdrait les zéros de tête de ces valeurs : le texte est gardé."),
    "digits-lost": gettext_noop(
        "Des valeurs ont plus de {digits} chiffres, dont un nombre perdrait les derniers : le texte est gardé."
    ),
    "plus-lost": gettext_noop("Un nombre perdrait le signe + de ces valeurs : le texte est gardé."),
    "exponents": gettext_noop(
        "« {example} » ressemble à une puissance de dix sous un titre de codes : le texte est gardé."
    ),
    "swapped-coordinates": gettext_noop(
        "Latitude et longitude semblent inversées : les points tombent hors de France. Lecture proposée : « {proposed} »."
    ),
    "coordinate-order": gettext_noop(
        "L’ordre des coordonnées est incertain ; lecture retenue : « {taken} ». Vérifiez la carte."
    ),
    "projected-coordinates": gettext_noop("Coordonnées lues en {system} (EPSG:{epsg}) et converties en WGS 84."),
    "points-missing": gettext_noop(
        "Lignes sans point, faute de coordonnées ou parce qu’elles sont hors limites : {count}."
    ),
    "naive-datetime": gettext_noop(
        "Ces heures ne disent pas leur fuseau : elles sont prises en temps universel (UTC)."
    ),
    "two-digit-years": gettext_noop(
        "Années sur deux chiffres : 69 à 99 sont lues 1969 à 1999, 00 à 68 sont lues 2000 à 2068."
    ),
    "month-first-dates": gettext_noop(
        "Dates lues à l’américaine, mois d’abord : aucune autre lecture ne convient à toute la colonne."
    ),
    "siret-rounded": gettext_noop(
        "Des identifiants ont été arrondis par un tableur (« {example} ») : leurs derniers chiffres sont perdus. Le texte est gardé."
    ),
    "identifiers-invalid": gettext_noop("Identifiants non valides ({kind}) : {count}, par exemple « {example} »."),
    "leading-zeros-lost": gettext_noop(
        "Des codes ont perdu leur zéro initial, par exemple « {example} ». Le texte est gardé tel quel."
    ),
    "personal-nir": gettext_noop(
        "Cette colonne ressemble à des numéros de sécurité sociale : une donnée personnelle, à ne pas publier."
    ),
    "override-unknown": gettext_noop("Une correction vise la colonne « {column} », absente de ce fichier."),
    "kept-as-text": gettext_noop("{count} valeurs ne convenaient pas : la colonne est gardée en texte, comme demandé."),
    "cells-nulled": gettext_noop(
        "{count} valeurs ont été effacées, comme demandé ; leur contenu d’origine est conservé à part."
    ),
}


def sentence(note: Note, language: str = "fr") -> str:
    """The note in words; its code when it is not one of ours."""
    template = NOTES.get(note.code)
    if template is None:
        return note.code
    details = {name: _listed(value) for name, value in note.details.items()}
    return translate(template, language).format_map(_Details(details))


def _listed(value: object) -> object:
    """A list as its first values, in one line; what is counted, each with its count."""
    if isinstance(value, Mapping):
        value = [f"{name} × {count}" for name, count in value.items()]
    if not isinstance(value, list | tuple):
        return value
    shown = [", ".join(map(str, part)) if isinstance(part, list | tuple) else str(part) for part in value[:SHOWN]]
    return ", ".join(shown) + ("…" if len(value) > SHOWN else "")


class _Details(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"
