"""What the field talks about, as frozen dataclasses on the standard library alone.

Times inside a recording are integer milliseconds from its start; instants are integer
milliseconds since 1970 UTC. Ids are UUIDv7 text (`workbench.model.ids.new_id`).
"""
