"""Plans humanitarian pauses: who leaves when, through which corridor, and what the hours buy."""

__version__ = "0.1.0"

__all__ = ["__version__"]
