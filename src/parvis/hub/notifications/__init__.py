"""What leaves the portal: mails that people asked for or must have, and calls to other programs."""
