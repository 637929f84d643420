"""Accounts, posts, departments and regions: the administrator's and the security officer's desk."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import identity
from onething.errors import Conflict, InvalidInput
from onething.identity import ROLES
from onething.runtime import require_role
from onething.web.naming import post_names
from onething.web.node import actor, host

pages = Blueprint("people", __name__)
Page = str | Response | tuple[str, int]
PAGE_SIZE = 50
DESKS = ("administrator", "security_officer")


@pages.get("/people")
def index() -> Page:
    """List accounts with their posts."""
    return _index({})


@pages.post("/people")
def add() -> Page:
    """Open an account; its owner changes the password at the first sign-in."""
    form = request.form
    try:
        identity.add_person(
            host().database,
            actor(),
            host().clock(),
            user=form.get("user", "").strip(),
            name=form.get("name", "").strip(),
            password=form.get("password", ""),
            settings=host().settings,
        )
    except InvalidInput as error:
        return _index(_told(error)), error.status
    except Conflict as error:
        return _index({"user": _("账号已存在。")}), error.status
    flash(_("已开通账号 %(user)s。", user=form["user"].strip()), "good")
    return redirect(url_for("people.show", user=form["user"].strip()))


@pages.get("/people/<user>")
def show(user: str) -> Page:
    """Show one account."""
    return _person(user, {})


@pages.post("/people/<user>/posts")
def give(user: str) -> Page:
    """Give a person a post."""
    form = request.form
    try:
        identity.give_post(
            host().database,
            actor(),
            host().clock(),
            user=user,
            roles=form.getlist("roles"),
            department_code=form.get("department") or None,
            post_name=form.get("post", "").strip() or None,
            region_code=form.get("region") or None,
        )
    except InvalidInput as error:
        return _person(user, _told(error)), error.status
    flash(_("已授予岗位。"), "good")
    return redirect(url_for("people.show", user=user))


@pages.post("/people/<user>/posts/<int:post_id>/take")
def take(user: str, post_id: int) -> Page:
    """Take a post away; its sessions and tokens end."""
    identity.take_post(host().database, actor(), host().clock(), post_id)
    flash(_("已收回岗位，相关会话和令牌同时失效。"), "good")
    return redirect(url_for("people.show", user=user))


@pages.post("/people/<user>/disabled")
def disable(user: str) -> Page:
    """Close an account, or open it again."""
    is_disabled = request.form.get("disabled") == "1"
    identity.set_disabled(host().database, actor(), host().clock(), user, is_disabled=is_disabled)
    flash(_("账号已停用。") if is_disabled else _("账号已启用。"), "good")
    return redirect(url_for("people.show", user=user))


@pages.post("/people/<user>/password")
def password(user: str) -> Page:
    """Set a password that its owner must change at the next sign-in."""
    try:
        identity.reset_password(
            host().database,
            actor(),
            host().clock(),
            user,
            request.form.get("password", ""),
            host().settings,
        )
    except InvalidInput as error:
        return _person(user, _told(error)), error.status
    flash(_("已重置密码，下次登录须修改。"), "good")
    return redirect(url_for("people.show", user=user))


@pages.get("/people/organisation")
def organisation() -> Page:
    """List departments and regions."""
    return _organisation({})


@pages.post("/people/organisation/departments")
def department() -> Page:
    """Add a department or change its names."""
    form = request.form
    code, name = form.get("code", "").strip(), form.get("name", "").strip()
    errors = {} if code.isidentifier() and code.isascii() else {"code": _("代码只用小写字母。")}
    if not name:
        errors["name"] = _("请填写名称。")
    if errors:
        return _organisation(errors), InvalidInput.status
    identity.put_department(
        host().database,
        actor(),
        host().clock(),
        code=code,
        name=name,
        name_en=form.get("name_en", "").strip(),
    )
    flash(_("部门已保存。"), "good")
    return redirect(url_for("people.organisation"))


@pages.post("/people/organisation/regions")
def region() -> Page:
    """Add a region or change its name."""
    code, name = request.form.get("code", "").strip(), request.form.get("name", "").strip()
    if not name:
        return _organisation({"name": _("请填写名称。")}), InvalidInput.status
    try:
        identity.put_region(host().database, actor(), host().clock(), code=code, name=name)
    except InvalidInput as error:
        return _organisation({"code": _told(error)["region"]}), error.status
    flash(_("地区已保存。"), "good")
    return redirect(url_for("people.organisation"))


@pages.get("/people/changes")
def changes() -> Page:
    """List every change of accounts, posts and organisation."""
    require_role(actor(), *DESKS, "auditor")
    before = request.args.get("before", type=int)
    with host().database.read() as conn:
        found = list(identity.changes(conn, before=before, limit=PAGE_SIZE))
    return render_template("people/changes.html", changes=found, size=PAGE_SIZE)


def _index(errors: dict[str, str]) -> str:
    require_role(actor(), *DESKS)
    after = request.args.get("after", "")
    with host().database.read() as conn:
        found = identity.people(conn, after=after, limit=PAGE_SIZE + 1)
    return render_template(
        "people/index.html",
        people=found[:PAGE_SIZE],
        next=found[PAGE_SIZE - 1].user if len(found) > PAGE_SIZE else None,
        errors=errors,
    )


def _person(user: str, errors: dict[str, str]) -> str:
    require_role(actor(), *DESKS)
    with host().database.read() as conn:
        until = identity.locked_until(conn, user, host().settings)
        return render_template(
            "people/show.html",
            person=identity.get_person(conn, user),
            departments=identity.departments(conn),
            regions=identity.regions(conn),
            locked=until if until and until > host().clock() else None,
            all_roles=ROLES,
            posts=sorted(post_names().items()),
            errors=errors,
        )


def _organisation(errors: dict[str, str]) -> str:
    require_role(actor(), *DESKS)
    with host().database.read() as conn:
        return render_template(
            "people/organisation.html",
            departments=identity.departments(conn),
            regions=identity.regions(conn),
            errors=errors,
        )


def _told(error: InvalidInput) -> dict[str, str]:
    """Return what is wrong by field, in the reader's language."""
    words = {
        "user": _("账号应为 2 至 40 个小写字母、数字、点或短横，并以字母开头。"),
        "name": _("请填写姓名。"),
        "password": _(
            "密码太容易被猜到：至少 %(n)s 位，大小写字母、数字、符号中至少三种，不含账号。",
            n=host().settings.password_length,
        ),
        "roles": _("请选择角色；管理、安全、审计与办件角色不能由同一人担任。"),
        "department": _("没有这个部门。"),
        "region": _("请填写六位区划代码。"),
    }
    return {name: words.get(name, text) for name, text in error.fields.items()}
