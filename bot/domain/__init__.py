"""The nouns and rules of the product; pure, imports nothing of ours."""
