"""Why an item is not taken, in words."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError

from parvis.core.errors import ParvisError
from parvis.core.translation import Sentence

FROM_HERE: Final = Sentence("vient d’ici : ce portail l’a pris au nôtre")
FILTERED: Final = {
    "territory": Sentence("écarté par le filtre des territoires"),
    "organisation": Sentence("écarté par le filtre des organisations"),
    "theme": Sentence("écarté par le filtre des thèmes"),
    "tag": Sentence("écarté par le filtre des mots-clés"),
    "schema": Sentence("écarté par le filtre des schémas"),
    "bbox": Sentence("écarté par le filtre de l’emprise : il ne la touche pas, ou ne dit pas où il est"),
    "only": Sentence("écarté : il n’est pas de ceux qui sont demandés"),
    "without": Sentence("écarté : il est de ceux qui sont laissés"),
}
"""By the filter that leaves it out."""


def sentences_of(error: ParvisError | ValidationError) -> list[Sentence]:
    """What an error says, as a report keeps it."""
    if isinstance(error, ParvisError):
        return [sentence for sentence in error.sentences() if sentence.message]
    return [Sentence("la fiche est refusée : {reason}", {"reason": " ".join(error.messages)[:500]})]


def unforeseen(fault: Exception) -> Sentence:
    """An error that nobody expected."""
    return Sentence("une erreur imprévue est survenue ({kind})", {"kind": type(fault).__name__})
