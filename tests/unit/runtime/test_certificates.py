"""A certificate that does not hold: one incident, no repetition, and the case goes on later."""

from datetime import timedelta

from onething import runtime
from onething.connectors import open_departments
from unit.connectors.authority import Authority
from unit.runtime.node import OPERATOR, Node

DAY = timedelta(days=1)


def test_an_expired_certificate_is_one_incident_that_a_retry_resolves(node: Node, tmp_path) -> None:
    node.know()
    pem, key = Authority(tmp_path / "authority").issue("city", begins=-2 * DAY, ends=-DAY)
    file = tmp_path / "departments.toml"
    file.write_text(
        '[departments.police]\nurl = "https://127.0.0.1:1"\nauthentication = "mtls"\n'
        f'[departments.police.mtls]\ncertificate_file = "{pem}"\nkey_file = "{key}"'
    )
    simulated = node.host.departments

    with open_departments(file, "") as node.host.departments:
        case_no = node.start("call")
        for _round in range(5):
            node.perform()
            node.world.clock.advance(DAY)

    (incident,) = node.incidents(case_no)
    assert incident.code == "certificate-invalid"
    assert "expired on" in incident.message
    assert node.jobs(case_no)[0].attempts == 0
    node.host.departments = simulated
    runtime.retry(node.host, OPERATOR, incident.id, reason="证书已更换")
    node.perform()
    assert node.case(case_no).state == "CLOSED"
