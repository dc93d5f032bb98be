"""The desk's routes by room: findings and queues, ledgers in and out, numbers, offices and their administration."""
