"""Reading any file, however dirty, into the staged table of ``core.staging``, every line accounted for."""

from parvis.core.formats.detection import detect
from parvis.core.formats.file_reader import read
from parvis.core.formats.job import Detected
from parvis.core.formats.limits import DEFAULT_LIMITS, Limits
from parvis.core.formats.options import ReadOptions

__all__ = ["DEFAULT_LIMITS", "Detected", "Limits", "ReadOptions", "detect", "read"]
