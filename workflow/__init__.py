"""The machinery of change: transitions, history, deadlines, outbox. It knows no noun."""
