"""What `prove_mutated_files` is made of: base files, ways to damage them, and an oracle."""
