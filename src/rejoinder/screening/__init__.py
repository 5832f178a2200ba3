"""May this draft appear? Limits as data, and a pure judgement over facts."""
