"""点题整治: a topic that lives across years, and in each year its plan, progress, public messages and evaluation."""
