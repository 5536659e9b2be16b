"""Why a document is refused, and what its sender can do."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError


class DocumentUnknown(DataError):
    """Documents of that ending are not received."""

    code: ClassVar[str] = "document-unknown"
    fr: ClassVar[str] = "« {file} » : ce type de fichier n’est pas accepté."
    en: ClassVar[str] = "“{file}”: this type of file is not accepted."
    hint_fr: ClassVar[str] = "Types acceptés : {types}. Enregistrez-le par exemple en PDF."
    hint_en: ClassVar[str] = "Accepted types: {types}. Save it as PDF for instance."


class DocumentMismatch(DataError):
    """The content is not that of a document of this ending, or would harm those who open it."""

    code: ClassVar[str] = "document-mismatch"
    fr: ClassVar[str] = "« {file} » : le contenu n’est pas celui d’un fichier .{suffix} ({reason})."
    en: ClassVar[str] = "“{file}”: the content is not that of a .{suffix} file ({reason_en})."
    hint_fr: ClassVar[str] = "Ouvrez-le dans le logiciel qui l’a fait, enregistrez-le de nouveau, puis renvoyez-le."
    hint_en: ClassVar[str] = "Open it in the software that made it, save it anew, then send it again."
