"""Long work that survives a kill: the durable-execution engine behind one adapter.

It knows names, ids and steps, and nothing of recordings. `engine` puts jobs into the queue and runs
them, `locks` tells which workers are alive. Which work a name stands for is bound in
`workbench.worker`.
"""

from workbench.jobs.engine import LONG, SHORT, Handler, JobEngine, StepFailed, Stopped, Task, doctor_facts

__all__ = ["LONG", "SHORT", "Handler", "JobEngine", "StepFailed", "Stopped", "Task", "doctor_facts"]
