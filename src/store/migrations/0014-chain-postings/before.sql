-- The reasons of postings are those of 0006, and no rung waits in a block for its receipt.
SELECT seq FROM posting WHERE reason NOT IN ('deposit', 'hold', 'release', 'send', 'unsend', 'settle', 'unsettle', 'freeze', 'unfreeze', 'fail', 'unfail', 'fee', 'unfee', 'move', 'unmove');
SELECT transaction_id FROM early_transaction;
