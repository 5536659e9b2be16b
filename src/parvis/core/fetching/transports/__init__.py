"""One module for each way in which files of elsewhere are reached; ``remote.TRANSPORTS`` lists them by scheme."""
