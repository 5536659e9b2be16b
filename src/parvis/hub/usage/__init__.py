"""What is read, downloaded, called, embedded and searched for: counters by day and site, and nothing about anybody."""
