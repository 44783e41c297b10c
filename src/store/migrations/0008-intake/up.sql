-- What ends like an address that is about to be paid (F22): two or three rows of a million, not all of them.
CREATE INDEX address_by_end ON address (substr(account, -4));
CREATE INDEX beneficiary_by_end ON beneficiary (substr(account, -4));

-- Withdrawals of one wallet, and those of the amount that a desk is shown, without reading the whole table.
CREATE INDEX plan_by_wallet ON plan (wallet);
CREATE INDEX withdrawal_by_amount ON withdrawal (asset, units);
