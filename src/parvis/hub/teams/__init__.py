"""Who writes each site, and touches nothing else."""
