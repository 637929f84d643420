"""Jobs: timers and calls of departments, and what comes back."""
