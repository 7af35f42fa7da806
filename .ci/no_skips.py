"""Fails when a test was skipped that is not on the list. Usage: no_skips.py JUNIT_XML LIST"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

report, allowed_file = map(Path, sys.argv[1:3])
allowed = {line.strip() for line in allowed_file.read_text().splitlines() if line.strip() and not line.startswith("#")}
cases = list(ElementTree.parse(report).iter("testcase"))
skipped = {f"{c.get('classname')}::{c.get('name')}" for c in cases if c.find("skipped") is not None}
for name in sorted(skipped - allowed):
    print(f"skipped, and not on the list: {name}")
failed = sum(c.find("failure") is not None or c.find("error") is not None for c in cases)
print(f"{len(cases) - len(skipped) - failed} passed, {failed} failed, {len(skipped)} skipped")
sys.exit(bool(skipped - allowed) or not cases)
