"""The robot's own small web servers: alone in knowing uvicorn and Starlette."""
