"""Every refusal of the readers, one class a reason: a file that cannot be read, or that must not be."""

from __future__ import annotations

from parvis.core.errors import RequestError, UnreadableFile, UnsafeFile
from parvis.core.translation import gettext_noop


class EmptyFile(UnreadableFile):
    """Nothing in it."""

    code = "file-empty"
    sentence = gettext_noop("Le fichier « {file} » est vide.")
    advice = gettext_noop("Vérifiez l’export ou l’envoi, puis recommencez.")


class NotATable(UnreadableFile):
    """Another kind of document; ``kind`` names it with its article."""

    code = "file-not-a-table"
    sentence = gettext_noop(
        "Le fichier « {file} » est {kind}, quel que soit son nom : il ne contient pas de tableau lisible."
    )
    advice = gettext_noop("{advice}")


class NoTable(UnreadableFile):
    """The format is right, but nothing in it is a table."""

    code = "file-no-table"
    sentence = gettext_noop("Le fichier « {file} » ne contient aucun tableau : ni ligne de données, ni en-têtes.")


class NoRow(UnreadableFile):
    """A table whose every line was refused, or text that is no table at all."""

    code = "file-no-row"
    sentence = gettext_noop("Le fichier « {file} » ne contient aucune ligne de données lisible{why}.")
    advice = gettext_noop("Vérifiez l’export : séparateur, guillemets, encodage.")


class NulBytes(UnreadableFile):
    """NUL characters inside text."""

    code = "file-nul-bytes"
    sentence = gettext_noop(
        "Le fichier « {file} » contient un caractère nul à la ligne {line} : ce n’est pas du texte."
    )
    advice = gettext_noop("Le fichier est sans doute abîmé ou binaire : exportez-le de nouveau en CSV.")


class WrongEncoding(UnreadableFile):
    """The bytes do not follow the encoding asked for or announced."""

    code = "file-encoding"
    sentence = gettext_noop(
        "Le fichier « {file} » n’est pas écrit en {encoding} : octet illisible en position {position}."
    )
    advice = gettext_noop("Laissez Parvis reconnaître l’encodage, ou choisissez-en un autre.")


class UnknownEncoding(RequestError):
    """An encoding name that means nothing."""

    code = "encoding-unknown"
    sentence = gettext_noop("L’encodage « {encoding} » est inconnu.")


class BadOption(RequestError):
    """A choice that the reader cannot follow."""

    code = "reading-option"
    sentence = gettext_noop("La valeur « {value} » ne convient pas pour {option} : {reason}.")


class TooManyColumns(UnsafeFile):
    """Wider than any table a person would publish."""

    code = "file-too-many-columns"
    sentence = gettext_noop("Le fichier « {file} » compte {count} colonnes ; la limite est de {limit}.")
    advice = gettext_noop("Vérifiez le séparateur, ou transposez le tableau.")


class TooManyCells(UnsafeFile):
    """A workbook whose cells reach too far, be they empty; ``limit`` is in millions."""

    code = "file-too-many-cells"
    sentence = gettext_noop("Les feuilles du classeur « {file} » s’étendent sur plus de {limit} millions de cellules.")
    advice = gettext_noop("Supprimez ce qui est écrit loin du tableau, ou exportez la feuille utile en CSV.")


class CellTooLarge(UnsafeFile):
    """One cell larger than the limit, often a quote never closed."""

    code = "file-cell-too-large"
    sentence = gettext_noop(
        "Le fichier « {file} » contient une cellule de plus de {limit_mb} Mo, vers la ligne {line}."
    )
    advice = gettext_noop("Un guillemet ouvert et jamais refermé produit souvent cet effet.")


class LostLines(UnreadableFile):
    """A quote that was never closed, or that another one closed further down: the lines between would be lost."""

    code = "file-unclosed-quote"
    sentence = gettext_noop(
        "Le fichier « {file} » a un guillemet mal fermé à la ligne {line} : des lignes seraient perdues (lignes {lines})."
    )
    advice = gettext_noop(
        "Corrigez cette ligne, ou dites que des cellules tiennent sur plusieurs lignes (--multiline), ou que chaque ligne du "
        "fichier est une ligne du tableau (--no-multiline)."
    )


class BrokenFile(UnreadableFile):
    """The format is recognised but its content is damaged."""

    code = "file-broken"
    sentence = gettext_noop("Le fichier « {file} » ({format}) est abîmé ou incomplet : {reason}.")
    advice = gettext_noop("Exportez-le ou téléchargez-le de nouveau.")


class BrokenJson(UnreadableFile):
    """JSON that breaks the rules of JSON."""

    code = "file-json"
    sentence = gettext_noop("Le fichier « {file} » n’est pas du JSON valide : erreur à la ligne {line} ({reason}).")


class BrokenXml(UnreadableFile):
    """XML that is not well formed."""

    code = "file-xml"
    sentence = gettext_noop("Le fichier « {file} » n’est pas du XML valide : erreur à la ligne {line} ({reason}).")
    advice = gettext_noop("Exportez-le ou téléchargez-le de nouveau.")


class TooDeep(UnsafeFile):
    """Values nested without end."""

    code = "file-too-deep"
    sentence = gettext_noop("Le fichier « {file} » imbrique ses valeurs sur plus de {limit} niveaux.")


class EncryptedFile(UnreadableFile):
    """A password is needed."""

    code = "file-encrypted"
    sentence = gettext_noop("Le fichier « {file} » est protégé par un mot de passe.")
    advice = gettext_noop("Enregistrez-le sans mot de passe, puis recommencez.")


class SeveralTables(UnreadableFile):
    """An archive with several tables; ``choices`` has each with its size, a line each."""

    code = "file-several-tables"
    sentence = gettext_noop("L’archive « {file} » contient plusieurs tableaux : {listing}.")
    advice = gettext_noop("Choisissez lequel lire, ou déposez-les un à un : chacun fera un jeu de données.")


class NoSuchPart(RequestError):
    """A sheet, layer or member that the file does not have."""

    code = "file-part-unknown"
    sentence = gettext_noop("« {part} » n’existe pas dans « {file} ». On y trouve : {listing}.")


class ArchiveBomb(UnsafeFile):
    """An archive that unpacks to far more than it shows."""

    code = "archive-bomb"
    sentence = gettext_noop(
        "L’archive « {file} » est refusée : une fois décompressée, elle dépasserait la limite ({reason})."
    )


class ArchivePath(UnsafeFile):
    """A member that wants to be written elsewhere."""

    code = "archive-path"
    sentence = gettext_noop("L’archive « {file} » est refusée : le chemin « {member} » sort du dossier de l’archive.")


class ArchiveLink(UnsafeFile):
    """A symbolic link in an archive."""

    code = "archive-link"
    sentence = gettext_noop("L’archive « {file} » est refusée : « {member} » est un lien et non un fichier.")


class NestedArchive(UnsafeFile):
    """Archives inside archives inside archives."""

    code = "archive-nested"
    sentence = gettext_noop("L’archive « {file} » contient des archives emboîtées sur plus de {limit} niveaux.")


class XmlEntities(UnsafeFile):
    """Entities, or a document type that may declare some: the way of the billion laughs."""

    code = "xml-entities"
    sentence = gettext_noop(
        "Le fichier « {file} » a des entités XML, ou un type de document qui peut en déclarer : Parvis refuse de les lire."
    )
    advice = gettext_noop(
        "Exportez-le de nouveau avec les textes tels quels, sans type de document ni entités, ou en CSV."
    )


class ComputedLayer(UnsafeFile):
    """A database that computes what it shows: a view, a virtual table, a generated column."""

    code = "file-computed-layer"
    sentence = gettext_noop(
        "Le fichier « {file} » contient « {layer} », qui n’est pas une table mais un calcul (vue, table virtuelle ou colonne calculée)."
    )
    advice = gettext_noop(
        "Exportez les couches dans un nouveau GeoPackage : dans QGIS, « Exporter », « Sauvegarder les entités sous »."
    )


class LinkedTable(UnsafeFile):
    """A table made of other files, which it names."""

    code = "file-linked"
    sentence = gettext_noop("Le fichier « {file} » ne contient pas ses données : il renvoie à d’autres fichiers.")
    advice = gettext_noop("Exportez la table elle-même, avec ses données.")


class UnknownProjection(UnreadableFile):
    """Coordinates whose reference system is not given and cannot be guessed."""

    code = "file-projection"
    sentence = gettext_noop(
        "Le fichier « {file} » ne dit pas dans quel système sont ses coordonnées, et leurs valeurs ne permettent pas de le deviner."
    )
    advice = gettext_noop("Ajoutez le fichier .prj à l’archive.")


class UnsupportedFormat(UnreadableFile):
    """A table, but in a format Parvis does not read; ``format`` names it."""

    code = "file-format"
    sentence = gettext_noop("Le format de « {file} » ({format}) n’est pas pris en charge.")
    advice = gettext_noop("Exportez les données en CSV, XLSX, ODS, GeoJSON, GeoPackage ou Parquet.")
