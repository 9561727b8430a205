"""Cases, folders and workbooks written out, whole or not at all."""
