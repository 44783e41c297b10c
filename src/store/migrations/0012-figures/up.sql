-- The oldest in each state, and what was booked between two times, without reading the whole table.
CREATE INDEX withdrawal_by_age ON withdrawal (state, updated);
CREATE INDEX posting_by_time ON posting (at, seq);
