"""What people compose and keep under a permanent address: what saved charts and saved maps have in common."""
