"""Render the answers of commands, one module or folder per format; `registry` lists them all."""
