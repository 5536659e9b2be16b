"""What goes wrong when programs write: pure."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError, RequestError
from parvis.core.translation import gettext_noop


class BadIdempotencyKey(RequestError):
    """The name that a request gave itself will not do."""

    code: ClassVar[str] = "idempotency-key"
    sentence: ClassVar[str] = gettext_noop("L’en-tête Idempotency-Key compte de 1 à 255 caractères visibles.")


class IdempotencyKeyReused(RequestError):
    """The same name was given to another request."""

    code: ClassVar[str] = "idempotency-key-reused"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = gettext_noop("Cet Idempotency-Key a déjà servi pour une autre demande.")
    advice: ClassVar[str] = gettext_noop(
        "Donnez-en un nouveau à chaque demande, le même à chaque nouvel essai de la même."
    )


class CardConflict(RequestError):
    """The card is no longer the one that If-Match names."""

    code: ClassVar[str] = "card-conflict"
    status: ClassVar[int] = 412
    sentence: ClassVar[str] = gettext_noop(
        "« {title} » a changé depuis votre lecture : {changed}, par {person}. Rien n’a été enregistré."
    )
    advice: ClassVar[str] = gettext_noop("Relisez la fiche à jour, puis reportez vos changements avec son nouvel ETag.")

    def headers(self) -> dict[str, str]:
        """The revision to read again."""
        return {"ETag": str(self.details["etag"])}


class Stale(RequestError):
    """What is changed is no longer what If-Match names."""

    code: ClassVar[str] = "changed-since"
    status: ClassVar[int] = 412
    sentence: ClassVar[str] = gettext_noop("« {title} » a changé depuis votre lecture. Rien n’a été enregistré.")
    advice: ClassVar[str] = gettext_noop("Relisez-le, puis reportez vos changements avec son nouvel ETag.")

    def headers(self) -> dict[str, str]:
        """The state to read again."""
        return {"ETag": str(self.details["etag"])}


class PreconditionNeeded(RequestError):
    """A whole document would be replaced, perhaps over somebody's work, by a program that says nothing of what it had read."""

    code: ClassVar[str] = "if-match-needed"
    status: ClassVar[int] = 428
    sentence: ClassVar[str] = gettext_noop(
        "« {title} » existe déjà : dites dans If-Match l’état que vous remplacez. Rien n’a été enregistré."
    )
    advice: ClassVar[str] = gettext_noop("Donnez l’ETag de votre lecture ; « If-Match: * » remplace quoi qu’il y ait.")

    def headers(self) -> dict[str, str]:
        """The state that is there."""
        return {"ETag": str(self.details["etag"])}


class BadCard(RequestError):
    """A value of a card, an organisation or a page will not do."""

    code: ClassVar[str] = "value-refused"
    sentence: ClassVar[str] = gettext_noop("« {name} » : {reason}")


class NoLength(RequestError):
    """A file is sent without its size."""

    code: ClassVar[str] = "length-required"
    status: ClassVar[int] = 411
    sentence: ClassVar[str] = gettext_noop(
        "La taille du fichier n’est pas annoncée (Content-Length, ou Upload-Length)."
    )


class NotAPiece(RequestError):
    """A piece of a file is not of the type of pieces."""

    code: ClassVar[str] = "upload-type"
    status: ClassVar[int] = 415
    sentence: ClassVar[str] = gettext_noop("Un morceau de fichier s’envoie en application/offset+octet-stream.")


class OtherProtocol(RequestError):
    """The program speaks another version of the protocol of resumable uploads."""

    code: ClassVar[str] = "upload-protocol"
    status: ClassVar[int] = 412
    sentence: ClassVar[str] = gettext_noop("Les envois reprennent ici selon tus 1.0.0.")

    def headers(self) -> dict[str, str]:
        """What is spoken."""
        return {"Tus-Version": "1.0.0"}


class BrokenOff(DataError):
    """A file that is sent at once has not wholly come."""

    code: ClassVar[str] = "upload-broken-off"
    status: ClassVar[int] = 400
    sentence: ClassVar[str] = gettext_noop("L’envoi s’est arrêté à l’octet {received} sur {bytes}.")
    advice: ClassVar[str] = gettext_noop("Recommencez, ou envoyez par morceaux : POST /datasets/{id}/uploads.")


class BadDigest(RequestError):
    """A digest that cannot be read."""

    code: ClassVar[str] = "digest-bad"
    sentence: ClassVar[str] = gettext_noop("L’empreinte de l’en-tête {header} n’est pas comprise.")
    advice: ClassVar[str] = gettext_noop(
        "« Upload-Checksum: sha256 base64… » pour un morceau, « Content-Digest: sha-256=:base64…: » pour un fichier."
    )


class PieceMismatch(RequestError):
    """A piece is not what its sender digested."""

    code: ClassVar[str] = "upload-checksum"
    status: ClassVar[int] = 460
    sentence: ClassVar[str] = gettext_noop("Ce morceau n’est pas arrivé tel qu’il a été envoyé : rien n’en est gardé.")
    advice: ClassVar[str] = gettext_noop("Envoyez-le de nouveau, du même octet.")


class DigestMismatch(DataError):
    """A file that is sent at once is not what its sender digested."""

    code: ClassVar[str] = "digest-mismatch"
    status: ClassVar[int] = 400
    sentence: ClassVar[str] = gettext_noop(
        "Le fichier n’est pas arrivé tel qu’il a été envoyé : son empreinte diffère. Rien n’en est gardé."
    )
    advice: ClassVar[str] = gettext_noop("Envoyez-le de nouveau.")


class TooManyUploads(RequestError):
    """Too many files are on their way."""

    code: ClassVar[str] = "uploads-many"
    status: ClassVar[int] = 429
    sentence: ClassVar[str] = gettext_noop("{most} fichiers envoyés attendent déjà d’être importés.")
    advice: ClassVar[str] = gettext_noop("Importez-les, ou abandonnez-les par DELETE.")
