"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import MADE_AGAIN, NEVER, OF_THE_MACHINE, Carried

CARRIED = (
    Carried(model="quality.VersionQuality", name="qualite/mesures", dataset="version__dataset"),
    Carried(model="quality.ScoreDay", name="qualite/notes", dataset="dataset"),
    Carried(model="quality.SourceCheck", name="qualite/sources", dataset="dataset"),
    Carried(model="quality.Link", name="qualite/liens"),
    Carried(model="quality.DatasetLink", name="qualite/liens-des-jeux", dataset="dataset"),
    Carried(model="quality.Feed", name="qualite/flux", dataset="dataset"),
    Carried(model="quality.Notice", name="qualite/alertes", dataset="dataset", without=("mark",)),
)

LEFT = {
    "quality.VersionPortraits": MADE_AGAIN,
    "quality.LinkAnswer": OF_THE_MACHINE,
    "quality.NoticeChoices": NEVER,
    "quality.Digest": OF_THE_MACHINE,
    "quality.Digest_notices": OF_THE_MACHINE,
}
