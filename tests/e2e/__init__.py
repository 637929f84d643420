"""Journeys through the pages, as the people of a city take them."""
