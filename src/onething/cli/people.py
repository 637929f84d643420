"""Commands on accounts: user add, token add."""

import click

from onething import identity
from onething.cli.node import acting, node
from onething.cli.output import as_json, as_user, dump
from onething.errors import InvalidInput
from onething.runtime import Host


@click.group()
def user() -> None:
    """People's accounts."""


@user.command("add")
@click.argument("name_of_account")
@click.option("--name", required=True, help="The name that others see.")
@click.option("--role", "roles", multiple=True, required=True, help="A role; may be repeated.")
@click.option("--department", help="Department code, for clerks, supervisors and deputies.")
@click.option("--post", help="Post, such as household; without it every post of the department.")
@click.option("--region", help="Division code that the post serves.")
@click.password_option(help="First password; to be changed at the first sign-in.")
@as_user
@as_json
def add_user(  # noqa: PLR0913 - one argument an option
    name_of_account: str,
    name: str,
    roles: tuple[str, ...],
    department: str | None,
    post: str | None,
    region: str | None,
    password: str,
    user: str | None,
    *,
    as_json: bool,
) -> None:
    """Open an account and give it a post.

    Without --as the machine's owner acts: that is how the first administrator comes to be.
    """
    identity.checked_roles(roles)
    with node() as host:
        by, now = acting(host, user), host.clock()
        _require_department(host, department)
        identity.add_person(
            host.database,
            by,
            now,
            user=name_of_account,
            name=name,
            password=password,
            settings=host.settings,
        )
        identity.give_post(
            host.database,
            by,
            now,
            user=name_of_account,
            roles=roles,
            department_code=department,
            post_name=post,
            region_code=region,
        )
    if as_json:
        dump({"user": name_of_account, "roles": sorted(roles), "department": department})
    else:
        click.echo(f"{name_of_account}: {', '.join(roles)}")


def _require_department(host: Host, code: str | None) -> None:
    """Look before the account is opened, so that no account is left without its post."""
    with host.database.read() as conn:
        known = {one.code for one in identity.departments(conn)}
    if code is not None and code not in known:
        raise InvalidInput(f"There is no department {code}", {"department": "No such department"})


@click.group()
def token() -> None:
    """Bearer tokens of the API."""


@token.command("add")
@click.argument("account")
@click.option("--name", default="command line", show_default=True, help="What it is for.")
@click.option("--days", type=int, help="Days until it expires.")
@as_user
@as_json
def add_token(
    account: str, name: str, days: int | None, user: str | None, *, as_json: bool
) -> None:
    """Issue a token that acts as a person; it is shown this once."""
    with node() as host:
        text = identity.issue_token(
            host.database,
            acting(host, user),
            host.clock(),
            user=account,
            name=name,
            days=days or host.settings.token_days,
        )
    if as_json:
        dump({"user": account, "name": name, "token": text})
    else:
        click.echo(text)


COMMANDS = (user, token)
