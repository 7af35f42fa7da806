"""Routes beside the screens: one file each, every one behind the gate and behind its workflow."""
