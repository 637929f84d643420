"""Who is signed in: one account at one of its posts."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, session
from flask_login import LoginManager, UserMixin, login_user, logout_user

from onething import identity
from onething.errors import NotFound
from onething.identity import Actor, Person
from onething.runtime import Host
from onething.web.language import choose_again, chosen

_POST = "post"


@dataclass
class SignedIn(UserMixin):  # type: ignore[misc]
    """The person behind a session, at the post that was chosen."""

    person: Person
    actor: Actor

    def get_id(self) -> str:
        """Return account and epoch: a new password or a taken post ends the session."""
        return f"{self.person.user}:{self.person.session_epoch}"


def register(app: Flask, host: Host) -> None:
    """Load the person of each request from the session."""
    manager = LoginManager()
    manager.session_protection = "strong"
    manager.init_app(app)
    app.permanent_session_lifetime = timedelta(minutes=host.settings.session_minutes)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(session_id: str) -> SignedIn | None:
        return _load(host, session_id)


def begin(host: Host, person: Person) -> None:
    """Begin a session of a person at the first post; language and type size stay."""
    shown = chosen()
    session.clear()
    choose_again(shown)
    session.permanent = True
    login_user(_signed_in(host, person, None))


def end() -> None:
    """End the session."""
    logout_user()
    session.clear()


def choose_post(host: Host, person: Person, post_id: int) -> None:
    """Go on at another of the own posts; raise NotFound for a post that is not held."""
    with host.database.read() as conn:
        identity.actor(conn, person.user, post_id)
    session[_POST] = post_id


def _load(host: Host, session_id: str) -> SignedIn | None:
    user, _, epoch = session_id.rpartition(":")
    with host.database.read() as conn:
        person = identity.find_person(conn, user)
    if person is None or person.is_disabled or str(person.session_epoch) != epoch:
        return None
    try:
        return _signed_in(host, person, session.get(_POST))
    except NotFound:
        return None


def _signed_in(host: Host, person: Person, post_id: int | None) -> SignedIn:
    with host.database.read() as conn:
        actor = identity.actor(conn, person.user, post_id)
        return SignedIn(person, identity.present(conn, actor, host.today))
