"""From a confirmed act to its permanent page: what is published is made, verified, sealed; corrected or withdrawn later."""
