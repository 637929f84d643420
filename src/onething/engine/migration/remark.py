"""What migration has to say about one element of an instance."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """Why an instance cannot move, or what a person should know about its move."""

    element: str
    """Id of the element in the old version; in the new one where it begins there."""
    rule: str
    """The reason's fixed name, such as `no-counterpart`."""
    message: str
