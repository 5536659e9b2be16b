"""Write and read a Parvis portal from a program: datasets, files, versions, publication, rows,
sources, organisations, people, keys, pages.

::

    from parvis_client import Parvis

    portal = Parvis("https://portail.exemple.fr", key=open("/etc/parvis.key").read())
    report = portal.send("arbres", "arbres.csv", publish=True)
    print(report["rows"], report["state"])

It needs nothing of the portal's own code: the standard library and urllib3.
"""

from parvis_client.client import Parvis
from parvis_client.errors import (
    Conflict,
    ImportStopped,
    Invalid,
    NotAllowed,
    NotThere,
    ParvisClientError,
    RunStopped,
    TooLarge,
    TooMany,
    Unavailable,
    Unreachable,
)

__version__ = "0.2.0"

__all__ = [
    "Conflict",
    "ImportStopped",
    "Invalid",
    "NotAllowed",
    "NotThere",
    "Parvis",
    "ParvisClientError",
    "RunStopped",
    "TooLarge",
    "TooMany",
    "Unavailable",
    "Unreachable",
    "__version__",
]
