"""Forms: what people are asked, checked by the same rules on a page and through the API.

A form is form-js JSON bound to the data dictionary. `parse` reads one; `Form.view` gives a page
what to show, `Form.submit` takes an answer, `Form.project` keeps what a reader may see.
"""

from onething.forms.component import Component, Label
from onething.forms.elements import Code, CodeList, Element, Elements, load_elements
from onething.forms.form import Form, form_of, parse
from onething.forms.joint import Part, compile_joint
from onething.forms.messages import Message
from onething.forms.paths import read, steps_of
from onething.forms.posted import Posted
from onething.forms.projection import project
from onething.forms.rules import RULES, Identity, Surroundings, Verdict, identity_of
from onething.forms.rules.division import name_of_division, offered
from onething.forms.submission import Answer
from onething.forms.values import spelling
from onething.forms.view import FieldView, OptionView, SharedView, display

__all__ = [
    "RULES",
    "Answer",
    "Code",
    "CodeList",
    "Component",
    "Element",
    "Elements",
    "FieldView",
    "Form",
    "Identity",
    "Label",
    "Message",
    "OptionView",
    "Part",
    "Posted",
    "SharedView",
    "Surroundings",
    "Verdict",
    "compile_joint",
    "display",
    "form_of",
    "identity_of",
    "load_elements",
    "name_of_division",
    "offered",
    "parse",
    "project",
    "read",
    "spelling",
    "steps_of",
]
