"""营商环境监督联系点: enterprises that tell how departments serve them, and what becomes of it. Their names stay with us."""
