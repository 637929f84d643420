"""What departments tell of a person, and what the person says against it."""
