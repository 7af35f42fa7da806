"""Names the failed tests that may be run once more: at most two, and of those that drive a browser.

Usage: once_more.py JUNIT_XML. Prints their ids, one a line; exits with 1 where anything else failed too.
"""

import sys
import xml.etree.ElementTree as ElementTree

AT_MOST = 2
BROWSER = "tests.browser."

cases = ElementTree.parse(sys.argv[1]).iter("testcase")
failed = [c for c in cases if c.find("failure") is not None or c.find("error") is not None]
if not 0 < len(failed) <= AT_MOST or not all(c.get("classname", "").startswith(BROWSER) for c in failed):
    sys.exit(1)
for case in failed:
    print(f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}")
