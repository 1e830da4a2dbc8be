"""The commands about one criterion: what is asked of it in, the changes of feature files out."""

from __future__ import annotations
