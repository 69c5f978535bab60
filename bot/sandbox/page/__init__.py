"""The sheet as a page in the browser; talks to the same v4 endpoints as any other client."""
