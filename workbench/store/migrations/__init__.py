"""Database migrations, oldest first in `versions/`. `workbench.store.schema` runs them."""
