"""Every refusal of the readers, one class a reason: a file that cannot be read, or that must not be."""

from __future__ import annotations

from parvis.core.errors import RequestError, UnreadableFile, UnsafeFile


class EmptyFile(UnreadableFile):
    """Nothing in it."""

    code = "file-empty"
    fr = "Le fichier « {file} » est vide."
    en = "The file “{file}” is empty."
    hint_fr = "Vérifiez l’export ou l’envoi, puis recommencez."
    hint_en = "Check the export or the upload, then try again."


class NotATable(UnreadableFile):
    """Another kind of document; ``kind_fr`` and ``kind_en`` name it with its article."""

    code = "file-not-a-table"
    fr = "Le fichier « {file} » est {kind_fr}, quel que soit son nom : il ne contient pas de tableau lisible."
    en = "The file “{file}” is {kind_en}, whatever its name says: it holds no readable table."
    hint_fr = "{advice_fr}"
    hint_en = "{advice_en}"


class NoTable(UnreadableFile):
    """The format is right, but nothing in it is a table."""

    code = "file-no-table"
    fr = "Le fichier « {file} » ne contient aucun tableau : ni ligne de données, ni en-têtes."
    en = "The file “{file}” holds no table: no row of data, no headers."


class NoRow(UnreadableFile):
    """A table whose every line was refused, or text that is no table at all."""

    code = "file-no-row"
    fr = "Le fichier « {file} » ne contient aucune ligne de données lisible{why_fr}."
    en = "The file “{file}” holds no readable row of data{why_en}."
    hint_fr = "Vérifiez l’export : séparateur, guillemets, encodage."
    hint_en = "Check the export: delimiter, quotes, encoding."


class NulBytes(UnreadableFile):
    """NUL characters inside text."""

    code = "file-nul-bytes"
    fr = "Le fichier « {file} » contient un caractère nul à la ligne {line} : ce n’est pas du texte."
    en = "The file “{file}” contains a NUL character on line {line}: it is not text."
    hint_fr = "Le fichier est sans doute abîmé ou binaire : exportez-le de nouveau en CSV."
    hint_en = "The file is probably damaged or binary: export it again as CSV."


class WrongEncoding(UnreadableFile):
    """The bytes do not follow the encoding asked for or announced."""

    code = "file-encoding"
    fr = "Le fichier « {file} » n’est pas écrit en {encoding} : octet illisible en position {position}."
    en = "The file “{file}” is not written in {encoding}: unreadable byte at position {position}."
    hint_fr = "Laissez Parvis reconnaître l’encodage, ou choisissez-en un autre."
    hint_en = "Let Parvis find the encoding, or choose another."


class UnknownEncoding(RequestError):
    """An encoding name that means nothing."""

    code = "encoding-unknown"
    fr = "L’encodage « {encoding} » est inconnu."
    en = "The encoding “{encoding}” is unknown."


class BadOption(RequestError):
    """A choice that the reader cannot follow."""

    code = "reading-option"
    fr = "La valeur « {value} » ne convient pas pour {option} : {reason_fr}."
    en = "The value “{value}” does not suit {option}: {reason_en}."


class TooManyColumns(UnsafeFile):
    """Wider than any table a person would publish."""

    code = "file-too-many-columns"
    fr = "Le fichier « {file} » compte {count} colonnes ; la limite est de {limit}."
    en = "The file “{file}” has {count} columns; the limit is {limit}."
    hint_fr = "Vérifiez le séparateur, ou transposez le tableau."
    hint_en = "Check the delimiter, or transpose the table."


class TooManyCells(UnsafeFile):
    """A workbook whose cells reach too far, be they empty; ``limit`` is in millions."""

    code = "file-too-many-cells"
    fr = "Les feuilles du classeur « {file} » s’étendent sur plus de {limit} millions de cellules."
    en = "The sheets of the workbook “{file}” extend over more than {limit} million cells."
    hint_fr = "Supprimez ce qui est écrit loin du tableau, ou exportez la feuille utile en CSV."
    hint_en = "Delete what is written far from the table, or export the sheet you need as CSV."


class CellTooLarge(UnsafeFile):
    """One cell larger than the limit, often a quote never closed."""

    code = "file-cell-too-large"
    fr = "Le fichier « {file} » contient une cellule de plus de {limit_mb} Mo, vers la ligne {line}."
    en = "The file “{file}” contains a cell of more than {limit_mb} MB, near line {line}."
    hint_fr = "Un guillemet ouvert et jamais refermé produit souvent cet effet."
    hint_en = "A quote opened and never closed often has this effect."


class BrokenFile(UnreadableFile):
    """The format is recognised but its content is damaged."""

    code = "file-broken"
    fr = "Le fichier « {file} » ({format}) est abîmé ou incomplet : {reason}."
    en = "The file “{file}” ({format}) is damaged or incomplete: {reason}."
    hint_fr = "Exportez-le ou téléchargez-le de nouveau."
    hint_en = "Export or download it again."


class BrokenJson(UnreadableFile):
    """JSON that breaks the rules of JSON."""

    code = "file-json"
    fr = "Le fichier « {file} » n’est pas du JSON valide : erreur à la ligne {line} ({reason})."
    en = "The file “{file}” is not valid JSON: error on line {line} ({reason})."


class TooDeep(UnsafeFile):
    """Values nested without end."""

    code = "file-too-deep"
    fr = "Le fichier « {file} » imbrique ses valeurs sur plus de {limit} niveaux."
    en = "The file “{file}” nests its values more than {limit} levels deep."


class EncryptedFile(UnreadableFile):
    """A password is needed."""

    code = "file-encrypted"
    fr = "Le fichier « {file} » est protégé par un mot de passe."
    en = "The file “{file}” is protected by a password."
    hint_fr = "Enregistrez-le sans mot de passe, puis recommencez."
    hint_en = "Save it without a password, then try again."


class SeveralTables(UnreadableFile):
    """An archive with several tables; ``members`` lists them."""

    code = "file-several-tables"
    fr = "L’archive « {file} » contient plusieurs tableaux : {listing}."
    en = "The archive “{file}” holds several tables: {listing}."
    hint_fr = "Choisissez lequel lire."
    hint_en = "Choose which one to read."


class NoSuchPart(RequestError):
    """A sheet, layer or member that the file does not have."""

    code = "file-part-unknown"
    fr = "« {part} » n’existe pas dans « {file} ». On y trouve : {listing}."
    en = "“{part}” does not exist in “{file}”. It holds: {listing}."


class ArchiveBomb(UnsafeFile):
    """An archive that unpacks to far more than it shows."""

    code = "archive-bomb"
    fr = "L’archive « {file} » est refusée : une fois décompressée, elle dépasserait la limite ({reason_fr})."
    en = "The archive “{file}” is refused: once unpacked it would exceed the limit ({reason_en})."


class ArchivePath(UnsafeFile):
    """A member that wants to be written elsewhere."""

    code = "archive-path"
    fr = "L’archive « {file} » est refusée : le chemin « {member} » sort du dossier de l’archive."
    en = "The archive “{file}” is refused: the path “{member}” leaves the folder of the archive."


class ArchiveLink(UnsafeFile):
    """A symbolic link in an archive."""

    code = "archive-link"
    fr = "L’archive « {file} » est refusée : « {member} » est un lien et non un fichier."
    en = "The archive “{file}” is refused: “{member}” is a link, not a file."


class NestedArchive(UnsafeFile):
    """Archives inside archives inside archives."""

    code = "archive-nested"
    fr = "L’archive « {file} » contient des archives emboîtées sur plus de {limit} niveaux."
    en = "The archive “{file}” holds archives nested more than {limit} levels deep."


class XmlEntities(UnsafeFile):
    """A document type or entities: the way of the billion laughs."""

    code = "xml-entities"
    fr = "Le fichier « {file} » déclare un type de document ou des entités XML, ce que Parvis refuse de lire."
    en = "The file “{file}” declares an XML document type or entities, which Parvis refuses to read."


class ComputedLayer(UnsafeFile):
    """A database that computes what it shows: a view, a virtual table, a generated column."""

    code = "file-computed-layer"
    fr = "Le fichier « {file} » contient « {layer} », qui n’est pas une table mais un calcul (vue, table virtuelle ou colonne calculée)."
    en = "The file “{file}” holds “{layer}”, which is no table but a computation (view, virtual table or generated column)."
    hint_fr = (
        "Exportez les couches dans un nouveau GeoPackage : dans QGIS, « Exporter », « Sauvegarder les entités sous »."
    )
    hint_en = "Export the layers to a new GeoPackage: in QGIS, “Export”, “Save Features As”."


class LinkedTable(UnsafeFile):
    """A table made of other files, which it names."""

    code = "file-linked"
    fr = "Le fichier « {file} » ne contient pas ses données : il renvoie à d’autres fichiers."
    en = "The file “{file}” does not hold its data: it points to other files."
    hint_fr = "Exportez la table elle-même, avec ses données."
    hint_en = "Export the table itself, with its data."


class UnknownProjection(UnreadableFile):
    """Coordinates whose reference system is not given and cannot be guessed."""

    code = "file-projection"
    fr = "Le fichier « {file} » ne dit pas dans quel système sont ses coordonnées, et leurs valeurs ne permettent pas de le deviner."
    en = "The file “{file}” does not say which reference system its coordinates use, and their values do not tell."
    hint_fr = "Ajoutez le fichier .prj à l’archive."
    hint_en = "Add the .prj file to the archive."


class UnsupportedFormat(UnreadableFile):
    """A table, but in a format Parvis does not read; ``format_fr`` and ``format_en`` name it."""

    code = "file-format"
    fr = "Le format de « {file} » ({format_fr}) n’est pas pris en charge."
    en = "The format of “{file}” ({format_en}) is not supported."
    hint_fr = "Exportez les données en CSV, XLSX, ODS, GeoJSON, GeoPackage ou Parquet."
    hint_en = "Export the data as CSV, XLSX, ODS, GeoJSON, GeoPackage or Parquet."
