"""The sentences of faults: one row a rule. Placeholders are filled by ``messages``.

``{value}`` is the text found, ``{column}`` the name of the field, ``{limit}`` what the schema says; ``{layout}`` a date layout in
letters; ``{values}`` a list. Non-breaking spaces are put by ``messages``, so that rows stay easy to read and change.
"""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class Wording:
    """A rule in words: its short title, what was found and expected, and what to do when nothing better can be proposed."""

    title: str
    found: str
    how: str = ""


_LIST = gettext_noop("Choisissez une des valeurs de la liste, écrite exactement ainsi.")

WORDINGS: dict[str, Wording] = {
    # the file
    "source": Wording(
        gettext_noop("Fichier illisible"),
        gettext_noop("Rien n’a pu être lu dans ce fichier."),
        gettext_noop("Ouvrez-le dans un tableur et enregistrez-le de nouveau en CSV ou en XLSX."),
    ),
    "source:format-error": Wording(
        gettext_noop("Format de fichier inconnu"),
        gettext_noop("Ce fichier n’est pas un tableau que Parvis sait lire."),
        gettext_noop("Formats possibles : CSV, XLSX, XLS, ODS."),
    ),
    "source:table-dimensions": Wording(
        gettext_noop("Trop de lignes pour Validata"),
        gettext_noop("Validata n’accepte pas plus de {limit} lignes."),
        gettext_noop("Vérifiez sans le mode strict, ou partagez le fichier."),
    ),
    "source:encoding-error": Wording(
        gettext_noop("Caractères illisibles"),
        gettext_noop("Des caractères de ce fichier ne peuvent pas être lus."),
        gettext_noop("Enregistrez-le de nouveau en CSV UTF-8."),
    ),
    # the schema
    "schema": Wording(
        gettext_noop("Schéma incorrect"),
        gettext_noop("Le schéma lui-même est incorrect : {note}"),
        gettext_noop("Prévenez la personne qui tient ce schéma : votre fichier n’est pas en cause."),
    ),
    "schema:check-error": Wording(
        gettext_noop("Contrôle mal décrit"),
        gettext_noop("Un contrôle du schéma est inconnu ou mal réglé : {note}"),
        gettext_noop("Prévenez la personne qui tient ce schéma : votre fichier n’est pas en cause."),
    ),
    # the header
    "header:missing-label": Wording(
        gettext_noop("Colonne absente"),
        gettext_noop("La colonne « {column} » est obligatoire et le fichier ne l’a pas."),
        gettext_noop("Ajoutez cette colonne, ou donnez ce nom à celle qui la remplace."),
    ),
    "header:duplicate-label": Wording(
        gettext_noop("Nom de colonne en double"),
        gettext_noop("Plusieurs colonnes s’appellent « {label} » (positions {positions}) : rien d’autre ne peut être vérifié."),
        gettext_noop("Gardez-en une, ou donnez un autre nom aux suivantes."),
    ),
    "header:blank-label": Wording(
        gettext_noop("Colonne sans nom"),
        gettext_noop("La colonne numéro {position} n’a pas de nom."),
        gettext_noop("Donnez-lui un nom sur la première ligne, ou supprimez-la si elle est vide."),
    ),
    # rows
    "row:blank-row": Wording(
        gettext_noop("Ligne vide"), gettext_noop("La ligne {row} est vide."), gettext_noop("Supprimez cette ligne."),
    ),
    "row:extra-cell": Wording(
        gettext_noop("Valeur en trop"),
        gettext_noop("La ligne {row} a plus de cellules que l’en-tête, qui en a {expected} : « {value} » est en trop."),
        gettext_noop("Un séparateur se trouve peut-être dans un texte : entourez ce texte de guillemets."),
    ),
    "row:missing-cell": Wording(
        gettext_noop("Cellule absente"),
        gettext_noop("La ligne {row} s’arrête avant la colonne « {column} »."),
        gettext_noop("Complétez la ligne : une cellule vide compte, mais son séparateur doit être là."),
    ),
    # types
    "type": Wording(
        gettext_noop("Valeur du mauvais type"),
        gettext_noop("« {value} » n’est pas une valeur de la colonne « {column} »."),
        gettext_noop("Regardez la description de la colonne dans le schéma."),
    ),
    "type:date": Wording(
        gettext_noop("Format de date incorrect"),
        gettext_noop("« {value} » n’est pas une date {layout}{impossible}."),
        gettext_noop("Écrivez la date sous la forme {layout}, par exemple {example}."),
    ),
    "type:datetime": Wording(
        gettext_noop("Format de date et d’heure incorrect"),
        gettext_noop("« {value} » n’est pas une date avec son heure."),
        gettext_noop("Écrivez par exemple 2021-12-31T14:30:00."),
    ),
    "type:time": Wording(
        gettext_noop("Format d’heure incorrect"),
        gettext_noop("« {value} » n’est pas une heure HH:MM:SS."),
        gettext_noop("Écrivez aussi les secondes, par exemple 14:30:00."),
    ),
    "type:year": Wording(
        gettext_noop("Format d’année incorrect"),
        gettext_noop("« {value} » n’est pas une année sur quatre chiffres."),
        gettext_noop("Écrivez par exemple 2021."),
    ),
    "type:yearmonth": Wording(
        gettext_noop("Format de mois incorrect"),
        gettext_noop("« {value} » n’est pas un mois AAAA-MM."), gettext_noop("Écrivez par exemple 2021-12."),
    ),
    "type:integer": Wording(
        gettext_noop("Format de nombre entier incorrect"),
        gettext_noop("« {value} » n’est pas un nombre entier."),
        gettext_noop("N’écrivez que des chiffres, sans espace, virgule ni unité."),
    ),
    "type:number": Wording(
        gettext_noop("Format de nombre incorrect"),
        gettext_noop("« {value} » n’est pas un nombre écrit avec des chiffres et « {decimal} »."),
        gettext_noop("N’écrivez ni espace ni unité, et « {decimal} » devant les décimales."),
    ),
    "type:boolean": Wording(
        gettext_noop("Oui ou non : format incorrect"),
        gettext_noop("« {value} » n’est ni vrai ({true_values}) ni faux ({false_values})."),
        gettext_noop("Écrivez exactement une de ces valeurs."),
    ),
    "type:geopoint": Wording(
        gettext_noop("Format de coordonnées incorrect"),
        gettext_noop("« {value} » n’est pas un point écrit {point}{metres}."),
        gettext_noop("Écrivez la longitude d’abord, puis la latitude, en degrés, avec un point décimal."),
    ),
    "type:geojson": Wording(
        gettext_noop("Format de géométrie incorrect"),
        gettext_noop("« {value} » n’est pas une géométrie GeoJSON."),
        gettext_noop("Le texte doit commencer par {{\"type\": et donner des « coordinates »."),
    ),
    "type:array": Wording(
        gettext_noop("Format de liste incorrect"),
        gettext_noop("« {value} » n’est pas une liste JSON."),
        gettext_noop("Écrivez les valeurs entre crochets, par exemple [\"a\", \"b\"]."),
    ),
    "type:object": Wording(
        gettext_noop("Objet mal écrit"), gettext_noop("« {value} » n’est pas un objet JSON."),
        gettext_noop("Écrivez par exemple {{\"nom\": \"valeur\"}}."),
    ),
    "type:string": Wording(
        gettext_noop("Texte mal écrit"), gettext_noop("« {value} » n’est pas un texte."),
        gettext_noop("Dans le tableur, donnez le format « Texte » à la colonne et saisissez de nouveau la valeur."),
    ),
    "type:string:email": Wording(
        gettext_noop("Adresse électronique mal écrite"),
        gettext_noop("« {value} » n’est pas une adresse électronique."),
        gettext_noop("Une adresse s’écrit nom@domaine.fr, sans espace, et une seule par cellule."),
    ),
    "type:string:uri": Wording(
        gettext_noop("Adresse web mal écrite"),
        gettext_noop("« {value} » n’est pas une adresse web complète."),
        gettext_noop("Une adresse commence par https://."),
    ),
    "type:string:uuid": Wording(
        gettext_noop("Identifiant UUID mal écrit"),
        gettext_noop("« {value} » n’est pas un identifiant UUID."),
        gettext_noop("Un UUID compte 32 chiffres ou lettres de a à f, en cinq groupes : 8-4-4-4-12."),
    ),
    # constraints
    "constraint": Wording(
        gettext_noop("Règle non respectée"),
        gettext_noop("« {value} » ne respecte pas une règle de la colonne « {column} »."),
        gettext_noop("Regardez la description de la colonne dans le schéma."),
    ),
    "constraint:required": Wording(
        gettext_noop("Valeur manquante"),
        gettext_noop("La cellule « {column} » est vide, et une valeur est obligatoire."),
        gettext_noop("Saisissez une valeur{such}."),
    ),
    "constraint:unique": Wording(
        gettext_noop("Valeur répétée"),
        gettext_noop("« {value} » se trouve déjà plus haut dans « {column} »."),
        gettext_noop("Chaque valeur de cette colonne doit être différente."),
    ),
    "constraint:pattern": Wording(
        gettext_noop("Forme incorrecte"),
        gettext_noop("« {value} » n’a pas la forme voulue pour « {column} »{pattern}{siren}."),
        gettext_noop("Écrivez la valeur sous cette forme{such}."),
    ),
    "constraint:enum": Wording(
        gettext_noop("Valeur hors de la liste"),
        gettext_noop("« {value} » n’est pas dans la liste : {values}."), _LIST,
    ),
    "constraint:minLength": Wording(
        gettext_noop("Texte trop court"),
        gettext_noop("« {value} » a {length} caractères, il en faut au moins {limit}."),
        gettext_noop("Complétez le texte."),
    ),
    "constraint:maxLength": Wording(
        gettext_noop("Texte trop long"),
        gettext_noop("« {value} » a {length} caractères, {limit} au plus sont permis."),
        gettext_noop("Raccourcissez le texte."),
    ),
    "constraint:minimum": Wording(
        gettext_noop("Valeur trop petite"),
        gettext_noop("« {value} » est trop petit : le minimum est {limit}."),
        gettext_noop("Vérifiez la valeur et son unité."),
    ),
    "constraint:maximum": Wording(
        gettext_noop("Valeur trop grande"),
        gettext_noop("« {value} » est trop grand : le maximum est {limit}."),
        gettext_noop("Vérifiez la valeur et son unité."),
    ),
    # several rows
    "unique": Wording(
        gettext_noop("Valeur répétée"),
        gettext_noop("« {value} » se trouve déjà à la ligne {first_row}, et « {column} » ne doit pas se répéter."),
        gettext_noop("Si les deux lignes disent la même chose, supprimez-en une ; sinon corrigez la valeur."),
    ),
    "primary-key": Wording(
        gettext_noop("Identifiant répété"),
        gettext_noop("La ligne {row} a le même identifiant ({columns}) que la ligne {first_row}."),
        gettext_noop("Si les deux lignes disent la même chose, supprimez-en une ; sinon donnez à chacune son identifiant."),
    ),
    "foreign-key": Wording(
        gettext_noop("Référence inconnue"),
        gettext_noop("« {value} » ne renvoie à aucune ligne connue."),
        gettext_noop("Corrigez la valeur, ou ajoutez la ligne à laquelle elle renvoie."),
    ),
    # custom checks
    "check": Wording(
        gettext_noop("Contrôle non passé"),
        gettext_noop("« {value} » ne passe pas le contrôle « {check} »."),
        gettext_noop("Regardez la description de la colonne dans le schéma."),
    ),
    "check:siret": Wording(
        gettext_noop("SIRET incorrect"),
        gettext_noop("« {value} » n’est pas un numéro SIRET{siret}."),
        gettext_noop("Un SIRET a 14 chiffres, dont le dernier vérifie les autres. Cherchez-le sur annuaire-entreprises.data.gouv.fr."),
    ),
    "check:siren": Wording(
        gettext_noop("SIREN incorrect"),
        gettext_noop("« {value} » n’est pas un numéro SIREN{siren_why}."),
        gettext_noop("Un SIREN a 9 chiffres, dont le dernier vérifie les autres. Cherchez-le sur annuaire-entreprises.data.gouv.fr."),
    ),
    "check:nomenclature-acte": Wording(
        gettext_noop("Matière d’acte inconnue"),
        gettext_noop("« {value} » ne commence pas par une des neuf matières de la nomenclature des actes, suivie d’une barre « / »."),
        gettext_noop("Écrivez par exemple « Finances locales/Subventions »."),
    ),
    "check:cohesive-columns-value": Wording(
        gettext_noop("Colonnes à remplir ensemble"),
        gettext_noop("« {column} » et {othercolumns} doivent être tous remplis, ou tous vides{found}."),
        gettext_noop("Complétez les cellules vides, ou videz les autres."),
    ),
    "check:compare-columns-value": Wording(
        gettext_noop("Valeurs qui se contredisent"),
        gettext_noop("« {column} » devrait être {op} « {column2} »{found}."),
        gettext_noop("Vérifiez les deux valeurs : elles ont peut-être été échangées."),
    ),
    "check:sum-columns-value": Wording(
        gettext_noop("Somme inexacte"),
        gettext_noop("« {column} » devrait être la somme de {columns}{found}."),
        gettext_noop("Vérifiez le total et ses parties."),
    ),
    "check:year-interval-value": Wording(
        gettext_noop("Période mal écrite"),
        gettext_noop("« {value} » n’est pas une période AAAA/AAAA dont la seconde année suit la première."),
        gettext_noop("Écrivez par exemple 2020/2021."),
    ),
    "check:phone-number-value": Wording(
        gettext_noop("Numéro de téléphone incorrect"),
        gettext_noop("« {value} » n’est pas un numéro de téléphone valable."),
        gettext_noop("Écrivez dix chiffres, ou +33 suivi de neuf chiffres."),
    ),
    "check:opening-hours-value": Wording(
        gettext_noop("Horaires mal écrits"),
        gettext_noop("« {value} » ne suit pas la notation des horaires d’OpenStreetMap."),
        gettext_noop("Écrivez par exemple Mo-Fr 08:00-12:00,14:00-18:00 (Mo, Tu, We, Th, Fr, Sa, Su), ou 24/7."),
    ),
    "check:french-gps-coordinates": Wording(
        gettext_noop("Point hors de France"),
        gettext_noop("« {value} » n’est pas en France{swapped}."),
        gettext_noop("Vérifiez que la longitude est la première et que les degrés ont un point décimal."),
    ),
    "check:one-of-required": Wording(
        gettext_noop("Au moins une des deux valeurs"),
        gettext_noop("« {column1} » et « {column2} » sont vides ou absentes : l’une des deux au moins est obligatoire."),
        gettext_noop("Remplissez l’une des deux."),
    ),
    "check:code-commune-insee": Wording(
        gettext_noop("Code de commune inconnu"),
        gettext_noop("« {value} » n’est pas un code de commune de l’Insee."),
        gettext_noop("Le code a cinq caractères et n’est pas le code postal."),
    ),
    "check:code-postal": Wording(
        gettext_noop("Code postal inconnu"),
        gettext_noop("« {value} » n’est pas un code postal."), gettext_noop("Le code a cinq chiffres."),
    ),
}  # fmt: skip
"""Wordings by rule; a rule that is not here takes that of the part before its last colon."""

ADVICE: dict[str, str] = {
    "encoding": gettext_noop("Le fichier est en {encoding} : il a été lu ainsi. L’UTF-8 est préférable."),
    "separator": gettext_noop("Le séparateur est « {separator} » : il a été lu ainsi. La norme est la virgule."),
    "format": gettext_noop("Le fichier est en {format} : il a été lu ainsi."),
    "sheet": gettext_noop("La feuille « {sheet} » a été vérifiée ; les autres ne l’ont pas été : {others}."),
    "header-spaces": gettext_noop("Des espaces entourent le nom de la colonne « {column} »."),
    "header-case": gettext_noop("La colonne « {label} » devrait s’écrire « {column} »."),
    "missing-column": gettext_noop("La colonne facultative « {column} » est absente."),
    "extra-column": gettext_noop("La colonne « {label} » n’est pas dans le schéma : elle n’a pas été vérifiée."),
    "column-order": gettext_noop("Les colonnes ne sont pas dans l’ordre du schéma."),
    "deprecated-check": gettext_noop("Le schéma emploie l’ancien nom « {name} » d’un contrôle, qui s’appelle à présent « {replacement} »."),
    "empty-check": gettext_noop("Le contrôle « {name} » n’a rien vérifié : aucune de ses colonnes n’est là ({columns})."),
    "set-aside": gettext_noop("Des lignes ont été laissées de côté à la lecture ({code})."),
}  # fmt: skip
"""What is only advice, by code."""

LOST = gettext_noop(
    "Les derniers chiffres ont été remplacés par des zéros par un tableur : ils sont perdus. Reprenez le numéro à sa source, et donnez à la colonne le format « Texte »."
)
