"""Bounds of what is sent, when it is tried again, and all that may go wrong on the way."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar

from parvis.core.errors import OperationError, RequestError
from parvis.core.translation import gettext_noop

DATA_GOUV = "https://www.data.gouv.fr"
PURPOSE = "republication"
"""Of the keys that encrypt the API keys."""
WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6), timedelta(hours=20))
"""How long nothing is sent after each failure in a row; the last goes on."""
LONGEST_WAIT = WAITS[-1]
PAUSE = 0.3
"""Seconds between two requests."""
MOST_STEPS = 600
"""Changes of one dataset in one sending; what is left goes with the next."""
MOST_SECONDS = 900.0
"""How long one sending lasts; the datasets that are left go with the next, a minute later."""
MOST_SHOWN = 50
"""Changes of a dataset that the screen lists one by one."""
LEASE = timedelta(minutes=4)
"""One sending of an organisation at a time, which says before each request that it goes on; one that was killed is forgotten after this
long: twice what the slowest request and its second attempt may take."""
PATIENCE = 20
"""Seconds that a portal may ask to wait before the request is made again on the spot; more, and the sending stops until then."""
MOST_WAITS = 30
"""How often one sending waits so."""
SILENCES = 3
"""Datasets in a row that the portal does not answer about, before the sending stops: it is the portal that fails."""
CALM = timedelta(minutes=10)
"""A dataset whose card changes again and again is compared this often at most; a new version or a withdrawal does not wait."""
GATHERED = timedelta(seconds=15)
"""What changes within so long is sent together."""
TOLD_AFTER = 4
"""Failures in a row, of those that mend themselves, before who administers is written to."""


class Scope(StrEnum):
    """Which datasets of the catalogue an organisation sends: none, those chosen one by one, or all that everybody may read."""

    NONE = "none"
    CHOSEN = "chosen"
    ALL = "all"


class Retire(StrEnum):
    """What becomes there of a dataset that is no longer sent: its page stays, closed and without our files, or it goes."""

    ARCHIVE = "archive"
    DELETE = "delete"


class Outcome(StrEnum):
    """What a sending, or a trial, did with a dataset."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    RETIRED = "retired"
    REFUSED = "refused"
    LEFT = "left"
    """Not sent, for a reason of ours."""


_KEY = re.compile(r"[\x21-\x7e]{8,400}")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,100}")


def is_key(text: str) -> bool:
    """Whether it may be an API key: one word of plain signs, that a header can hold."""
    return _KEY.fullmatch(text) is not None


def is_identifier(text: object) -> bool:
    """Whether it may name an organisation or a dataset there, within an address."""
    return isinstance(text, str) and _IDENTIFIER.fullmatch(text) is not None


class BadPortal(RequestError):
    """An address that is not that of a portal."""

    code: ClassVar[str] = "republication-address"
    sentence: ClassVar[str] = gettext_noop("« {address} » n’est pas l’adresse d’un portail.")
    advice: ClassVar[str] = gettext_noop("Écrivez-la comme https://www.data.gouv.fr, sans rien derrière.")


class KeyNeeded(RequestError):
    """No key, or one that was given for another address."""

    code: ClassVar[str] = "republication-key-needed"
    sentence: ClassVar[str] = gettext_noop("La clé d’API manque.")
    advice: ClassVar[str] = gettext_noop(
        "Collez celle du compte, prise dans son profil là-bas ; une autre adresse la demande de nouveau."
    )


class BadKey(RequestError):
    """What was pasted is no key."""

    code: ClassVar[str] = "republication-key-form"
    sentence: ClassVar[str] = gettext_noop("Ce texte n’est pas une clé d’API.")
    advice: ClassVar[str] = gettext_noop("Collez-la seule, sans espace ni retour à la ligne.")


class BadOrganisation(RequestError):
    """What was typed names no organisation."""

    code: ClassVar[str] = "republication-organisation"
    sentence: ClassVar[str] = gettext_noop("« {name} » ne peut pas nommer une organisation de data.gouv.fr.")
    advice: ClassVar[str] = gettext_noop(
        "Copiez la fin de l’adresse de sa page : data.gouv.fr/organizations/ville-de-grigny."
    )


class SendingFailed(OperationError):
    """What kept a sending from ending; ``mends`` when it may pass by itself."""

    mends: ClassVar[bool] = False

    @property
    def seconds(self) -> int:
        """How long the portal asked to wait; 0 when it did not say."""
        value = self.details.get("seconds", 0)
        return value if isinstance(value, int) else 0


class UnreadableKey(SendingFailed):
    """The key was encrypted by a signing key that is lost."""

    code: ClassVar[str] = "republication-key-lost"
    sentence: ClassVar[str] = gettext_noop("La clé d’API ne peut plus être lue : la clé secrète du portail a changé.")
    advice: ClassVar[str] = gettext_noop("Collez-la de nouveau dans les réglages.")


class KeyRefused(SendingFailed):
    """401."""

    code: ClassVar[str] = "republication-401"
    sentence: ClassVar[str] = gettext_noop("« {host} » refuse la clé d’API.")
    advice: ClassVar[str] = gettext_noop(
        "Elle a été révoquée, ou a expiré : faites-en une autre dans votre profil là-bas et collez-la ici."
    )


class RightRefused(SendingFailed):
    """403."""

    code: ClassVar[str] = "republication-403"
    sentence: ClassVar[str] = gettext_noop("« {host} » ne laisse pas ce compte changer cette fiche.")
    advice: ClassVar[str] = gettext_noop(
        "Demandez là-bas que le compte de la clé soit éditeur ou administrateur de l’organisation."
    )


class NotMember(SendingFailed):
    """The account is not in the organisation."""

    code: ClassVar[str] = "republication-member"
    sentence: ClassVar[str] = gettext_noop("Le compte de la clé ne fait pas partie de « {name} » sur « {host} ».")
    advice: ClassVar[str] = gettext_noop(
        "Vérifiez le nom de l’organisation, ou demandez là-bas que ce compte y soit ajouté."
    )


class DeletedThere(SendingFailed):
    """410: somebody deleted the dataset there."""

    code: ClassVar[str] = "republication-410"
    sentence: ClassVar[str] = gettext_noop("La fiche a été supprimée sur « {host} ».")
    advice: ClassVar[str] = gettext_noop(
        "Restaurez-la là-bas, ou pressez « En créer un autre ». Pour ne plus rien envoyer, arrêtez l’envoi."
    )


class Refused(SendingFailed):
    """400, and what else says that the request is wrong."""

    code: ClassVar[str] = "republication-refused"
    sentence: ClassVar[str] = gettext_noop("« {host} » a refusé l’envoi (réponse {status}) : {reason}.")
    advice: ClassVar[str] = gettext_noop("Corrigez ce qu’il nomme sur la fiche ; si rien n’y est faux, signalez-le.")


class OddAnswer(SendingFailed):
    """An answer that is not that of a udata portal."""

    code: ClassVar[str] = "republication-odd"
    sentence: ClassVar[str] = gettext_noop("La réponse de « {host} » n’est pas celle d’un portail udata.")
    advice: ClassVar[str] = gettext_noop("Vérifiez l’adresse du portail, « www. » compris.")


class TooMany(SendingFailed):
    """429."""

    code: ClassVar[str] = "republication-429"
    mends: ClassVar[bool] = True
    sentence: ClassVar[str] = gettext_noop("« {host} » demande d’attendre : trop de demandes lui ont été faites.")
    advice: ClassVar[str] = gettext_noop("Rien à faire : l’envoi reprend de lui-même.")


class TooManyThere(SendingFailed):
    """The organisation has more datasets there than are looked through for ours."""

    code: ClassVar[str] = "republication-too-many-there"
    sentence: ClassVar[str] = gettext_noop(
        "« {host} » liste plus de {most} jeux de données pour cette organisation : ils n’ont pas tous pu être lus."
    )
    advice: ClassVar[str] = gettext_noop(
        "Rien n’y est créé, pour ne rien créer deux fois : préférez la moisson de votre catalogue par ce portail."
    )


class Unavailable(SendingFailed):
    """5xx, silence, a connection that breaks."""

    code: ClassVar[str] = "republication-unavailable"
    mends: ClassVar[bool] = True
    sentence: ClassVar[str] = gettext_noop("« {host} » ne répond pas comme il faut : {reason}.")
    advice: ClassVar[str] = gettext_noop(
        "L’envoi est tenté de nouveau, de plus en plus rarement, au moins chaque jour."
    )


class NoServicesThere(SendingFailed):
    """404 where services are listed: an older udata."""

    code: ClassVar[str] = "republication-no-services"
    sentence: ClassVar[str] = gettext_noop(
        "« {host} » ne reçoit pas de services : ce portail est d’une version plus ancienne."
    )
    advice: ClassVar[str] = gettext_noop(
        "Décochez « Services du catalogue » ; les jeux de données ne sont pas concernés."
    )


class TwinThere(SendingFailed):
    """The portal harvests the same dataset."""

    code: ClassVar[str] = "republication-twin"
    sentence: ClassVar[str] = gettext_noop("« {host} » moissonne déjà cette fiche : {page}.")
    advice: ClassVar[str] = gettext_noop(
        "Gardez un seul chemin : arrêtez la moisson là-bas, ou ne l’envoyez pas d’ici ; sinon elle y serait deux fois."
    )


class CameFromThere(SendingFailed):
    """It was harvested from the very portal it would be sent to."""

    code: ClassVar[str] = "republication-loop"
    sentence: ClassVar[str] = gettext_noop("Cette fiche vient de « {host} » : elle n’y est pas renvoyée.")
    advice: ClassVar[str] = gettext_noop("Rien à faire.")


class CameFromElsewhere(SendingFailed):
    """It is somebody else's, harvested or federated."""

    code: ClassVar[str] = "republication-harvested"
    sentence: ClassVar[str] = gettext_noop("Cette fiche est reprise de « {source} », qui la publie déjà.")
    advice: ClassVar[str] = gettext_noop("Si elle n’est pas déjà là-bas par son producteur, choisissez de l’envoyer.")


class NamesPersons(SendingFailed):
    """Its table holds personal data that a decision lets everybody read here."""

    code: ClassVar[str] = "republication-personal"
    sentence: ClassVar[str] = gettext_noop("Ce jeu contient des données personnelles, publiées ici par une décision.")
    advice: ClassVar[str] = gettext_noop("Si la décision vaut aussi pour là-bas, choisissez de l’envoyer.")


class NotChosen(SendingFailed):
    """Somebody said not to send it, or nobody said to."""

    code: ClassVar[str] = "republication-not-chosen"
    sentence: ClassVar[str] = gettext_noop("Cette fiche n’est pas choisie.")
    advice: ClassVar[str] = gettext_noop("Choisissez de l’envoyer pour qu’elle paraisse là-bas.")


class NoLongerPublic(SendingFailed):
    """It is not online any more, or not for everybody."""

    code: ClassVar[str] = "republication-withdrawn"
    sentence: ClassVar[str] = gettext_noop("Cette fiche n’est plus en ligne ici pour tout le monde.")
    advice: ClassVar[str] = gettext_noop("Rien à faire : elle est retirée là-bas.")


class TakenOver(SendingFailed):
    """This process slept so long that another took the sending over."""

    code: ClassVar[str] = "republication-taken-over"
    mends: ClassVar[bool] = True
    sentence: ClassVar[str] = gettext_noop("Un autre processus a repris cet envoi.")
    advice: ClassVar[str] = gettext_noop("Rien à faire.")


class Stopped(SendingFailed):
    """Somebody unticked « Envoyer de soi-même ce qui change »."""

    code: ClassVar[str] = "republication-stopped"
    sentence: ClassVar[str] = gettext_noop("L’envoi de « {name} » est arrêté : rien ne part.")
    advice: ClassVar[str] = gettext_noop(
        "Cochez « Envoyer de soi-même ce qui change » dans les réglages, ou faites un essai."
    )


class UnderWay(SendingFailed):
    """Another sending of the organisation is under way, or was killed a moment ago."""

    code: ClassVar[str] = "republication-under-way"
    mends: ClassVar[bool] = True
    sentence: ClassVar[str] = gettext_noop("Un envoi est déjà en cours pour « {name} » : celui-ci n’a pas commencé.")
    advice: ClassVar[str] = gettext_noop(
        "Recommencez dans quelques minutes. Si celui d’avant a été interrompu, le suivant peut commencer quatre minutes après."
    )
