"""What may be wrong with a chain, or with what should enter it."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError, OperationError
from parvis.core.translation import gettext_noop


class NotSealable(DataError):
    """These facts cannot be an entry of the chain."""

    code: ClassVar[str] = "seal-facts"
    sentence: ClassVar[str] = gettext_noop("Cet acte ne peut pas être scellé : {reason}.")


class ChainBroken(DataError):
    """A line of the chain is not what was written there."""

    code: ClassVar[str] = "seal-chain"
    sentence: ClassVar[str] = gettext_noop("La chaîne des sceaux est rompue à la ligne {line} : {reason}.")
    advice: ClassVar[str] = gettext_noop(
        "Comparez-la à une copie de la chaîne enregistrée avant, ou à une sauvegarde : ce qui précède cette ligne est intact."
    )


class ChainsDiverge(DataError):
    """A chain is not the continuation of one that was saved before."""

    code: ClassVar[str] = "seal-divergence"
    sentence: ClassVar[str] = gettext_noop(
        "La chaîne n’est pas la suite de celle que vous avez enregistrée : elles diffèrent dès la ligne {line}."
    )


class SealedFileChanged(DataError):
    """The bytes of a published file are not those that were sealed."""

    code: ClassVar[str] = "seal-file"
    sentence: ClassVar[str] = gettext_noop(
        "Le fichier « {file} » de {subject} n’est pas celui qui a été scellé (ligne {line} de la chaîne)."
    )


class StampRefused(OperationError):
    """The answer of a timestamp server proves nothing."""

    code: ClassVar[str] = "seal-stamp"
    sentence: ClassVar[str] = gettext_noop("La réponse du serveur d’horodatage est refusée : {reason}.")


class SealedFileMissing(DataError):
    """A published file is no longer there, and nothing of the chain says why."""

    code: ClassVar[str] = "seal-file-missing"
    sentence: ClassVar[str] = gettext_noop(
        "Le fichier « {file} » de {subject}, scellé à la ligne {line} de la chaîne, n’est plus là."
    )


class NotSealed(DataError):
    """Nothing of the chain is about this."""

    code: ClassVar[str] = "seal-unknown"
    sentence: ClassVar[str] = gettext_noop(
        "« {name} » n’est pas un acte publié : rien dans la chaîne n’a cette {trace}."
    )
    advice: ClassVar[str] = gettext_noop(
        "S’il ressemble à un acte publié, il a été modifié depuis, ou vient d’ailleurs."
    )
