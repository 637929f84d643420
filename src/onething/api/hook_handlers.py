"""What the endpoint of the departments' own deliveries does."""

from onething import runtime
from onething.api.asked import Answer, Asked
from onething.runtime import Delivery


def receive_hook(asked: Asked) -> Answer:
    """Take in what a department delivers by itself."""
    delivery = Delivery(asked.path["department"], asked.key or "", asked.body)
    case_no = runtime.receive_hook(asked.host, delivery)
    return {"delivery": delivery.id, "case_no": case_no}, 200
