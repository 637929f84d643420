"""Templates of notices are known before a service is deployed."""

from onething import catalog
from onething.catalog import Catalog
from onething.definitions import Package

DIVORCE = "bpmn/marriage-divorce/marriage-divorce.bpmn"


def test_a_notice_through_the_shared_process_needs_its_template():
    package = Catalog().package("marriage-status-change")
    other = package.files[DIVORCE].replace(b'source="divorce-withdrawn"', b'source="nonesuch"')

    findings = catalog.check_package(Package(package.code, {**package.files, DIVORCE: other}))

    assert ("tell-spouse", "template-exists") in {(one.element, one.rule) for one in findings}
