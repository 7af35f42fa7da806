"""A document as one HTML file: its style and drawings are in it, it loads nothing and runs nothing.

Made for reading on screen and for printing on A4. The Content-Security-Policy in it forbids scripts
and every request, so that not even a flaw here could make it call out.
"""

from __future__ import annotations

from html import escape

from workbench.exchange.document import Block, Document, Figure, Heading, Lines, Paragraph, Points, Table, numbered
from workbench.exchange.document.drawing import printable, svg

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1b2733;
  font: 15px/1.5 Inter, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main { max-width: 860px; margin: 0 auto; padding: 40px 32px 64px; }
h1 { font-size: 27px; line-height: 1.2; letter-spacing: -.01em; margin: 0 0 18px; }
h2 { font-size: 19px; line-height: 1.3; margin: 44px 0 10px; padding-top: 14px; border-top: 1px solid #d5dde4; }
h3 { font-size: 15.5px; margin: 28px 0 6px; }
p { margin: 0 0 10px; max-width: 46em; overflow-wrap: anywhere; }
.quiet, figcaption small, caption small { color: #52616f; font-size: 13px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 20px; margin: 0 0 8px; font-size: 14px; }
dt { color: #52616f; } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: 18px 0 4px; font-size: 13px; line-height: 1.35;
  font-variant-numeric: tabular-nums; border-bottom: 1.5px solid #1b2733; }
caption { text-align: left; padding: 0 0 6px; font-size: 14px; }
caption b, figcaption b { font-weight: 650; }
thead th { border-top: 1.5px solid #1b2733; border-bottom: 1px solid #1b2733; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: 4px 10px 4px 0; overflow-wrap: break-word; }
th:last-child, td:last-child { padding-right: 0; }
tbody th { font-weight: 400; }
.n { text-align: right; white-space: nowrap; }
thead .n { white-space: normal; }
.scroll { overflow-x: auto; }
.note { color: #52616f; font-size: 12.5px; margin: 4px 0 18px; }
figure { margin: 20px 0 22px; } figcaption { font-size: 14px; margin-bottom: 8px; }
svg { display: block; width: 100%; height: auto; }
pre { background: #f4f6f8; border: 1px solid #e1e7ec; border-radius: 4px; padding: 10px 12px;
  font: 12px/1.5 ui-monospace, Consolas, Menlo, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
ul { margin: 0 0 12px; padding-left: 20px; } li { margin-bottom: 3px; max-width: 46em; overflow-wrap: anywhere; }
ul.hanging { list-style: none; padding: 0; } ul.hanging li { padding-left: 2em; text-indent: -2em; margin-bottom: 7px; }
footer { color: #52616f; font-size: 12px; margin-top: 44px; border-top: 1px solid #d5dde4; padding-top: 10px; }
@page { size: A4; margin: 17mm 16mm 18mm; }
@media print {
  body { font-size: 9.6pt; } main { max-width: none; padding: 0; } .scroll { overflow: visible; }
  h1 { font-size: 18pt; } h2 { font-size: 13pt; margin-top: 20pt; } h3 { font-size: 10.5pt; }
  h2, h3, caption, figcaption { break-after: avoid; } table { font-size: 8.2pt; } thead { display: table-header-group; }
  tr, table, figure, li, pre { break-inside: avoid; } th, td { padding: 2.5pt 7pt 2.5pt 0; }
  dl, caption, figcaption { font-size: 9.2pt; } .note, .quiet { font-size: 8.4pt; } p, li { orphans: 3; widows: 3; }
}
"""


def html(document: Document) -> bytes:
    """The file, in UTF-8."""
    facts = "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in document.facts)
    body = "\n".join(_block(block, number) for block, number in numbered(document))
    foot = f"<footer>{_text(document.foot)}</footer>" if document.foot else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{_text(document.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(document.title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body><main>\n<h1>{_text(document.title)}</h1>\n<dl>{facts}</dl>\n{body}\n{foot}\n</main></body>\n</html>\n"
    ).encode()


def _block(block: Block, number: str) -> str:
    match block:
        case Heading():
            tag = f"h{block.level + 1}"
            return f"<{tag}>{_text(block.text)}</{tag}>"
        case Paragraph():
            quiet = ' class="quiet"' if block.quiet else ""
            return f"<p{quiet}>{_text(block.text)}</p>"
        case Points():
            items = "".join(f"<li>{_text(item)}</li>" for item in block.items)
            hanging = ' class="hanging"' if block.hanging else ""
            return f"<ul{hanging}>{items}</ul>"
        case Lines():
            return f'<pre tabindex="0">{_text(block.text)}</pre>'
        case Table():
            return _table(block, number)
        case Figure():
            note = f'<p class="note">{_text(block.note)}</p>' if block.note else ""
            return (
                f"<figure><figcaption><b>{number}.</b> {_text(block.title)}</figcaption>"
                f"{svg(block.drawing, block.alt)}{note}</figure>"
            )


def _table(table: Table, number: str) -> str:
    def row(cells: tuple[str, ...], first: str, other: str) -> str:
        out = []
        for n, cell in enumerate(cells):
            tag = first if n == 0 else other
            scope = ' scope="col"' if other == "th" else ' scope="row"' if tag == "th" else ""
            side = ' class="n"' if n in table.numeric else ""
            out.append(f"<{tag}{scope}{side}>{_text(cell)}</{tag}>")
        return f"<tr>{''.join(out)}</tr>"

    rows = "\n".join(row(cells, "th", "td") for cells in table.rows)
    note = f'<p class="note">{_text(table.note)}</p>' if table.note else ""
    return (
        f'<div class="scroll"><table><caption><b>{number}.</b> {_text(table.title)}</caption>'
        f"<thead>{row(table.columns, 'th', 'th')}</thead>\n<tbody>{rows}</tbody></table></div>{note}"
    )


def _text(text: str) -> str:
    return escape(printable(text), quote=True)
