"""Templates: how a design is read, filled with a row's values, checked and priced before anything is sent."""
