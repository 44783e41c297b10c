-- The reasons of postings are those of 0003.
SELECT seq FROM posting WHERE reason NOT IN ('deposit', 'hold', 'release', 'send', 'unsend', 'settle', 'unsettle', 'fee', 'unfee');
