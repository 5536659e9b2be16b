"""Reading any file, however dirty, into the staged table of ``core.staging``, every line accounted for."""
