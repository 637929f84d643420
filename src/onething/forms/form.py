"""A form: parsed once, then shown, answered and checked any number of times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from onething.errors import Finding, ModelRefused
from onething.feel import Environment
from onething.forms.component import Component
from onething.forms.elements import Elements
from onething.forms.json_value import Json
from onething.forms.messages import Message
from onething.forms.parsing import Reader, read_json
from onething.forms.paths import pinned
from onething.forms.posted import MultiDict, is_posted, nested
from onething.forms.projection import project
from onething.forms.submission import Answer, Submission
from onething.forms.view import FieldView, Showing


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a service package."""

    id: str
    components: tuple[Component, ...]
    wording: Mapping[str, str] = field(default_factory=dict)
    """English of Chinese texts that come with the data: choices, results of tables."""

    @property
    def fields(self) -> tuple[Component, ...]:
        """Every component that holds a value, lists and computed values among them."""
        return tuple(
            component
            for root in self.components
            for component in root.walk()
            if component.steps and component.type != "group"
        )

    def view(  # noqa: PLR0913 - each of them is a page's own choice
        self,
        data: Mapping[str, Json],
        errors: Mapping[str, Message | str],
        env: Environment,
        *,
        readonly: bool = False,
        language: str = "zh",
        warnings: Mapping[str, Message | str] | None = None,
        only: Iterable[str] | None = None,
    ) -> list[FieldView]:
        """Give what a page shows.

        Args:
            data: values by path; after a refused answer, that answer's data.
            errors: messages by path.
            env: the present instant; FEEL of the form reads it.
            readonly: show values, ask nothing.
            language: `zh` or `en`.
            warnings: doubts by path.
            only: paths that this reader may see; None: all.
        """
        allowed = None if only is None else frozenset(path.replace("[]", "") for path in only)
        showing = Showing(
            form=self.components,
            data=data,
            errors=errors,
            warnings=warnings or {},
            env=env,
            is_readonly=readonly,
            language=language,
            only=allowed,
            wording=self.wording if language == "en" else {},
        )
        return showing.fields()

    def submit(
        self,
        raw: MultiDict | Mapping[str, Json],
        env: Environment,
        base: Mapping[str, Json] | None = None,
        fixed: Mapping[str, Json] | None = None,
    ) -> Answer:
        """Take an answer from a page or from the API.

        Args:
            raw: posted fields (anything with `getlist`, such as Flask's `request.form` or
                `Posted`), or nested JSON.
            env: the present instant; FEEL of the form reads it.
            base: what is known already; a field that was not sent keeps its value there.
            fixed: values by path that stand whatever was sent in their place.

        Returns:
            The data and the errors; only an answer without errors may be used.

        Raises:
            TooLarge: more fields or rows than any form has.
        """
        given = nested(self.components, raw) if is_posted(raw) else raw
        whole = pinned(_json(given), fixed or {})
        return Submission(self.components, env, base or {}, whole).answer()

    def project(self, data: Mapping[str, Json], paths: Iterable[str]) -> dict[str, Json]:
        """Keep of the data only what stands at the declared paths."""
        return project(data, paths)

    def unbound(self) -> list[Finding]:
        """Name the fields that no data element explains."""
        return [
            Finding(
                file=self.id,
                element=field.id,
                rule="form-element",
                message=f"the field “{field.path}” is bound to no data element",
                remedy="set properties.element to an id of forms/_elements.toml",
                severity="warning",
            )
            for field in self.fields
            if field.is_field and field.element is None
        ]


def parse(
    text: str | bytes,
    elements: Elements | None = None,
    name: str = "",
    wording: Mapping[str, str] | None = None,
) -> Form:
    """Read a form from form-js JSON.

    Args:
        text: the JSON.
        elements: the data dictionary that `properties.element` names; without it nothing is
            bound and no rule of an element holds.
        name: the file's name, for messages.
        wording: English of Chinese texts, where the form itself gives none.

    Raises:
        ModelRefused: not a form, or it holds something that cannot be shown or checked.
    """
    return form_of(read_json(text, name), elements, name, wording)


def form_of(
    raw: Mapping[str, Json],
    elements: Elements | None = None,
    name: str = "",
    wording: Mapping[str, str] | None = None,
) -> Form:
    """Make a form of form-js JSON that is read already; arguments and errors as of `parse`."""
    reader = Reader(name, elements, wording or {})
    components = reader.read(raw["components"])
    if reader.findings:
        raise ModelRefused(reader.findings)
    return Form(str(raw.get("id", name)), components, wording or {})


def _json(given: Json) -> Mapping[str, Json]:
    return given if isinstance(given, Mapping) else {}
