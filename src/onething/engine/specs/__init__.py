"""What a model says: SpiffWorkflow's spec model, extended by the semantics of BPMN 2.0."""
