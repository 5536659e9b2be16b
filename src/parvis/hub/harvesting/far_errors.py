"""What a reader of a federated dataset is told when its portal does not answer."""

from typing import ClassVar

from parvis.core.errors import OperationError
from parvis.core.translation import gettext_noop


class FarFailure(OperationError):
    """The portal of a federated dataset did not answer a reader's question."""

    code: ClassVar[str] = "far-failure"
    status: ClassVar[int] = 502


class FarDown(FarFailure):
    """It fails."""

    code: ClassVar[str] = "far-down"
    sentence: ClassVar[str] = gettext_noop(
        "Les lignes de ce jeu sont demandées à « {host} », qui ne répond pas en ce moment."
    )
    advice: ClassVar[str] = gettext_noop("Sa fiche reste lisible ici. Recommencez dans quelques minutes.")


class FarSlow(FarFailure):
    """It takes too long."""

    code: ClassVar[str] = "far-slow"
    status: ClassVar[int] = 504
    sentence: ClassVar[str] = gettext_noop(
        "Les lignes de ce jeu sont demandées à « {host} », qui tarde trop à répondre."
    )
    advice: ClassVar[str] = gettext_noop("Recommencez dans une minute, ou posez une question plus légère.")


class FarBusy(FarFailure):
    """It asks to be left alone, or others ask it before."""

    code: ClassVar[str] = "far-busy"
    status: ClassVar[int] = 503
    sentence: ClassVar[str] = gettext_noop(
        "Les lignes de ce jeu sont demandées à « {host} », qui ne peut pas être interrogé à cet instant."
    )
    advice: ClassVar[str] = gettext_noop("Recommencez dans {seconds} secondes.")

    def headers(self) -> dict[str, str]:
        """When to come back."""
        return {"Retry-After": str(self.details.get("seconds", 10))}


class FarGone(FarFailure):
    """The dataset is there no more."""

    code: ClassVar[str] = "far-gone"
    sentence: ClassVar[str] = gettext_noop(
        "Ce jeu de données n’est plus sur « {host} », à qui ses lignes sont demandées."
    )
    advice: ClassVar[str] = gettext_noop(
        "Sa source le dira à sa prochaine lecture ; il sera retiré d’ici s’il ne revient pas."
    )


class FarClosed(FarFailure):
    """It wants a key."""

    code: ClassVar[str] = "far-closed"
    sentence: ClassVar[str] = gettext_noop(
        "« {host} », à qui ces lignes sont demandées, n’en ouvre l’accès qu’avec une clé."
    )
    advice: ClassVar[str] = gettext_noop("Si le tableau s’affiche, lisez-le ici ; les fichiers restent chez lui.")


class FarRefuses(FarFailure):
    """It does not understand the question."""

    code: ClassVar[str] = "far-refuses"
    sentence: ClassVar[str] = gettext_noop("« {host} », à qui ces lignes sont demandées, refuse cette question.")
    advice: ClassVar[str] = gettext_noop(
        "Ses colonnes ont peut-être changé depuis la dernière lecture de la source, ou il ne connaît pas une fonction employée."
    )


class FarSourceAway(FarFailure):
    """Nobody asks it any more."""

    code: ClassVar[str] = "far-source-away"
    status: ClassVar[int] = 503
    sentence: ClassVar[str] = gettext_noop(
        "Les lignes de ce jeu étaient demandées à un autre portail par une source qui est retirée ou hors service."
    )
    advice: ClassVar[str] = gettext_noop("Remettez la source en service, ou publiez les lignes ici.")
