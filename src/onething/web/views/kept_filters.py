"""The filters that a clerk keeps for the own queue: kept, changed, shared, deleted."""

from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.errors import Conflict, InvalidInput
from onething.web import queue_filters
from onething.web.node import actor, host

pages = Blueprint("kept_filters", __name__)


@pages.post("/tasks/filters")
def save() -> Response:
    """Keep the filter that a page shows, under a name."""
    asked = queue_filters.read(queue_filters.decoded(request.form.get("wanted", "")))
    offered = queue_filters.offered(host(), actor(), None)
    asked, _dropped = offered.only_own(asked)
    if fault := offered.fault(asked):
        return _refused(fault, asked)
    wanted = queue_filters.kept(asked, offered)
    try:
        filter_id = runtime.save_filter(host(), actor(), request.form.get("name", ""), wanted)
    except InvalidInput:
        return _refused(_("请给视图起一个 1 至 %(n)s 个字的名称。", n=runtime.LONGEST_NAME), asked)
    except Conflict:
        told = _("最多保存 %(n)s 个视图，请先删除一个。", n=runtime.MOST_FILTERS)
        return _refused(told, asked)
    runtime.change_filter(
        host(),
        actor(),
        filter_id,
        is_shared="shared" in request.form,
        is_default="default" in request.form,
    )
    flash(_("视图已保存。"), "good")
    return redirect(url_for("queue.index", view=filter_id))


@pages.post("/tasks/filters/<filter_id>")
def change(filter_id: str) -> Response:
    """Rename a filter, share it or not, open the queue with it or not."""
    try:
        runtime.change_filter(
            host(),
            actor(),
            filter_id,
            name=request.form.get("name", ""),
            is_shared="shared" in request.form,
            is_default="default" in request.form,
        )
    except InvalidInput:
        flash(_("请给视图起一个 1 至 %(n)s 个字的名称。", n=runtime.LONGEST_NAME), "bad")
    except Conflict:
        flash(_("您已有同名的视图，请换一个名称。"), "bad")
    else:
        flash(_("视图已更新。"), "good")
    return redirect(url_for("queue.index", view=filter_id))


@pages.post("/tasks/filters/<filter_id>/copy")
def copy(filter_id: str) -> Response:
    """Keep a colleague's filter as an own one."""
    try:
        copied = runtime.copy_filter(host(), actor(), filter_id)
    except Conflict:
        flash(_("最多保存 %(n)s 个视图，请先删除一个。", n=runtime.MOST_FILTERS), "bad")
        return redirect(url_for("queue.index", view=filter_id))
    flash(_("已复制为您自己的视图。"), "good")
    return redirect(url_for("queue.index", view=copied))


@pages.post("/tasks/filters/<filter_id>/delete")
def delete(filter_id: str) -> Response:
    """Delete a filter; the page goes on showing what it filtered."""
    gone = runtime.drop_filter(host(), actor(), filter_id)
    flash(_("视图“%(name)s”已删除，筛选条件仍在，可以重新保存。", name=gone.name))
    query = urlencode([(name, value) for name, value in gone.wanted])
    return redirect(url_for("queue.index") + f"?{query or 'scope=all'}")


def _refused(told: str, asked: queue_filters.Asked) -> Response:
    flash(told, "bad")
    return redirect(url_for("queue.index") + f"?{asked.query or 'scope=all'}")
