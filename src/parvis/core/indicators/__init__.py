"""Indicators: definitions, formulas, states. What is asked of datasets is ODSQL; nothing is read here."""
