"""Rule on the results of single scenarios."""
