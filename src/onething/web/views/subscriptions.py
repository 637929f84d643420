"""Subscriptions: which systems are told of events by webhook, and what keeps them."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import identity, runtime
from onething.errors import Conflict, InvalidInput, NotFound
from onething.runtime import Subscribed, SubscriptionView
from onething.web.node import actor, host

pages = Blueprint("subscriptions", __name__)
Page = str | Response | tuple[str, int]


@pages.get("/subscriptions")
def index() -> Page:
    """List subscriptions and how far behind each is."""
    return _index({})


@pages.post("/subscriptions")
def add() -> Page:
    """Subscribe a system; its secret is on the answer alone."""
    form = request.form
    try:
        made = runtime.subscribe(
            host(),
            actor(),
            form.get("url", "").strip(),
            department=form.get("department") or None,
            types=form.getlist("types"),
        )
    except (InvalidInput, Conflict) as error:
        return _index(_told(error)), error.status
    return _secret(made)


@pages.get("/subscriptions/<subscription_id>")
def show(subscription_id: str) -> Page:
    """Show one subscription and what was done to it."""
    return _one(subscription_id, {})


@pages.post("/subscriptions/<subscription_id>/pause")
def pause(subscription_id: str) -> Page:
    """Deliver nothing more until it is resumed."""
    try:
        runtime.pause_subscription(
            host(), actor(), subscription_id, request.form.get("reason", "").strip()
        )
    except InvalidInput as error:
        return _one(subscription_id, _told(error)), error.status
    flash(_("已暂停推送。"), "good")
    return _back(subscription_id)


@pages.post("/subscriptions/<subscription_id>/resume")
def resume(subscription_id: str) -> Page:
    """Deliver again; with `skip` behind the event that was not received."""
    form = request.form
    try:
        runtime.resume_subscription(
            host(),
            actor(),
            subscription_id,
            skip=form.get("skip") == "1",
            reason=form.get("reason", "").strip(),
        )
    except (InvalidInput, Conflict) as error:
        return _one(subscription_id, _told(error)), error.status
    flash(_("已恢复推送。"), "good")
    return _back(subscription_id)


@pages.post("/subscriptions/<subscription_id>/rotate")
def rotate(subscription_id: str) -> Page:
    """Draw a new secret; for a day the old one signs as well."""
    return _secret(runtime.rotate_secret(host(), actor(), subscription_id))


@pages.post("/subscriptions/<subscription_id>/remove")
def remove(subscription_id: str) -> Page:
    """Remove a subscription; what was done to it stays written down."""
    runtime.unsubscribe(host(), actor(), subscription_id)
    flash(_("已删除订阅。"), "good")
    return redirect(url_for("subscriptions.index"))


def _index(errors: dict[str, str]) -> str:
    rows = runtime.view_subscriptions(host(), actor())
    with host().database.read() as conn:
        departments = identity.departments(conn)
    return render_template(
        "subscriptions/index.html",
        subscriptions=rows,
        departments=departments,
        types=runtime.EXCHANGE_TYPES,
        errors=errors,
    )


def _one(subscription_id: str, errors: dict[str, str]) -> str:
    found = _found(subscription_id)
    return render_template(
        "subscriptions/show.html",
        one=found,
        changes=runtime.view_subscription_changes(host(), actor(), subscription_id),
        words={
            "Subscribed": _("已新增订阅"),
            "Paused": _("已暂停推送"),
            "Resumed": _("已恢复推送"),
            "EventSkipped": _("已跳过一条事件"),
            "SecretRotated": _("已更换密钥"),
            "Unsubscribed": _("已删除订阅"),
            "GaveUp": _("多次未送达，系统已暂停"),
        },
        errors=errors,
    )


def _found(subscription_id: str) -> SubscriptionView:
    for one in runtime.view_subscriptions(host(), actor()):
        if one.id == subscription_id:
            return one
    raise NotFound(f"No subscription {subscription_id}")


def _secret(made: Subscribed) -> Response:
    """Show a secret this once: no browser keeps the page."""
    answer = make_response(render_template("subscriptions/secret.html", made=made))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _back(subscription_id: str) -> Response:
    return redirect(url_for("subscriptions.show", subscription_id=subscription_id))


def _told(error: InvalidInput | Conflict) -> dict[str, str]:
    """Return what is wrong by field, in the reader's language."""
    if isinstance(error, Conflict):
        return (
            {"url": _("订阅已达上限。")}
            if request.endpoint == "subscriptions.add"
            else {"reason": _("没有未送达的事件可以跳过。")}
        )
    words = {
        "url": _("请填写允许推送的 https 地址；内网地址须先在 webhook_networks 中列出。"),
        "department": _("没有这个部门。"),
        "types": _("没有这种事件。"),
        "reason": _("请填写原因。"),
    }
    return {name: words.get(name, text) for name, text in error.fields.items()}
