"""From files to specs: SpiffWorkflow's parsers, extended until nothing is silently wrong."""
