"""How often one account may ask departments about people, counted for all nodes together."""

from datetime import timedelta
from hashlib import sha256

from onething import identity
from onething.errors import TooOften
from onething.identity import Actor
from onething.runtime.host import Host

_WITHIN = timedelta(hours=1)


def count_try(host: Host, actor: Actor, what: str, most: int) -> None:
    """Count one try of an account.

    Raises:
        TooOften: These are more than `most` within an hour.
    """
    now = host.clock()
    key = sha256(f"{what} {actor.user}".encode()).hexdigest()
    tries = host.write(lambda conn: identity.count_rate(conn, key, 1, now, now + _WITHIN))
    if tries > most:
        with host.database.read() as conn:
            raise TooOften(identity.rate_of(conn, key, now)[1])
