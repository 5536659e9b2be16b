"""Any file to any schema: which column stands for which field, and which schema a file probably follows."""

from parvis.core.mapping.detection import Candidate, detect_schema
from parvis.core.mapping.model import Extras, Mapping, Match, Reason
from parvis.core.mapping.portrait import Portrait, portray
from parvis.core.mapping.proposals import propose_mapping

__all__ = [
    "Candidate",
    "Extras",
    "Mapping",
    "Match",
    "Portrait",
    "Reason",
    "detect_schema",
    "portray",
    "propose_mapping",
]
