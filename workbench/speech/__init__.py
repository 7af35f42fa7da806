"""From a recording to a transcript: who said what, when.

Read in the order of the data: `decode` (medium → sound), `peaks` (waveform), `models` (what must be
installed), `engine` (a child process that holds the models), `pipeline` (the steps, resumable) and
`join` (words + speaker turns → transcript).

Nothing here imports torch: the models run in child processes. Importing this package switches the
telemetry of pyannote and every look-up at the model hub off, for this process and its children.
"""

import os

os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
