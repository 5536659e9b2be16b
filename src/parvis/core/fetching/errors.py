"""What may go wrong on the way to an address of the public web."""

from __future__ import annotations

from parvis.core.errors import OperationError, RequestError
from parvis.core.translation import gettext_noop


class BadUrl(RequestError):
    """An address that is not one of the public web."""

    code = "fetch-url"
    sentence = gettext_noop("L’adresse « {url} » ne peut pas être lue : {reason}.")
    advice = gettext_noop("Donnez une adresse complète, en http:// ou https://.")


class BadLocation(BadUrl):
    """An address that is not one of a file or a folder elsewhere."""

    code = "fetch-location"
    advice = gettext_noop("Donnez une adresse complète, en https://, ftps://, sftp://, webdavs://, s3:// ou file://.")


class PrivateAddress(RequestError):
    """An address that leads into a private network."""

    code = "fetch-private"
    # Never the address it resolves to: anyone could list the names of the inner network by asking.
    sentence = gettext_noop("L’adresse « {url} » est refusée par sécurité : elle mène à un réseau privé ou réservé.")


class BadHeader(RequestError):
    """A header that HTTP cannot carry."""

    code = "fetch-header"
    # Never its value: keys are in headers.
    sentence = gettext_noop("L’en-tête « {name} » ne peut pas être envoyé.")
    advice = gettext_noop("Son nom est un seul mot, sans accent ; sa valeur tient en une ligne de lettres latines.")


class UnknownHost(OperationError):
    """A name without address, or without one that the public internet reaches."""

    code = "fetch-host"
    sentence = gettext_noop("Le serveur « {host} » est introuvable sur l’internet public.")


class FetchFailed(OperationError):
    """The server did not give the file."""

    code = "fetch-failed"
    sentence = gettext_noop("Le serveur « {host} » n’a pas donné le fichier : {reason}.")


class HttpStatus(OperationError):
    """The server answered with an error."""

    code = "fetch-status"
    sentence = gettext_noop("Le serveur « {host} » a répondu par une erreur {status}.")

    @property
    def retry_after(self) -> int | None:
        """Seconds after which the server wants to be asked again, when it says so."""
        value = self.details.get("retry_after")
        return value if isinstance(value, int) else None


class TooManyRedirects(OperationError):
    """Sent from address to address."""

    code = "fetch-redirects"
    sentence = gettext_noop("L’adresse « {url} » renvoie d’adresse en adresse, plus de {limit} fois.")


class FetchTooLarge(OperationError):
    """More bytes than allowed."""

    code = "fetch-too-large"
    sentence = gettext_noop("Le fichier à l’adresse « {url} » dépasse la taille permise ({limit_mb} Mo).")


class FetchTooSlow(OperationError):
    """The server was silent or slow for too long."""

    code = "fetch-too-slow"
    sentence = gettext_noop("Le serveur « {host} » a mis trop de temps à répondre.")


class FetchCut(OperationError):
    """The connection ended before the file."""

    code = "fetch-cut"
    sentence = gettext_noop("La connexion avec « {host} » s’est interrompue : {received} octets reçus sur {expected}.")


class AccessRefused(OperationError):
    """The server does not know who asks, or the secret is wrong."""

    code = "fetch-login"
    sentence = gettext_noop("Le serveur « {host} » refuse l’identifiant, le mot de passe ou la clé.")
    advice = gettext_noop("Vérifiez-les auprès de qui tient ce serveur.")


class RemoteFileMissing(OperationError):
    """Nothing that can be read is there."""

    code = "fetch-missing"
    sentence = gettext_noop("« {name} » n’est pas sur le serveur « {host} », ou ne peut pas y être lu.")


class HostKeyChanged(OperationError):
    """The server is not the one of the first time, as far as its key tells."""

    code = "fetch-host-key"
    sentence = gettext_noop(
        "La clé du serveur « {host} » n’est plus celle qui a été acceptée : {seen} au lieu de {expected}."
    )
    advice = gettext_noop(
        "Demandez à qui tient ce serveur si sa clé a changé ; si oui, effacez l’option « host_key » de la source pour retenir la nouvelle, sinon quelqu’un se fait passer pour lui."
    )


class BadKey(RequestError):
    """A private key that cannot be used."""

    code = "fetch-key"
    sentence = gettext_noop(
        "La clé privée ne peut pas être lue : elle est mal formée, ou sa phrase secrète n’est pas la bonne."
    )


class FileChanging(OperationError):
    """The file changed while it was read."""

    code = "fetch-changing"
    sentence = gettext_noop("« {name} », sur le serveur « {host} », a changé pendant sa lecture.")
    advice = gettext_noop("Son dépôt n’était sans doute pas fini : il sera lu à la prochaine fois.")


class FolderRefused(RequestError):
    """A folder of this machine that the operator does not name."""

    code = "fetch-folder"
    sentence = gettext_noop("« {path} » n’est sous aucun des dossiers que l’exploitant a ouverts aux sources.")
    advice = gettext_noop("Faites ajouter son dossier au réglage PARVIS_SOURCES_FOLDERS.")
