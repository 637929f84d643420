"""A call sends what the contract asks, and nothing more.

Only what serves the purpose may leave the case. Source: 个人信息保护法 第六条.
"""

from collections.abc import Iterator

from onething import connectors
from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield calls with fields that the contract lacks, or without fields that it demands."""
    contracts = connectors.operations()
    for node in subject.nodes("serviceTask"):
        contract = contracts.get(node.extension("taskDefinition", "type") or "")
        if contract is None:
            continue
        sent = {target.partition(".")[0] for target in node.inputs}
        for name in sorted(sent - contract.inputs["properties"].keys()):
            message = f"{contract.id} does not take {name}"
            yield at(node, message, "Remove the input: what is not asked may not be sent.")
        for name in sorted(set(contract.inputs["required"]) - sent):
            yield at(node, f"{contract.id} needs {name}", f"Add an input with the target {name}.")
