"""What several screens and pages share: headings, tables, plots, plain pages."""
