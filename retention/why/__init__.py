"""Why a row is still here, and when it will go."""
