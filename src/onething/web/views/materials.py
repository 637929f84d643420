"""A material: shown and handed out as a stamped copy, compared with its original by a clerk.

Nothing that came from outside is answered as it came: see `copies`.
"""

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.errors import Conflict, InvalidInput, NotStampable
from onething.web.copies import kept, shown
from onething.web.language import own_words
from onething.web.node import actor, host

pages = Blueprint("materials", __name__)
Page = str | Response | tuple[str, int]


@pages.get("/cases/<case_no>/materials/<material_id>")
def download(case_no: str, material_id: str) -> Response:
    """Send a stamped copy to keep."""
    return kept(runtime.copy_material(host(), actor(), case_no, material_id, "download"))


@pages.get("/cases/<case_no>/materials/<material_id>/page")
def page(case_no: str, material_id: str) -> Page:
    """Send a stamped copy to look at, or say beside the material why there is none."""
    try:
        return shown(runtime.copy_material(host(), actor(), case_no, material_id, "page"))
    except NotStampable as error:
        told = own_words(error.message)
        return _page(case_no, material_id, told, has_copy=False), error.status


@pages.get("/cases/<case_no>/materials/<material_id>/thumbnail")
def thumbnail(case_no: str, material_id: str) -> Response:
    """Send a small stamped copy of a picture."""
    return shown(runtime.copy_material(host(), actor(), case_no, material_id, "thumbnail"))


@pages.get("/cases/<case_no>/materials/<material_id>/view")
def view(case_no: str, material_id: str) -> Page:
    """Show a material with what is known of it, and what there is to do with it."""
    return _page(case_no, material_id)


@pages.post("/cases/<case_no>/materials/<material_id>/seen")
def seen(case_no: str, material_id: str) -> Page:
    """Record that the clerk compared the material with its original, or take that back."""
    is_back = "back" in request.form
    command = runtime.take_back_seen if is_back else runtime.see_original
    try:
        command(host(), actor(), case_no, material_id, key=request.form.get("_key") or None)
    except Conflict as error:
        flash(_("没有记录：%(why)s", why=own_words(error.message)), "bad")
    else:
        flash(_("已撤销核对。") if is_back else _("已记录：原件已核对。"), "good")
    return redirect(url_for("materials.view", case_no=case_no, material_id=material_id))


@pages.post("/my/cases/<case_no>/reuse")
def reuse(case_no: str) -> Page:
    """Give the case what the person gave before, with consent."""
    item, kind, before, material_id = (*request.form.get("offer", "").split("/"), "", "", "", "")[
        :4
    ]
    back = redirect(url_for("tracker.case", case_no=case_no))
    if "consent" not in request.form or not material_id:
        flash(_("请选择材料，并勾选同意。"), "bad")
        return back
    try:
        given = runtime.Reuse(before, material_id)
        runtime.reuse_material(host(), actor(), case_no, given, material=kind, item=item)
    except InvalidInput as error:
        flash(own_words(error.message), "bad")
    else:
        flash(_("已沿用这份材料。"), "good")
    return back


@pages.post("/cases/<case_no>/materials/<material_id>/original")
def original(case_no: str, material_id: str) -> Page:
    """Send the bytes as they were kept, to those who may have them; the reason is logged."""
    reason = request.form.get("reason", "")
    try:
        copy = runtime.take_original(host(), actor(), case_no, material_id, reason)
    except InvalidInput as error:
        return _page(case_no, material_id, own_words(error.message)), error.status
    return send_file(BytesIO(copy.content), copy.type, as_attachment=True, download_name=copy.name)


def _page(case_no: str, material_id: str, error: str = "", *, has_copy: bool = True) -> str:
    me = actor()
    found = runtime.view_material(host(), me, case_no, material_id)
    with host().database.read() as conn:
        is_applicant = runtime.owns_case(me, conn, found.case)
    return render_template(
        "material.html",
        row=found.row,
        withdrawn_at=found.withdrawn_at,
        case=found.case,
        is_own=is_applicant,
        is_stamped=found.row.type in runtime.STAMPED,
        has_copy=has_copy,
        is_audit="auditor" in me.roles,
        is_worker=bool(me.roles & {"clerk", "supervisor"}) and not is_applicant,
        error=error,
    )
