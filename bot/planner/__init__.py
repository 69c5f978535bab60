"""Pure decisions: a snapshot goes in, actions come out."""
