"""onething: one thing, one application (一件事一次办)."""

__version__ = "0.1.0"
