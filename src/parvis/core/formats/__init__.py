"""Reading any file, however dirty, into the staged table of ``core.staging``, every line accounted for."""

from parvis.core.formats.detection import detect
from parvis.core.formats.job import Detected
from parvis.core.formats.limits import DEFAULT_LIMITS, Limits
from parvis.core.formats.options import ReadOptions
from parvis.core.formats.placing import SET_ASIDE
from parvis.core.formats.reading import read

__all__ = ["DEFAULT_LIMITS", "SET_ASIDE", "Detected", "Limits", "ReadOptions", "detect", "read"]
