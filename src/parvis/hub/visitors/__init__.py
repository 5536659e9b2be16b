"""What people without an account may write: proof of work in the place of riddles, bounds by address, searches for persons."""
