"""People, departments, posts and regions; who acts, and how they sign in."""

from onething.identity.accounts import (
    add_person,
    change_password,
    give_post,
    put_department,
    put_region,
    reset_password,
    set_disabled,
    take_post,
)
from onething.identity.actor import SYSTEM, SYSTEM_USER, Actor
from onething.identity.divisions import covers
from onething.identity.people import (
    Attempt,
    Change,
    Person,
    Place,
    Post,
    actor,
    attempts,
    changes,
    departments,
    find_person,
    get_person,
    people,
    regions,
    workers,
)
from onething.identity.rates import count_rate, forget_rates, rate_of
from onething.identity.roles import ROLES, Role, checked_roles
from onething.identity.signing_in import locked_until, sign_in
from onething.identity.tokens import Token, by_token, issue_token, revoke_token, tokens_of

__all__ = [
    "ROLES",
    "SYSTEM",
    "SYSTEM_USER",
    "Actor",
    "Attempt",
    "Change",
    "Person",
    "Place",
    "Post",
    "Role",
    "Token",
    "actor",
    "add_person",
    "attempts",
    "by_token",
    "change_password",
    "changes",
    "checked_roles",
    "count_rate",
    "covers",
    "departments",
    "find_person",
    "forget_rates",
    "get_person",
    "give_post",
    "issue_token",
    "locked_until",
    "people",
    "put_department",
    "put_region",
    "rate_of",
    "regions",
    "reset_password",
    "revoke_token",
    "set_disabled",
    "sign_in",
    "take_post",
    "tokens_of",
    "workers",
]
