"""odsclient, unchanged, against the portal named by PORTAL: the old download address."""

import os

from odsclient import ODSClient

frame = ODSClient(base_url=os.environ["PORTAL"], use_keyring=False).get_whole_dataframe("arbres-essai")
assert frame.shape == (6, 8), frame
assert "Hauteur (m)" in frame.columns
