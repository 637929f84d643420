"""What forms say to people: message ids with parameters, set in Chinese or English.

Forms know no request and no translation machinery; a page or the API asks a message for its
text in the language it speaks.
"""

from dataclasses import dataclass, field
from typing import Literal

from onething.forms.json_value import Json

Language = Literal["zh", "en"]

TEXTS: dict[str, tuple[str, str]] = {
    "required": ("请填写此项", "Please fill this in"),
    "required.choice": ("请选择", "Please choose"),
    "required.checked": ("请勾选确认", "Please tick to confirm"),
    "required.file": ("请提供此项材料", "Please provide this material"),
    "type.text": ("请填写文字", "This must be text"),
    "type.number": ("请填写数字", "This must be a number"),
    "type.integer": ("请填写整数", "This must be a whole number"),
    "type.boolean": ("请填写是或否", "This must be yes or no"),
    "type.date": ("请填写有效日期，如 2026-06-01", "This must be a date such as 2026-06-01"),
    "type.time": ("请填写有效时间，如 09:30", "This must be a time such as 09:30"),
    "type.datetime": (
        "请填写有效的日期和时间，如 2026-06-01T09:30",
        "This must be a date and time such as 2026-06-01T09:30",
    ),
    "type.month": ("请填写有效月份，如 2026-06", "This must be a month such as 2026-06"),
    "type.list": ("请按列表填写", "This must be a list"),
    "type.context": ("请按表格填写", "This must be a group of fields"),
    "type.file": ("材料编号无效", "This is not the id of a material"),
    "choice.unknown": ("“{value}”不在可选范围内", "“{value}” is not one of the choices"),
    "text.control": ("含有不允许的控制字符", "It holds control characters that are not allowed"),
    "text.long": ("最多 {max} 个字，现有 {length} 个", "At most {max} characters; it has {length}"),
    "text.short": (
        "最少 {min} 个字，现有 {length} 个",
        "At least {min} characters; it has {length}",
    ),
    "text.pattern": ("格式不正确", "The format is wrong"),
    "text.email": ("电子邮箱格式不正确", "This is not an e-mail address"),
    "text.phone": ("电话号码格式不正确", "This is not a telephone number"),
    "number.min": ("不能小于 {min}", "It must not be less than {min}"),
    "number.max": ("不能大于 {max}", "It must not be greater than {max}"),
    "number.digits": ("最多保留 {digits} 位小数", "At most {digits} decimal places"),
    "number.long": ("数字过长", "The number has too many digits"),
    "date.passed": ("不能早于今天", "It must not be before today"),
    "list.min": ("至少填写 {min} 项", "Give at least {min}"),
    "list.max": ("最多填写 {max} 项", "Give at most {max}"),
    "list.duplicate": ("选项重复", "A choice is given twice"),
    "check": ("填写内容不符合要求", "What you entered does not fit"),
    "name": (
        "姓名应为 2 至 50 个汉字、间隔号“·”或者字母",
        "A name has 2 to 50 Chinese characters, middle dots or letters",
    ),
    "org_name": ("名称应为 2 至 100 个字", "The name of an organisation has 2 to 100 characters"),
    "address": ("地址应为 2 至 100 个字", "An address has 2 to 100 characters"),
    "id_number.15": (
        "请填写 18 位公民身份号码（15 位号码已停用）",
        "Give the 18-digit identity number (15-digit numbers are no longer in use)",
    ),
    "id_number.form": (
        "公民身份号码应为 17 位数字加 1 位数字或 X",
        "An identity number has 17 digits and a last digit or X",
    ),
    "id_number.check": (
        "公民身份号码校验码不正确，请核对",
        "The check digit of the identity number is wrong",
    ),
    "id_number.date": (
        "公民身份号码中的出生日期不存在",
        "The identity number holds a date of birth that does not exist",
    ),
    "id_number.future": (
        "公民身份号码中的出生日期晚于今天",
        "The identity number holds a date of birth in the future",
    ),
    "id_number.permit": (
        "这是港澳台居民居住证号码，请选择相应证件类型",
        "This is the number of a residence permit; choose that kind of document",
    ),
    "id_number.region": (
        "未收录的行政区划代码 {code}，请核对",
        "The division code {code} is not known; please check it",
    ),
    "residence_permit": (
        "港澳台居民居住证号码应以 810000、820000 或者 830000 开头",
        "The number of a residence permit begins with 810000, 820000 or 830000",
    ),
    "foreign_permit": (
        "外国人永久居留身份证号码应为 3 个字母加 12 位数字，或者以 9 开头的 18 位号码",
        "A foreign permanent resident number is 3 letters and 12 digits, or 18 digits from 9",
    ),
    "passport": (
        "护照号码应为 5 至 20 位字母或数字",
        "A passport number has 5 to 20 letters and digits",
    ),
    "hk_permit": (
        "港澳居民来往内地通行证号码应为 H 或 M 加 8 位或 10 位数字",
        "The permit number is H or M and 8 or 10 digits",
    ),
    "tw_permit": (
        "台湾居民来往大陆通行证号码应为 8 位或 10 位数字",
        "The permit number has 8 or 10 digits",
    ),
    "other_document": (
        "证件号码应为 3 至 30 位字母、数字或者汉字",
        "The number of a document has 3 to 30 letters, digits or Chinese characters",
    ),
    "sex.mismatch": ("与证件号码所示性别不一致", "It differs from the sex the number shows"),
    "birth.mismatch": (
        "与证件号码所示出生日期不一致",
        "It differs from the date of birth the number shows",
    ),
    "uscc.form": (
        "统一社会信用代码应为 18 位，不含 I、O、Z、S、V",
        "A unified social credit code has 18 characters without I, O, Z, S, V",
    ),
    "uscc.check": ("统一社会信用代码校验码不正确", "The check character of the code is wrong"),
    "uscc.organisation": (
        "统一社会信用代码中的组织机构代码校验码不正确",
        "The check character of the inner organisation code is wrong",
    ),
    "disability_no": (
        "残疾人证号应为身份证号码加残疾类别、等级",
        "A disability card number is the identity number, category and grade",
    ),
    "disability_no.holder": (
        "残疾人证号与持证人身份证号码不一致",
        "The disability card belongs to another identity number",
    ),
    "phone": ("请填写 11 位手机号", "Give an 11-digit mobile phone number"),
    "telephone": (
        "请填写手机号，或者带区号的固定电话",
        "Give a mobile number, or a landline with its area code",
    ),
    "bank_card.form": ("银行卡号应为 16 至 19 位数字", "A bank card number has 16 to 19 digits"),
    "bank_card.check": ("银行卡号校验不通过，请核对", "The bank card number is mistyped"),
    "division": (
        "没有找到这个地方，或者同名的不止一处。请从列表中选择；山东以外的请选到省",
        "No such place, or several of this name. Choose from the list; beyond Shandong, a province",
    ),
    "division.unknown": (
        "未收录的行政区划代码 {code}，请核对",
        "The division code {code} is not known; please check it",
    ),
    "amount": (
        "金额应为不小于 0、最多两位小数的数",
        "An amount is not negative and has at most two decimal places",
    ),
    "certificate_no": (
        "证件编号应为 4 至 30 位字母、数字、汉字或者连接号",
        "A certificate number has 4 to 30 letters, digits, Chinese characters or hyphens",
    ),
}
"""Chinese and English text of every message id; {names} stand for parameters."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing a form says about one field."""

    id: str
    params: dict[str, Json] = field(default_factory=dict)
    own: tuple[str, str] | None = None
    """The form's own words (Chinese, English) instead of the text of the id."""

    def text(self, language: str = "zh") -> str:
        """Set the message in a language; anything but `en` is Chinese."""
        chinese, english = self.own or TEXTS[self.id]
        text = english if language == "en" else chinese
        return text if self.own else text.format(**self.params)

    def __str__(self) -> str:
        return self.text()
