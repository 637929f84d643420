"""What a site was made with and cannot change unnoticed: keys, hash, legal time zone."""

from onething.site.facts import FactRow, facts, has_cases, put

__all__ = ["FactRow", "facts", "has_cases", "put"]
