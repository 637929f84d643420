"""Who acts: the person, program or department behind a command."""

from dataclasses import dataclass, field
from datetime import date

from onething.identity.roles import Role

SYSTEM_USER = "system"


@dataclass(frozen=True, slots=True)
class StandIn:
    """An absent person of the same department whom somebody stands in for today."""

    user: str
    name: str
    post: str | None
    region: str | None
    until: date
    """The last day."""


@dataclass(frozen=True, slots=True)
class Actor:
    """One person at one post, with the roles of that post."""

    user: str
    """Account name; `system` for the product itself."""
    name: str = ""
    """The name that others see."""
    roles: frozenset[Role] = frozenset()
    department: str | None = None
    """Department code, as in `service.toml`."""
    post: str | None = None
    """The post's short noun: `household`."""
    region: str | None = None
    """Division code of six digits that the post serves, sub-divisions included."""
    on_behalf_of: str | None = None
    """For whom a helper acts, by the mandate's reference."""
    token: str | None = field(default=None, compare=False, repr=False)
    """Id of the bearer token that they act by, which a command confirms as it locks."""
    stands_in: tuple[StandIn, ...] = field(default=(), compare=False, repr=False)
    """Whose tasks are this person's too today: those of absent colleagues."""
    absent_until: date | None = field(default=None, compare=False, repr=False)
    """Last day of the own absence; None for who is here."""

    @property
    def is_system(self) -> bool:
        """Whether the product itself acts: timers, answers of departments."""
        return self.user == SYSTEM_USER and not self.roles

    @property
    def post_name(self) -> str | None:
        """Department, post and region in one text, as history keeps it."""
        parts = [part for part in (self.department, self.post) if part]
        if not parts:
            return None
        return ".".join(parts) + (f"@{self.region}" if self.region else "")


SYSTEM = Actor(SYSTEM_USER, "onething")
"""The product itself. No account may take its name."""
