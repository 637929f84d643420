"""A deployment made ready to run: its manifest, compiled processes, forms and texts."""

import tomllib
from collections.abc import Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from onething import engine, forms
from onething.definitions import wording
from onething.definitions.filters import FilterField, filter_fields
from onething.definitions.package import Package
from onething.definitions.service import Service
from onething.errors import Finding, ModelRefused, NotFound


class Definition:
    """One immutable deployment, addressed by its content hash; compiled on first use."""

    def __init__(self, package: Package, number: int = 0) -> None:
        self.package = package
        self.number = number

    @property
    def name(self) -> str:
        """The deployment as commands write it: `after-death@7`."""
        return f"{self.package.code}@{self.number}"

    @property
    def service(self) -> Service:
        """The manifest."""
        return self.package.service

    @cached_property
    def process(self) -> engine.Process:
        """The compiled processes; raises ModelRefused where a diagram is refused."""
        return engine.compile(engine.Bundle(self.package.ending(".bpmn", ".dmn")))

    @cached_property
    def elements(self) -> forms.Elements:
        """The data dictionary frozen with the package."""
        return forms.load_elements(self.package.file("forms/_elements.toml"))

    @cached_property
    def _forms(self) -> dict[str, forms.Form]:
        return {}

    def form(self, form_id: str) -> forms.Form:
        """Return a form by id: `household-cancel` of this service, or `_shared/notify`.

        Raises:
            NotFound: The package has no such form.
        """
        if form_id not in self._forms:
            path = self.form_path(form_id)
            english = self.wording("en")
            self._forms[form_id] = forms.parse(
                self.package.file(path), self.elements, path, english
            )
        return self._forms[form_id]

    def form_path(self, form_id: str) -> str:
        """Return the path of a form's file: an id without folder is the service's own."""
        return f"forms/{form_id if '/' in form_id else f'{self.package.code}/{form_id}'}.form"

    @cached_property
    def application(self) -> forms.Form:
        """The form by which the service is applied for, compiled of its items' forms.

        Raises:
            ModelRefused: Two items ask for one value in different ways.
        """
        joint = forms.compile_joint(self.application_parts)
        path = self.form_path(self.service.application)
        return forms.form_of(joint, self.elements, path, self.wording("en"))

    @cached_property
    def filters(self) -> tuple[FilterField, ...]:
        """The application's fields by which clerks may filter; none without an application."""
        if self.form_path(self.service.application) not in self.package.files:
            return ()
        return filter_fields(self.service, self.application)

    @cached_property
    def application_parts(self) -> list[forms.Part]:
        """What the application is compiled of: what every case is asked, then item by item."""
        path = self.form_path(self.service.application)
        parts = [forms.Part.read(self.package.file(path), path)]
        for item in self.service.items:
            if item.form:
                path = self.form_path(item.form)
                data = self.package.file(path)
                parts.append(forms.Part.read(data, path, item.condition, item.id))
        return parts

    def form_of(self, part: forms.Part) -> forms.Form:
        """Return one part of the application as a form by itself."""
        return forms.form_of(part.form, self.elements, part.file)

    def wording(self, language: str) -> Mapping[str, str]:
        """Return what the package's Chinese texts are called in a language, by the text.

        Empty for `zh`; a text that is not in it stays as it is.
        """
        if language not in self._wordings:
            named = self._named_in_english if language == "en" else {}
            given = {} if language == "zh" else wording.of_texts(self.texts(language))
            self._wordings[language] = named | given
        return self._wordings[language]

    @cached_property
    def _wordings(self) -> dict[str, Mapping[str, str]]:
        return {}

    @property
    def _named_in_english(self) -> dict[str, str]:
        """What manifests and document templates give themselves."""
        manifests = self.package.ending("/service.toml")
        codes = [PurePosixPath(path).parent.name for path in manifests]
        services = [Package(code, self.package.files).service for code in codes]
        return wording.of_templates(self.document_files) | wording.of_manifests(services)

    def texts(self, language: str) -> dict[str, Any]:
        """Return the texts of a language, by table and id: shared ones first, own ones over."""
        if language not in self._merged:
            self._merged[language] = self._merge(language)
        return self._merged[language]

    @cached_property
    def _merged(self) -> dict[str, dict[str, Any]]:
        return {}

    def _merge(self, language: str) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for file in self._texts(f"texts/{language}.toml"):
            for name, value in file.items():
                held = merged.get(name)
                both = isinstance(held, dict) and isinstance(value, dict)
                merged[name] = held | value if both else value
        return merged

    @cached_property
    def document_files(self) -> list[dict[str, Any]]:
        """The parsed files of document templates: shared ones first, own ones last."""
        return self._texts("texts/documents.toml")

    def _texts(self, tail: str) -> list[dict[str, Any]]:
        paths = [path for path in self.package.files if path.endswith(f"/{tail}")]
        own = f"bpmn/{self.package.code}/{tail}"
        ordered = sorted(paths, key=lambda one: (one == own, not one.startswith("bpmn/_shared")))
        return [_toml(path, self.package.files[path]) for path in ordered]

    def diagram(self, process_id: str) -> bytes:
        """Return the BPMN file that draws a process.

        Raises:
            NotFound: No file of the package holds the process.
        """
        found = self._diagrams.get(process_id)
        if found is None:
            raise NotFound(f"The package {self.package.code} has no process {process_id}")
        return self.package.files[found]

    @cached_property
    def _diagrams(self) -> dict[str, str]:
        return {
            process_id: path
            for path, data in self.package.ending(".bpmn").items()
            for process_id in self.process.process_ids
            if f'id="{process_id}"'.encode() in data
        }


def _toml(path: str, data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        place = PurePosixPath(path).name
        finding = Finding(path, "", "text-syntax", str(error), f"Mend the TOML of {place}.")
        raise ModelRefused([finding]) from error
