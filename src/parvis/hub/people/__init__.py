"""Screens of persons, of organisations and of one's own account, which know the teams of sites, territories and limits."""
