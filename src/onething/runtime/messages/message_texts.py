"""What e-mails and text messages say: no name, no service, no content of a case.

Whoever looks over a shoulder, or runs a mail server, learns that an account has news, and no
more. The case number is shortened: it finds nothing by itself.
"""

from typing import Any

from onething.runtime.messages.news_words import said

_SHOWN = 6
_NAMES = {"email": ("邮箱", "e-mail address"), "sms": ("手机号码", "mobile number")}


def news_text(language: str, case_no: str | None, site_url: str) -> tuple[str, str]:
    """Return subject and text of a message that says that there is news."""
    link = f"{site_url}/messages"
    short = f"…{case_no[-_SHOWN:]}" if case_no else ""
    if language == "en":
        about = f"your application {short}" if short else "your account"
        return "You have news", f"onething: there is news about {about}. Sign in to read it: {link}"
    about = f"您的办件（{short}）" if short else "您的账号"
    return "您有新消息", f"一件事一次办：{about}有新消息，请登录查看：{link}"


def code_text(language: str, code: str) -> tuple[str, str]:
    """Return subject and text of a message with a code."""
    if language == "en":
        told = f"onething: your code is {code}. It holds for 10 minutes. Give it to nobody."
        return "Your code", told
    return "您的验证码", f"一件事一次办：您的验证码是 {code}，10 分钟内有效，请勿告诉他人。"


def address_refused(channel: str, *, is_dead: bool) -> dict[str, Any]:
    """Return the line that says that an address refuses messages."""
    name, name_en = _NAMES[channel]
    if is_dead:
        return said(
            f"已停止向您的{name}发送消息",
            f"Your {name_en} gets no more messages",
            (f"消息多次无法送达您的{name}。请在“我的账号”中更换或者重新验证。",),
            (f"Your {name_en} refused too many messages. Prove it anew under your account.",),
        )
    return said(
        f"消息无法送达您的{name}",
        f"Your {name_en} refused a message",
        (f"请在“我的账号”中核对您的{name}。",),
        (f"Check your {name_en} under your account.",),
    )
