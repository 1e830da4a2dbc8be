"""What a step stores of the outcomes of its checks, and where, without failing itself."""
