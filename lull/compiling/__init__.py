"""What compiled code needs beside numba: nothing here knows of pauses."""
