"""Why a document is refused, and what its sender can do."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError
from parvis.core.translation import gettext_noop


class DocumentUnknown(DataError):
    """Documents of that ending are not received."""

    code: ClassVar[str] = "document-unknown"
    sentence: ClassVar[str] = gettext_noop("« {file} » : ce type de fichier n’est pas accepté.")
    advice: ClassVar[str] = gettext_noop("Types acceptés : {types}. Enregistrez-le par exemple en PDF.")


class DocumentMismatch(DataError):
    """The content is not that of a document of this ending, or would harm those who open it."""

    code: ClassVar[str] = "document-mismatch"
    sentence: ClassVar[str] = gettext_noop("« {file} » : le contenu n’est pas celui d’un fichier .{suffix} ({reason}).")
    advice: ClassVar[str] = gettext_noop(
        "Ouvrez-le dans le logiciel qui l’a fait, enregistrez-le de nouveau, puis renvoyez-le."
    )
