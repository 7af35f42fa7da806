"""How fast the coding room is, in a real browser: one module for each question, one command for all of them."""
