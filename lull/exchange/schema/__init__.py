"""The pause folder described once: reader, schema, template and reference are made from it."""
