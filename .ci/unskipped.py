"""Fail if the report of the tests says that a browser test was skipped, whatever the reason."""

import sys
from xml.etree import ElementTree

skipped = [
    f"{case.get('classname')}.{case.get('name')}"
    for case in ElementTree.parse(sys.argv[1]).iter("testcase")
    if case.find("skipped") is not None and ".browser." in case.get("classname", "")
]
if skipped:
    sys.exit("Skipped browser tests: " + ", ".join(skipped))
