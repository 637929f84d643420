"""The worker: performs jobs, fires timers, signs checkpoints."""

from onething.worker.loop import Worker

__all__ = ["Worker"]
