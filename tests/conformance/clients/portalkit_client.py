"""portalkit, unchanged, against the portal named by PORTAL."""

import os

import portalkit

portal = portalkit.open(os.environ["PORTAL"], kind="opendatasoft", cache=False)
assert any(found.id == "arbres-essai" for found in portal.search("arbres"))
assert portal.dataset("arbres-essai").to_pandas(limit=4).shape == (4, 8)
assert portal.dataset("arbres-essai").to_pandas().shape == (6, 8)
