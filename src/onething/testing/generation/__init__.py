"""Databases full of made-up cases: what a site looks like after years, for measuring."""

from onething.testing.generation.generate import Made, Order, generate

__all__ = ["Made", "Order", "generate"]
