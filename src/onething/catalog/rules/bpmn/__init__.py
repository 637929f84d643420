"""Rules of BPMN 2.0 itself: what breaks one is no valid model, whoever drew it.

In a process that is a drawing (`isExecutable="false"`) their findings are warnings.
"""
