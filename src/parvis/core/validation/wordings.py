"""The sentences of faults: one row a rule, in French and English. Placeholders are filled by ``messages``.

``{value}`` is the text found, ``{column}`` the name of the field, ``{limit}`` what the schema says; ``{layout}`` a date layout in
letters; ``{values}`` a list. Non-breaking spaces are put by ``messages``, so that rows stay easy to read and change.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """A rule in words: its short title, what was found and expected, and what to do when nothing better can be proposed."""

    title_fr: str
    title_en: str
    fr: str
    en: str
    how_fr: str = ""
    how_en: str = ""


_LIST_FR = "Choisissez une des valeurs de la liste, écrite exactement ainsi."
_LIST_EN = "Take one of the values of the list, written exactly so."

WORDINGS: dict[str, Wording] = {
    # the file
    "source": Wording(
        "Fichier illisible", "File that cannot be read",
        "Rien n’a pu être lu dans ce fichier.", "Nothing could be read in this file.",
        "Ouvrez-le dans un tableur et enregistrez-le de nouveau en CSV ou en XLSX.", "Open it in a spreadsheet and save it again as CSV or XLSX.",
    ),
    "source:format-error": Wording(
        "Format de fichier inconnu", "Unknown file format",
        "Ce fichier n’est pas un tableau que Parvis sait lire.", "This file is no table that Parvis can read.",
        "Formats possibles : CSV, XLSX, XLS, ODS.", "Possible formats: CSV, XLSX, XLS, ODS.",
    ),
    "source:table-dimensions": Wording(
        "Trop de lignes pour Validata", "Too many rows for Validata",
        "Validata n’accepte pas plus de {limit} lignes.", "Validata takes no more than {limit} rows.",
        "Vérifiez sans le mode strict, ou partagez le fichier.", "Check without the strict mode, or divide the file.",
    ),
    "source:encoding-error": Wording(
        "Caractères illisibles", "Unreadable characters",
        "Des caractères de ce fichier ne peuvent pas être lus.", "Some characters of this file cannot be read.",
        "Enregistrez-le de nouveau en CSV UTF-8.", "Save it again as CSV UTF-8.",
    ),
    # the schema
    "schema": Wording(
        "Schéma incorrect", "Wrong schema",
        "Le schéma lui-même est incorrect : {note}", "The schema itself is wrong: {note}",
        "Prévenez la personne qui tient ce schéma : votre fichier n’est pas en cause.", "Tell whoever keeps this schema: your file is not at fault.",
    ),
    "schema:check-error": Wording(
        "Contrôle mal décrit", "Check badly described",
        "Un contrôle du schéma est inconnu ou mal réglé : {note}", "A check of the schema is unknown or badly set: {note}",
        "Prévenez la personne qui tient ce schéma : votre fichier n’est pas en cause.", "Tell whoever keeps this schema: your file is not at fault.",
    ),
    # the header
    "header:missing-label": Wording(
        "Colonne absente", "Missing column",
        "La colonne « {column} » est obligatoire et le fichier ne l’a pas.", "Column “{column}” is required and the file has not got it.",
        "Ajoutez cette colonne, ou donnez ce nom à celle qui la remplace.", "Add this column, or give this name to the one that stands for it.",
    ),
    "header:duplicate-label": Wording(
        "Nom de colonne en double", "Column name used twice",
        "Plusieurs colonnes s’appellent « {label} » (positions {positions}) : rien d’autre ne peut être vérifié.", "Several columns are called “{label}” (positions {positions}): nothing else can be checked.",
        "Gardez-en une, ou donnez un autre nom aux suivantes.", "Keep one, or give the others another name.",
    ),
    "header:blank-label": Wording(
        "Colonne sans nom", "Column without a name",
        "La colonne numéro {position} n’a pas de nom.", "Column number {position} has no name.",
        "Donnez-lui un nom sur la première ligne, ou supprimez-la si elle est vide.", "Give it a name on the first line, or delete it if it is empty.",
    ),
    # rows
    "row:blank-row": Wording(
        "Ligne vide", "Empty row", "La ligne {row} est vide.", "Row {row} is empty.", "Supprimez cette ligne.", "Delete this row.",
    ),
    "row:extra-cell": Wording(
        "Valeur en trop", "Cell too many",
        "La ligne {row} a plus de cellules que l’en-tête, qui en a {expected} : « {value} » est en trop.", "Row {row} has more cells than the header, which has {expected}: “{value}” is too many.",
        "Un séparateur se trouve peut-être dans un texte : entourez ce texte de guillemets.", "A separator may stand inside a text: put that text between quotes.",
    ),
    "row:missing-cell": Wording(
        "Cellule absente", "Missing cell",
        "La ligne {row} s’arrête avant la colonne « {column} ».", "Row {row} stops before column “{column}”.",
        "Complétez la ligne : une cellule vide compte, mais son séparateur doit être là.", "Complete the row: an empty cell counts, but its separator must be there.",
    ),
    # types
    "type": Wording(
        "Valeur du mauvais type", "Value of the wrong type",
        "« {value} » n’est pas une valeur de la colonne « {column} ».", "“{value}” is no value of column “{column}”.",
        "Regardez la description de la colonne dans le schéma.", "See the description of the column in the schema.",
    ),
    "type:date": Wording(
        "Date mal écrite", "Date badly written",
        "« {value} » n’est pas une date {layout}{impossible}.", "“{value}” is not a {layout} date{impossible}.",
        "Écrivez la date sous la forme {layout}, par exemple {example}.", "Write the date as {layout}, for example {example}.",
    ),
    "type:datetime": Wording(
        "Date et heure mal écrites", "Date and time badly written",
        "« {value} » n’est pas une date avec son heure.", "“{value}” is not a date with its time.",
        "Écrivez par exemple 2021-12-31T14:30:00.", "Write for example 2021-12-31T14:30:00.",
    ),
    "type:time": Wording(
        "Heure mal écrite", "Time badly written",
        "« {value} » n’est pas une heure HH:MM:SS.", "“{value}” is not a time HH:MM:SS.",
        "Écrivez aussi les secondes, par exemple 14:30:00.", "Write seconds too, for example 14:30:00.",
    ),
    "type:year": Wording(
        "Année mal écrite", "Year badly written",
        "« {value} » n’est pas une année sur quatre chiffres.", "“{value}” is not a year of four digits.",
        "Écrivez par exemple 2021.", "Write for example 2021.",
    ),
    "type:yearmonth": Wording(
        "Mois mal écrit", "Month badly written",
        "« {value} » n’est pas un mois AAAA-MM.", "“{value}” is not a YYYY-MM month.", "Écrivez par exemple 2021-12.", "Write for example 2021-12.",
    ),
    "type:integer": Wording(
        "Nombre entier mal écrit", "Whole number badly written",
        "« {value} » n’est pas un nombre entier.", "“{value}” is not a whole number.",
        "N’écrivez que des chiffres, sans espace, virgule ni unité.", "Write digits only, without blank, comma or unit.",
    ),
    "type:number": Wording(
        "Nombre mal écrit", "Number badly written",
        "« {value} » n’est pas un nombre écrit avec des chiffres et « {decimal} ».", "“{value}” is not a number written with digits and “{decimal}”.",
        "N’écrivez ni espace ni unité, et « {decimal} » devant les décimales.", "Write no blank and no unit, and “{decimal}” before decimals.",
    ),
    "type:boolean": Wording(
        "Oui ou non mal écrit", "Yes or no badly written",
        "« {value} » n’est ni vrai ({true_values}) ni faux ({false_values}).", "“{value}” is neither true ({true_values}) nor false ({false_values}).",
        "Écrivez exactement une de ces valeurs.", "Write exactly one of these values.",
    ),
    "type:geopoint": Wording(
        "Coordonnées mal écrites", "Coordinates badly written",
        "« {value} » n’est pas un point écrit {point}{metres}.", "“{value}” is not a point written {point}{metres}.",
        "Écrivez la longitude d’abord, puis la latitude, en degrés, avec un point décimal.", "Write longitude first, then latitude, in degrees, with a decimal point.",
    ),
    "type:geojson": Wording(
        "Géométrie mal écrite", "Geometry badly written",
        "« {value} » n’est pas une géométrie GeoJSON.", "“{value}” is not a GeoJSON geometry.",
        "Le texte doit commencer par {{\"type\": et donner des « coordinates ».", "The text must begin with {{\"type\": and give “coordinates”.",
    ),
    "type:array": Wording(
        "Liste mal écrite", "List badly written",
        "« {value} » n’est pas une liste JSON.", "“{value}” is not a JSON list.",
        "Écrivez les valeurs entre crochets, par exemple [\"a\", \"b\"].", "Write the values between brackets, for example [\"a\", \"b\"].",
    ),
    "type:object": Wording(
        "Objet mal écrit", "Object badly written", "« {value} » n’est pas un objet JSON.", "“{value}” is not a JSON object.",
        "Écrivez par exemple {{\"nom\": \"valeur\"}}.", "Write for example {{\"name\": \"value\"}}.",
    ),
    "type:string": Wording(
        "Texte mal écrit", "Text badly written", "« {value} » n’est pas un texte.", "“{value}” is not a text.",
        "Dans le tableur, donnez le format « Texte » à la colonne et saisissez de nouveau la valeur.", "In the spreadsheet, give the column the “Text” format and type the value again.",
    ),
    "type:string:email": Wording(
        "Adresse électronique mal écrite", "E-mail address badly written",
        "« {value} » n’est pas une adresse électronique.", "“{value}” is not an e-mail address.",
        "Une adresse s’écrit nom@domaine.fr, sans espace, et une seule par cellule.", "An address is written name@domain.fr, without blank, one to a cell.",
    ),
    "type:string:uri": Wording(
        "Adresse web mal écrite", "Web address badly written",
        "« {value} » n’est pas une adresse web complète.", "“{value}” is not a whole web address.",
        "Une adresse commence par https://.", "An address begins with https://.",
    ),
    "type:string:uuid": Wording(
        "Identifiant UUID mal écrit", "UUID badly written",
        "« {value} » n’est pas un identifiant UUID.", "“{value}” is not a UUID.",
        "Un UUID compte 32 chiffres ou lettres de a à f, en cinq groupes : 8-4-4-4-12.", "A UUID has 32 digits or letters from a to f, in five groups: 8-4-4-4-12.",
    ),
    # constraints
    "constraint": Wording(
        "Règle non respectée", "Rule not kept",
        "« {value} » ne respecte pas une règle de la colonne « {column} ».", "“{value}” breaks a rule of column “{column}”.",
        "Regardez la description de la colonne dans le schéma.", "See the description of the column in the schema.",
    ),
    "constraint:required": Wording(
        "Valeur manquante", "Missing value",
        "La cellule « {column} » est vide, et une valeur est obligatoire.", "Cell “{column}” is empty, and a value is required.",
        "Saisissez une valeur{such}.", "Give a value{such}.",
    ),
    "constraint:unique": Wording(
        "Valeur répétée", "Repeated value",
        "« {value} » se trouve déjà plus haut dans « {column} ».", "“{value}” already stands above in “{column}”.",
        "Chaque valeur de cette colonne doit être différente.", "Each value of this column must be different.",
    ),
    "constraint:pattern": Wording(
        "Forme incorrecte", "Wrong form",
        "« {value} » n’a pas la forme voulue pour « {column} »{pattern}{siren}.", "“{value}” has not the form wanted in “{column}”{pattern}{siren}.",
        "Écrivez la valeur sous cette forme{such}.", "Write the value in this form{such}.",
    ),
    "constraint:enum": Wording(
        "Valeur hors de la liste", "Value outside the list",
        "« {value} » n’est pas dans la liste : {values}.", "“{value}” is not in the list: {values}.", _LIST_FR, _LIST_EN,
    ),
    "constraint:minLength": Wording(
        "Texte trop court", "Text too short",
        "« {value} » a {length} caractères, il en faut au moins {limit}.", "“{value}” has {length} characters, at least {limit} are needed.",
        "Complétez le texte.", "Complete the text.",
    ),
    "constraint:maxLength": Wording(
        "Texte trop long", "Text too long",
        "« {value} » a {length} caractères, {limit} au plus sont permis.", "“{value}” has {length} characters, {limit} at most are allowed.",
        "Raccourcissez le texte.", "Shorten the text.",
    ),
    "constraint:minimum": Wording(
        "Valeur trop petite", "Value too small",
        "« {value} » est trop petit : le minimum est {limit}.", "“{value}” is too small: the minimum is {limit}.",
        "Vérifiez la valeur et son unité.", "Check the value and its unit.",
    ),
    "constraint:maximum": Wording(
        "Valeur trop grande", "Value too large",
        "« {value} » est trop grand : le maximum est {limit}.", "“{value}” is too large: the maximum is {limit}.",
        "Vérifiez la valeur et son unité.", "Check the value and its unit.",
    ),
    # several rows
    "unique": Wording(
        "Valeur répétée", "Repeated value",
        "« {value} » se trouve déjà à la ligne {first_row}, et « {column} » ne doit pas se répéter.", "“{value}” already stands on row {first_row}, and “{column}” must not repeat.",
        "Si les deux lignes disent la même chose, supprimez-en une ; sinon corrigez la valeur.", "If both rows say the same, delete one; else mend the value.",
    ),
    "primary-key": Wording(
        "Identifiant répété", "Repeated identifier",
        "La ligne {row} a le même identifiant ({columns}) que la ligne {first_row}.", "Row {row} has the same identifier ({columns}) as row {first_row}.",
        "Si les deux lignes disent la même chose, supprimez-en une ; sinon donnez à chacune son identifiant.", "If both rows say the same, delete one; else give each its own identifier.",
    ),
    "foreign-key": Wording(
        "Référence inconnue", "Unknown reference",
        "« {value} » ne renvoie à aucune ligne connue.", "“{value}” refers to no known row.",
        "Corrigez la valeur, ou ajoutez la ligne à laquelle elle renvoie.", "Mend the value, or add the row it refers to.",
    ),
    # custom checks
    "check": Wording(
        "Contrôle non passé", "Check not passed",
        "« {value} » ne passe pas le contrôle « {check} ».", "“{value}” does not pass check “{check}”.",
        "Regardez la description de la colonne dans le schéma.", "See the description of the column in the schema.",
    ),
    "check:siret": Wording(
        "SIRET incorrect", "Wrong SIRET",
        "« {value} » n’est pas un numéro SIRET{siret}.", "“{value}” is not a SIRET number{siret}.",
        "Un SIRET a 14 chiffres, dont le dernier vérifie les autres. Cherchez-le sur annuaire-entreprises.data.gouv.fr.", "A SIRET has 14 digits, the last of which checks the others. Look it up on annuaire-entreprises.data.gouv.fr.",
    ),
    "check:siren": Wording(
        "SIREN incorrect", "Wrong SIREN",
        "« {value} » n’est pas un numéro SIREN{siren_why}.", "“{value}” is not a SIREN number{siren_why}.",
        "Un SIREN a 9 chiffres, dont le dernier vérifie les autres. Cherchez-le sur annuaire-entreprises.data.gouv.fr.", "A SIREN has 9 digits, the last of which checks the others. Look it up on annuaire-entreprises.data.gouv.fr.",
    ),
    "check:nomenclature-acte": Wording(
        "Matière d’acte inconnue", "Unknown subject of act",
        "« {value} » ne commence pas par une des neuf matières de la nomenclature des actes, suivie d’une barre « / ».", "“{value}” does not begin with one of the nine subjects of the list of acts, followed by a slash.",
        "Écrivez par exemple « Finances locales/Subventions ».", "Write for example “Finances locales/Subventions”.",
    ),
    "check:cohesive-columns-value": Wording(
        "Colonnes à remplir ensemble", "Columns to fill together",
        "« {column} » et {othercolumns} doivent être tous remplis, ou tous vides{found}.", "“{column}” and {othercolumns} must all be filled, or all be empty{found}.",
        "Complétez les cellules vides, ou videz les autres.", "Fill the empty cells, or empty the others.",
    ),
    "check:compare-columns-value": Wording(
        "Valeurs qui se contredisent", "Values that contradict each other",
        "« {column} » devrait être {op} « {column2} »{found}.", "“{column}” should be {op} “{column2}”{found}.",
        "Vérifiez les deux valeurs : elles ont peut-être été échangées.", "Check both values: they may have been exchanged.",
    ),
    "check:sum-columns-value": Wording(
        "Somme inexacte", "Wrong sum",
        "« {column} » devrait être la somme de {columns}{found}.", "“{column}” should be the sum of {columns}{found}.",
        "Vérifiez le total et ses parties.", "Check the total and its parts.",
    ),
    "check:year-interval-value": Wording(
        "Période mal écrite", "Period badly written",
        "« {value} » n’est pas une période AAAA/AAAA dont la seconde année suit la première.", "“{value}” is not a period YYYY/YYYY whose second year is after the first.",
        "Écrivez par exemple 2020/2021.", "Write for example 2020/2021.",
    ),
    "check:phone-number-value": Wording(
        "Numéro de téléphone incorrect", "Wrong telephone number",
        "« {value} » n’est pas un numéro de téléphone valable.", "“{value}” is not a valid telephone number.",
        "Écrivez dix chiffres, ou +33 suivi de neuf chiffres.", "Write ten digits, or +33 followed by nine digits.",
    ),
    "check:opening-hours-value": Wording(
        "Horaires mal écrits", "Opening hours badly written",
        "« {value} » ne suit pas la notation des horaires d’OpenStreetMap.", "“{value}” does not follow the notation of opening hours of OpenStreetMap.",
        "Écrivez par exemple Mo-Fr 08:00-12:00,14:00-18:00 (Mo, Tu, We, Th, Fr, Sa, Su), ou 24/7.", "Write for example Mo-Fr 08:00-12:00,14:00-18:00, or 24/7.",
    ),
    "check:french-gps-coordinates": Wording(
        "Point hors de France", "Point outside France",
        "« {value} » n’est pas en France{swapped}.", "“{value}” is not in France{swapped}.",
        "Vérifiez que la longitude est la première et que les degrés ont un point décimal.", "Check that longitude comes first and that degrees have a decimal point.",
    ),
    "check:one-of-required": Wording(
        "Au moins une des deux valeurs", "At least one of two values",
        "« {column1} » et « {column2} » sont vides ou absentes : l’une des deux au moins est obligatoire.", "“{column1}” and “{column2}” are empty or missing: at least one of them is required.",
        "Remplissez l’une des deux.", "Fill one of the two.",
    ),
    "check:code-commune-insee": Wording(
        "Code de commune inconnu", "Unknown code of commune",
        "« {value} » n’est pas un code de commune de l’Insee.", "“{value}” is not an INSEE code of a commune.",
        "Le code a cinq caractères et n’est pas le code postal.", "The code has five characters and is not the postcode.",
    ),
    "check:code-postal": Wording(
        "Code postal inconnu", "Unknown postcode",
        "« {value} » n’est pas un code postal.", "“{value}” is not a postcode.", "Le code a cinq chiffres.", "The code has five digits.",
    ),
}  # fmt: skip
"""Wordings by rule; a rule that is not here takes that of the part before its last colon."""

ADVICE: dict[str, tuple[str, str]] = {
    "encoding": ("Le fichier est en {encoding} : il a été lu ainsi. L’UTF-8 est préférable.", "The file is in {encoding}: it was read so. UTF-8 is better."),
    "separator": ("Le séparateur est « {separator} » : il a été lu ainsi. La norme est la virgule.", "The separator is “{separator}”: it was read so. The standard one is the comma."),
    "format": ("Le fichier est en {format} : il a été lu ainsi.", "The file is in {format}: it was read so."),
    "sheet": ("La feuille « {sheet} » a été vérifiée ; les autres ne l’ont pas été : {others}.", "Sheet “{sheet}” was checked; the others were not: {others}."),
    "header-spaces": ("Des espaces entourent le nom de la colonne « {column} ».", "There are blanks around the name of column “{column}”."),
    "header-case": ("La colonne « {label} » devrait s’écrire « {column} ».", "Column “{label}” should be written “{column}”."),
    "missing-column": ("La colonne facultative « {column} » est absente.", "Optional column “{column}” is missing."),
    "extra-column": ("La colonne « {label} » n’est pas dans le schéma : elle n’a pas été vérifiée.", "Column “{label}” is not in the schema: it was not checked."),
    "column-order": ("Les colonnes ne sont pas dans l’ordre du schéma.", "Columns are not in the order of the schema."),
    "deprecated-check": ("Le schéma emploie l’ancien nom « {name} » d’un contrôle, qui s’appelle à présent « {replacement} ».", "The schema uses the former name “{name}” of a check now called “{replacement}”."),
    "empty-check": ("Le contrôle « {name} » n’a rien vérifié : aucune de ses colonnes n’est là ({columns}).", "Check “{name}” checked nothing: none of its columns is there ({columns})."),
    "set-aside": ("Des lignes ont été laissées de côté à la lecture ({code}).", "Some lines were set aside when reading ({code})."),
}  # fmt: skip
"""What is only advice, in French and English, by code."""

LOST_FR = "Les derniers chiffres ont été remplacés par des zéros par un tableur : ils sont perdus. Reprenez le numéro à sa source, et donnez à la colonne le format « Texte »."
LOST_EN = "A spreadsheet replaced the last digits by zeros: they are lost. Take the number from its source again, and give the column the “Text” format."
