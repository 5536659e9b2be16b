"""What the law asks each site to say: who publishes it, how accessible it is, what it keeps of readers, under which licences."""
