"""Materials: taken, shown, compared, used again; and the documents that a case issues."""
