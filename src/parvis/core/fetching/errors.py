"""What may go wrong on the way to an address of the public web."""

from __future__ import annotations

from parvis.core.errors import OperationError, RequestError


class BadUrl(RequestError):
    """An address that is not one of the public web."""

    code = "fetch-url"
    fr = "L’adresse « {url} » ne peut pas être lue : {reason_fr}."
    en = "The address “{url}” cannot be read: {reason_en}."
    hint_fr = "Donnez une adresse complète, en http:// ou https://."
    hint_en = "Give a full address, starting with http:// or https://."


class PrivateAddress(RequestError):
    """An address that leads into a private network."""

    code = "fetch-private"
    # Never the address it resolves to: anyone could list the names of the inner network by asking.
    fr = "L’adresse « {url} » est refusée par sécurité : elle mène à un réseau privé ou réservé."
    en = "The address “{url}” is refused for safety: it leads to a private or reserved network."


class UnknownHost(OperationError):
    """A name without address, or without one that the public internet reaches."""

    code = "fetch-host"
    fr = "Le serveur « {host} » est introuvable sur l’internet public."
    en = "The server “{host}” cannot be found on the public internet."


class FetchFailed(OperationError):
    """The server did not give the file."""

    code = "fetch-failed"
    fr = "Le serveur « {host} » n’a pas donné le fichier : {reason_fr}."
    en = "The server “{host}” did not give the file: {reason_en}."


class HttpStatus(OperationError):
    """The server answered with an error."""

    code = "fetch-status"
    fr = "Le serveur « {host} » a répondu par une erreur {status}."
    en = "The server “{host}” answered with error {status}."


class TooManyRedirects(OperationError):
    """Sent from address to address."""

    code = "fetch-redirects"
    fr = "L’adresse « {url} » renvoie d’adresse en adresse, plus de {limit} fois."
    en = "The address “{url}” redirects more than {limit} times."


class FetchTooLarge(OperationError):
    """More bytes than allowed."""

    code = "fetch-too-large"
    fr = "Le fichier à l’adresse « {url} » dépasse la taille permise ({limit_mb} Mo)."
    en = "The file at “{url}” is larger than allowed ({limit_mb} MB)."


class FetchTooSlow(OperationError):
    """The server was silent or slow for too long."""

    code = "fetch-too-slow"
    fr = "Le serveur « {host} » a mis trop de temps à répondre."
    en = "The server “{host}” took too long to answer."


class FetchCut(OperationError):
    """The connection ended before the file."""

    code = "fetch-cut"
    fr = "La connexion avec « {host} » s’est interrompue : {received} octets reçus sur {expected}."
    en = "The connection with “{host}” was cut: {received} bytes received of {expected}."
