"""lull beside routing software, on the part of a pause that routing software can express."""
