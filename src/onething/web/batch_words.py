"""The words for instances, jobs, batches and their lines, each with the sign beside it."""

from flask_babel import lazy_gettext as later

from onething.web.words import Word, word_of

_INSTANCES = {
    "active": ("brand", "●", later("办理中")),
    "suspended": ("warn", "‖", later("运维暂停")),
    "completed": ("good", "✓", later("已办结")),
    "cancelled": ("", "■", later("已终止")),
    "failed": ("bad", "✕", later("未办成")),
    "archived": ("", "■", later("已归档")),
}
_JOBS = {
    "queued": ("brand", "…", later("等待执行")),
    "relayed": ("brand", "●", later("已交执行")),
    "awaiting": ("brand", "◔", later("等待部门答复")),
    "suspended": ("warn", "‖", later("随办件暂停")),
    "failed": ("bad", "▲", later("已停止重试")),
    "done": ("good", "✓", later("已完成")),
    "cancelled": ("", "■", later("已取消")),
}
_BATCHES = {
    "looking": ("brand", "…", later("正在预演")),
    "ready": ("warn", "!", later("预演完成，等待开始")),
    "running": ("brand", "●", later("正在执行")),
    "ended": ("good", "✓", later("已结束")),
    "cancelled": ("", "■", later("已停止")),
}
_LINES = {
    "new": ("", "…", later("等待预演")),
    "waiting": ("brand", "●", later("可以执行")),
    "refused": ("warn", "–", later("不会执行")),
    "done": ("good", "✓", later("已执行")),
    "failed": ("bad", "✕", later("未成功")),
}
_KINDS = {
    "retry": later("重新执行"),
    "migrate": later("迁移到其他部署"),
    "suspend": later("暂停办理"),
    "resume": later("恢复办理"),
    "cancel": later("终止办件"),
}
_CODES = {
    "ended": later("办件已经结束"),
    "conflict": later("办件状态已变化"),
    "already-done": later("已经处理过"),
    "not-suspended": later("办件没有暂停"),
    "instance-suspended": later("办件已由运维暂停"),
    "unknown-outcome": later("部门是否已办理不明，须逐件核实"),
    "cannot-move": later("不能迁移"),
    "kept": later("办件已结束或已迁走"),
    "not-allowed": later("操作人没有权限"),
    "not-found": later("不存在"),
}

_CRITERIA = {
    "case_no": later("办件编号"),
    "service": later("一件事"),
    "number": later("版本"),
    "status": later("状态"),
    "activity": later("环节"),
    "code": later("代码"),
    "operation": later("系统操作"),
    "department": later("部门"),
    "raised_before": later("发生早于"),
    "started_before": later("提交早于"),
    "has_incident": later("有待处置异常"),
    "chosen": later("逐件选取"),
}


def instance_status(status: str) -> Word:
    """Return the word for an instance's status."""
    return word_of(_INSTANCES, status)


def job_state(state: str) -> Word:
    """Return the word for a job's state."""
    return word_of(_JOBS, state)


def batch_state(state: str) -> Word:
    """Return the word for a batch's state."""
    return word_of(_BATCHES, state)


def line_state(state: str) -> Word:
    """Return the word for the state of a batch's line."""
    return word_of(_LINES, state)


def batch_kind(kind: str) -> str:
    """Return what a batch does."""
    return str(_KINDS.get(kind, kind))


def line_code(code: str | None) -> str:
    """Say why a line was refused or failed; an empty text where nothing was wrong."""
    return str(_CODES.get(code, code)) if code else ""


def criterion(name: str) -> str:
    """Return by what the cases of a batch were chosen."""
    return str(_CRITERIA.get(name, name))


FILTERS = {
    "instance_status": instance_status,
    "job_state": job_state,
    "batch_state": batch_state,
    "line_state": line_state,
    "batch_kind": batch_kind,
    "line_code": line_code,
}
"""What the templates call these by."""
