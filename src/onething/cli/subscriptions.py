"""Commands on subscriptions: who is told of events by webhook."""

import click

from onething import runtime
from onething.cli.node import acting, node
from onething.cli.output import as_json, as_user, dump, show
from onething.runtime import Subscribed

_COLUMNS = ("id", "state", "url", "department", "lag_s", "failures", "reason")


@click.group()
def subscriptions() -> None:
    """Other systems that are told of events by signed webhooks."""


@subscriptions.command("list")
@as_user
@as_json
def list_them(user: str | None, *, as_json: bool) -> None:
    """List subscriptions: how far behind each is, and what keeps it."""
    with node() as host:
        rows = runtime.view_subscriptions(host, acting(host, user))
    shown = [{name: getattr(row, name) for name in row.__slots__} for row in rows]
    show(shown, in_json=as_json, columns=_COLUMNS)


@subscriptions.command("add")
@click.argument("url")
@click.option("--department", help="Whose cases it hears of; without it everybody's.")
@click.option("--type", "types", multiple=True, help="A type of event; may be repeated.")
@click.option("--after", type=int, help="Position of the feed to begin behind; 0 for all.")
@as_user
@as_json
def add(  # noqa: PLR0913 - one argument an option
    url: str,
    department: str | None,
    types: tuple[str, ...],
    after: int | None,
    user: str | None,
    *,
    as_json: bool,
) -> None:
    """Tell a system of events from now on; its secret is shown this once."""
    with node() as host:
        made = runtime.subscribe(
            host, acting(host, user), url, department=department, types=types, after=after
        )
    _tell(made, in_json=as_json)


@subscriptions.command()
@click.argument("subscription")
@click.option("--reason", required=True, help="Why nothing is to be delivered.")
@as_user
def pause(subscription: str, reason: str, user: str | None) -> None:
    """Deliver nothing to a subscription until it is resumed."""
    with node() as host:
        runtime.pause_subscription(host, acting(host, user), subscription, reason)
    click.echo(f"{subscription}: paused")


@subscriptions.command()
@click.argument("subscription")
@click.option("--skip", is_flag=True, help="Leave out the event that was not received.")
@click.option("--reason", default="", help="Why; needed to skip.")
@as_user
def resume(subscription: str, reason: str, user: str | None, *, skip: bool) -> None:
    """Deliver again, beginning with the event that was not received last."""
    with node() as host:
        runtime.resume_subscription(
            host, acting(host, user), subscription, skip=skip, reason=reason
        )
    click.echo(f"{subscription}: active")


@subscriptions.command()
@click.argument("subscription")
@click.option("--hours", default=24, show_default=True, help="So long the old one signs as well.")
@as_user
@as_json
def rotate(subscription: str, hours: int, user: str | None, *, as_json: bool) -> None:
    """Give a subscription a new secret; it is shown this once."""
    with node() as host:
        made = runtime.rotate_secret(host, acting(host, user), subscription, hours)
    _tell(made, in_json=as_json)


@subscriptions.command()
@click.argument("subscription")
@as_user
def remove(subscription: str, user: str | None) -> None:
    """Remove a subscription; what was done to it stays written down."""
    with node() as host:
        runtime.unsubscribe(host, acting(host, user), subscription)
    click.echo(f"{subscription}: removed")


@subscriptions.command()
@click.argument("subscription")
@as_user
@as_json
def changes(subscription: str, user: str | None, *, as_json: bool) -> None:
    """List what was done to a subscription, and by whom."""
    with node() as host:
        rows = runtime.view_subscription_changes(host, acting(host, user), subscription)
    shown = [{name: getattr(row, name) for name in row.__slots__} for row in rows]
    show(shown, in_json=as_json, columns=("at", "actor", "kind", "detail"))


def _tell(made: Subscribed, *, in_json: bool) -> None:
    if in_json:
        dump({"id": made.id, "secret": made.secret})
    else:
        click.echo(f"{made.id}\n{made.secret}")


COMMANDS = (subscriptions,)
