"""What a local authority usually holds, what it must publish, and what this one does publish."""
