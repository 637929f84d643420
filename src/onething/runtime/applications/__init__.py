"""Applications before they are cases: drafts, mandates, and the other party that must agree."""
