"""Operations mean the same to Python and to the browser: both fold one sample file.

The browser's half is `workbench/app/player/test/reduce.test.mjs`.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from workbench.model.coding import Operation, OperationKind, fold

SAMPLES = json.loads((Path(__file__).parents[1] / "fixtures" / "operations.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("sample", SAMPLES, ids=[s["name"] for s in SAMPLES])
def test_operations_fold_to_the_content_in_the_sample(sample: dict[str, Any]) -> None:
    operations = [Operation(**(op | {"kind": OperationKind(op["kind"])})) for op in sample["operations"]]

    content = fold(operations)

    assert json.loads(json.dumps(asdict(content))) == sample["content"]
