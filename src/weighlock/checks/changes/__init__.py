"""Layer 3: what was to change did change, and nothing else: effect, scope, inputs."""
