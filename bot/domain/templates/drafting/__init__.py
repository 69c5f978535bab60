"""Drafts a contract for a project that has none: which columns it needs, of which types, and within which limits.

Everything is guessed from where a placeholder stands and from the project's own defaults; a person looks it over.
"""
