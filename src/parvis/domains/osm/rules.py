"""What may stop a comparison or a decision: pure."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError, OperationError, RequestError
from parvis.core.translation import gettext_noop

MOST_ROWS = 200_000
"""Rows of each side: a town's trees are some tens of thousands."""
FEW_OBJECTS = 20
"""A dataset of an extract that has as many does not lose half of them unless somebody says so."""
MOST_IN_REVIEW = 200
"""Objects of one changeset: what a person has really looked at."""


class NotComparable(DataError):
    """A dataset has no places, or too many rows."""

    code: ClassVar[str] = "osm-not-comparable"
    sentence: ClassVar[str] = gettext_noop("« {title} » ne peut pas être comparé : {reason}.")
    advice: ClassVar[str] = gettext_noop("Choisissez un jeu en ligne dont chaque ligne a une position.")


class ExtractShrank(DataError):
    """A new extract has much less than the one it replaces: a file cut where nothing shows it, another territory, another theme."""

    code: ClassVar[str] = "osm-extract-shrank"
    sentence: ClassVar[str] = gettext_noop(
        "« {file} » n’a que {after} objets de ce thème, et le jeu en a {before} : rien n’a été changé."
    )
    advice: ClassVar[str] = gettext_noop(
        "Vérifiez que le fichier est entier, le thème et le territoire. Si c’est voulu, cochez la case qui le permet."
    )


class AlreadyDecided(RequestError):
    """Somebody else decided it."""

    code: ClassVar[str] = "osm-decided"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = gettext_noop(
        "{who} a déjà décidé de ce constat : {decision}. Rien n’a été fait une seconde fois."
    )
    advice: ClassVar[str] = gettext_noop("Passez au suivant, ou rouvrez ce constat si vous n’êtes pas d’accord.")


class OsmClosed(RequestError):
    """This portal sends nothing to OpenStreetMap."""

    code: ClassVar[str] = "osm-closed"
    sentence: ClassVar[str] = gettext_noop("Ce portail n’envoie rien à OpenStreetMap par lui-même.")
    advice: ClassVar[str] = gettext_noop("Ouvrez l’objet dans un éditeur, ou demandez de régler PARVIS_OSM_API.")


class OsmRefused(OperationError):
    """OpenStreetMap answered with a refusal."""

    code: ClassVar[str] = "osm-refused"
    sentence: ClassVar[str] = gettext_noop("OpenStreetMap a refusé ({status}) : {reason}")
    advice: ClassVar[str] = gettext_noop(
        "Rien n’a été modifié là-bas par cette demande. Réessayez, ou utilisez un éditeur."
    )


class OsmConflict(RequestError):
    """Somebody changed the object there meanwhile."""

    code: ClassVar[str] = "osm-conflict"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = gettext_noop(
        "Quelqu’un a modifié {what} dans OpenStreetMap entre-temps : rien n’a été envoyé."
    )
    advice: ClassVar[str] = gettext_noop("Rouvrez ce constat : il montre l’objet tel qu’il est maintenant.")


class OsmUncertain(OperationError):
    """The connection ended before the answer: what was sent may have arrived."""

    code: ClassVar[str] = "osm-uncertain"
    sentence: ClassVar[str] = gettext_noop(
        "La réponse d’OpenStreetMap n’est pas arrivée : l’envoi {changeset} a peut-être été reçu."
    )
    advice: ClassVar[str] = gettext_noop(
        "Regardez cet envoi dans OpenStreetMap avant de recommencer ; les constats restent réservés."
    )


class SignInAgain(RequestError):
    """The token is missing, refused or of another scope."""

    code: ClassVar[str] = "osm-sign-in"
    sentence: ClassVar[str] = gettext_noop(
        "Votre compte OpenStreetMap n’est pas relié à cette visite, ou ne l’est plus."
    )
    advice: ClassVar[str] = gettext_noop("Reliez-le de nouveau ; ce que vous aviez choisi est toujours là.")


class NothingApproved(RequestError):
    """A finding of which nothing was ticked, or that cannot be sent."""

    code: ClassVar[str] = "osm-nothing-approved"
    sentence: ClassVar[str] = gettext_noop("Rien n’est approuvé de ce constat, ou OpenStreetMap le dit déjà.")
    advice: ClassVar[str] = gettext_noop("Cochez ce que vous approuvez, ou passez par un éditeur.")


class AlreadyThere(RequestError):
    """What would be created is there by now."""

    code: ClassVar[str] = "osm-already-there"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = gettext_noop(
        "OpenStreetMap a déjà un objet de ce thème à cet endroit ({key}), depuis l’extrait."
    )
    advice: ClassVar[str] = gettext_noop("Regardez-le : s’il s’agit d’un autre, ajoutez le vôtre dans un éditeur.")


class PartOfWay(RequestError):
    """A node that lines are made of: to move it would bend them."""

    code: ClassVar[str] = "osm-part-of-way"
    sentence: ClassVar[str] = gettext_noop(
        "Cet objet fait partie d’une ligne d’OpenStreetMap : le déplacer la déformerait."
    )
    advice: ClassVar[str] = gettext_noop("Déplacez-le dans un éditeur, où vous voyez la ligne.")


class ReviewFull(RequestError):
    """More than a person looks at."""

    code: ClassVar[str] = "osm-review-full"
    sentence: ClassVar[str] = gettext_noop("Un envoi compte {most} objets au plus.")
    advice: ClassVar[str] = gettext_noop("Relisez et envoyez ceux que vous avez choisis, puis continuez.")


class LicenceForbids(RequestError):
    """The licence of the town's data does not allow it to be written there."""

    code: ClassVar[str] = "osm-licence"
    sentence: ClassVar[str] = gettext_noop("La licence de « {title} » ne permet pas de l’écrire dans OpenStreetMap.")
    advice: ClassVar[str] = gettext_noop(
        "Demandez l’accord du producteur, ou choisissez une licence ouverte qui le permet."
    )


class NothingToSend(RequestError):
    """A review without anything in it."""

    code: ClassVar[str] = "osm-empty-review"
    sentence: ClassVar[str] = gettext_noop("Aucun constat n’est à envoyer.")
    advice: ClassVar[str] = gettext_noop("Ouvrez un constat et choisissez « Ajouter à mon envoi ».")
