-- No withdrawal stands in a state that this migration brings, and the reasons of postings are those of 0004.
SELECT id FROM withdrawal WHERE state IN ('SCREENING', 'INVALID', 'ON_HOLD', 'BLOCKED', 'FAILED_ONCHAIN');
SELECT seq FROM posting WHERE reason NOT IN ('deposit', 'hold', 'release', 'send', 'unsend', 'settle', 'unsettle', 'fee', 'unfee', 'move', 'unmove');
