"""What operators do: batches, migration, replay, archive, and the site itself."""
