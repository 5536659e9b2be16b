"""What Parvis ships as files: the reference of territories and the demonstration pack. No Django, standard library only."""
