"""onething: one thing, one application (一件事一次办)."""
