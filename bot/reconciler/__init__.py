"""The shell around the planner: observe, plan, publish, execute."""
