"""What people write and publish under a permanent address, whatever its subject: drafts, revisions, locks, rights, journal."""
