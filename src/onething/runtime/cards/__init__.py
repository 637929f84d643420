"""Cards of electronic supervision: raised, answered, reviewed."""
