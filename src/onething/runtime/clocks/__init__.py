"""Clocks and calendars: what starts, moves and counts them again."""
