"""Versions of a dataset: folders that never change once they have their name."""

from parvis.core.versions.misfits import Misfit, MisfitPolicy, MisfitReport, MisfitValues

__all__ = ["Misfit", "MisfitPolicy", "MisfitReport", "MisfitValues"]
