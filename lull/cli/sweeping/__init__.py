"""How `lull sweep` finds its folders, goes on where it was, and tells what came out."""
