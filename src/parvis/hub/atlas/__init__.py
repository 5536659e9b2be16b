"""Saved maps, their answers, frames and pictures."""
