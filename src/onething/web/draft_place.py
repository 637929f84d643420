"""Where a draft is filled in: the addresses and names of an application's page or a task's."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _

from onething.drafts import TASK


@dataclass(frozen=True, slots=True)
class DraftPlace:
    """The pages around one draft."""

    form_id: str
    """Id of the form in its page."""
    form: str
    """Where it is filled in; asks first whether to go on, where it has to be asked."""
    resumed: str
    """Where it is filled in with what was saved."""
    save: str
    take: str
    discard: str
    home: str
    """Where one looks for what has become of it."""
    home_name: str
    gone: str
    """What is said where it was sent or deleted elsewhere."""
    give_code: str | None = None
    """Where a code for another device is given; a task is found there without one."""
    is_handed_on: bool = False
    """Whether the draft goes along when the task is handed on."""


def place_of(subject: str) -> DraftPlace:
    """Return the pages of a subject's draft."""
    if not subject.startswith(TASK):
        return _application(subject)
    task_id = subject.removeprefix(TASK)
    return _own_task(task_id) if request.path.startswith("/my/") else _task(task_id)


def _application(code: str) -> DraftPlace:
    return DraftPlace(
        form_id="application",
        form=url_for("apply.form", code=code),
        resumed=url_for("apply.form", code=code, draft=1),
        save=url_for("drafts.save", code=code),
        take=url_for("drafts.take", code=code),
        discard=url_for("drafts.discard", code=code),
        home=url_for("tracker.index"),
        home_name=_("我的办件"),
        gone=_("这份申请已在别处提交或删除，本页没有暂存。"),
        give_code=url_for("drafts.give_code", code=code),
    )


def _own_task(task_id: str) -> DraftPlace:
    return DraftPlace(
        form_id="application",
        form=url_for("own_task.form", task_id=task_id),
        resumed=url_for("own_task.form", task_id=task_id),
        save=url_for("task_drafts.save_own", task_id=task_id),
        take=url_for("task_drafts.take_own", task_id=task_id),
        discard=url_for("task_drafts.discard_own", task_id=task_id),
        home=url_for("tracker.index"),
        home_name=_("我的办件"),
        gone=_("这一步已在别处提交，或者草稿已清空，本页没有暂存。"),
    )


def _task(task_id: str) -> DraftPlace:
    return DraftPlace(
        form_id="task-form",
        form=url_for("task.form", task_id=task_id),
        resumed=url_for("task.form", task_id=task_id),
        save=url_for("task_drafts.save", task_id=task_id),
        take=url_for("task_drafts.take", task_id=task_id),
        discard=url_for("task_drafts.discard", task_id=task_id),
        home=url_for("queue.index"),
        home_name=_("待办任务"),
        gone=_("这项任务已在别处提交或转交，或者草稿已清空，本页没有暂存。"),
        is_handed_on=True,
    )
