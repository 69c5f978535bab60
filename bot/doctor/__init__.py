"""The doctor: looks at everything a robot needs, one check after the other, and says how to mend what is wrong.

It only looks: the one write it makes is of nothing, to see whether it would be let. A check that fails stops only
those that need what it lacks.
"""
