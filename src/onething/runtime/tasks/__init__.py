"""Tasks: queues, who holds them, and their completion."""
