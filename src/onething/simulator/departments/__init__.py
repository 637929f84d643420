"""The departments: importing this package makes every operation answered."""

from onething.simulator.departments import (
    adoption,
    estate,
    family,
    funeral,
    health,
    household,
    insurance,
    marriage,
    messages,
    pension,
    police,
    welfare,
)

__all__ = [
    "adoption",
    "estate",
    "family",
    "funeral",
    "health",
    "household",
    "insurance",
    "marriage",
    "messages",
    "pension",
    "police",
    "welfare",
]
