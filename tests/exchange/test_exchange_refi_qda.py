"""Codebooks for NVivo, MAXQDA, ATLAS.ti and QualCoder follow the REFI-QDA standard."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from tests.exchange.scheme_files import ARABIC, SHIPPED
from workbench.exchange.scheme_files.refi_qda import write as qdc
from workbench.model.scheme import CodingScheme

QDA = "{urn:QDA-XML:codebook:1.0}"
GUID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


@pytest.mark.parametrize("scheme", [*SHIPPED.values(), ARABIC], ids=lambda s: s.name)
def test_a_codebook_follows_the_rules_of_the_standard(scheme: CodingScheme) -> None:
    root = ElementTree.fromstring(qdc(scheme).data)
    assert root.tag == f"{QDA}CodeBook"
    assert [part.tag for part in root] in ([f"{QDA}Codes"], [f"{QDA}Codes", f"{QDA}Sets"])
    codes = list(root.iter(f"{QDA}Code"))
    assert codes
    for code in codes:
        assert set(code.attrib) <= {"guid", "name", "isCodable", "color"}
        assert GUID.fullmatch(code.attrib["guid"])
        assert code.attrib["name"]
        assert code.attrib["isCodable"] in ("true", "false")
        assert re.fullmatch("#[0-9a-f]{6}", code.get("color", "#000000"))
        tags = [child.tag.removeprefix(QDA) for child in code]
        assert tags in (["Description"] * min(1, tags.count("Description")) + ["Code"] * tags.count("Code"),)
    guids = [code.attrib["guid"] for code in codes] + [s.attrib["guid"] for s in root.iter(f"{QDA}Set")]
    assert len(set(guids)) == len(guids)
    assert {member.attrib["guid"] for member in root.iter(f"{QDA}MemberCode")} <= set(guids)


def test_codes_lie_under_what_they_bear_on_with_their_options_under_them() -> None:
    root = ElementTree.fromstring(qdc(SHIPPED["mi_integrity"]).data)
    names = {c.attrib["name"]: [d.attrib["name"] for d in c.findall(f"{QDA}Code")] for c in root.iter(f"{QDA}Code")}
    assert names["Listening"] == ["Simple reflection", "Complex reflection"]
    assert names["Question"][:2] == ["Open: room for an own answer", "Closed: yes, no or a fact"]
    assert names["Ratings"][-1] == "Empathy"


def test_a_code_has_the_same_guid_in_every_version() -> None:
    scheme = SHIPPED["mi_integrity"]
    code = replace(scheme.codes[0], label="Asks", definition="Another.")
    later = replace(scheme, version="2.0", codes=(code, *scheme.codes[1:]))
    first, second = (ElementTree.fromstring(qdc(s).data) for s in (scheme, later))
    guids = [{c.attrib["name"]: c.attrib["guid"] for c in root.iter(f"{QDA}Code")} for root in (first, second)]
    assert guids[0]["Question"] == guids[1]["Asks"]
