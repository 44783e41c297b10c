-- Who has put it on hold by hand: it goes on by that person's word, or by two of compliance. NULL where a rule holds it.
ALTER TABLE withdrawal ADD COLUMN holder TEXT CHECK (length(holder) BETWEEN 1 AND 64);

-- Each release asks whether a quarantine over lost rows ended after its withdrawal had begun.
CREATE INDEX quarantine_by_cause ON quarantine (cause, ended);
