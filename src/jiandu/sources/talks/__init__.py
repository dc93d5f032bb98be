"""Talks by kind (主动约谈, 廉政谈话, 提醒谈话, 谈话提醒 …), who was talked to and in which post, and the follow-up. Kinds never merge."""
