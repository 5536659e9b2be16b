"""Why an item is not taken, in words."""

from __future__ import annotations

from typing import Final

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
