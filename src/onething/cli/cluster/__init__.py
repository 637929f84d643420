"""A cluster on one machine: to try, and to show, how the product runs on several."""

from onething.cli.cluster.balancer import balancer_config
from onething.cli.cluster.child import Child
from onething.cli.cluster.command import COMMANDS
from onething.cli.cluster.parts import Cluster

__all__ = ["COMMANDS", "Child", "Cluster", "balancer_config"]
