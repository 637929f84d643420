"""A load through many faults, and a checker that shares no code with the product."""
