"""People, departments, posts and regions; who acts."""

from onething.identity.actor import SYSTEM, SYSTEM_USER, Actor
from onething.identity.roles import ROLES, Role, checked_roles

__all__ = ["ROLES", "SYSTEM", "SYSTEM_USER", "Actor", "Role", "checked_roles"]
