"""Rows that programs push: read and checked one by one, kept in a log until a version holds them, laid over it meanwhile.

Neither Django nor the hub is known here.
"""
