"""The program's own YAML, for a scheme that is passed on as it is."""

from __future__ import annotations

from workbench.exchange.formats import FormatError
from workbench.exchange.scheme_files import Brought, SchemeFormat, Written
from workbench.model.scheme import CodingScheme
from workbench.schemes import SchemeProblems, parse_scheme, write_scheme


def read(data: bytes, name: str) -> Brought:
    """The scheme of a YAML file. Raises FormatError with every problem, one a line."""
    try:
        return Brought(parse_scheme(data, name))
    except SchemeProblems as error:
        raise FormatError("\n".join(f"line {p.line}: {p.message}" for p in error.problems)) from None


def write(scheme: CodingScheme) -> Written:
    """The YAML; read again, it is the same scheme."""
    return Written(write_scheme(scheme).encode())


FORMAT = SchemeFormat("yaml", "yaml", "Coding scheme (YAML)", write, read)
