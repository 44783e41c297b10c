/**
 * The check-list of bitcoin (B), of EVM chains (E) and of the way across the gap (T): what an attacker does, and what
 * stops it. Each row has tests in `test/attack/` that begin with its id; `docs/attacks.md` is made of both.
 */
export type Row = {
  readonly attack: string;
  readonly check: string;
  /** Why no gate speaks, where none does. */
  readonly outside?: string;
};

export const ROWS = {
  B1: {
    attack:
      "A host lies about the amounts of segwit inputs, twice, and gets a fee that nobody saw (CVE-2020-14199)",
    check: "Amounts come from full previous transactions, which are named by the hash of their bytes",
  },
  B2: {
    attack: "An input whose signature commits to no amount is given a false one",
    check: "Coins of our wallets' scripts alone; a whole PSBT needs the previous transaction of every input",
  },
  B3: {
    attack: "An output or input claims to be ours and is the thief's",
    check: "The claim is derived again from the pinned descriptor, and must make the very script",
  },
  B4: {
    attack: "Change goes to most of our cosigners and a stranger, or to all of them under a lower threshold",
    check: "Every key of the wallet is claimed, and together they make the script that is paid",
  },
  B5: {
    attack: "A cosigner's key is swapped when a wallet is registered",
    check:
      "Registration shows quorum, keys and paths and compares the whole digest; only registered wallets are signed for",
  },
  B6: {
    attack: "One key stands twice in a quorum, under other metadata",
    check: "Keys are told apart by their public key, masters by their fingerprint",
    outside: "a wallet is refused when it is registered, before any request is read",
  },
  B7: {
    attack: "Change goes to an index that no scan reaches, to be held for ransom",
    check: "The change branch, within the gap; far up, the officer is told",
  },
  B8: {
    attack: "A host chooses the BIP-39 passphrase, and with it the wallet",
    check: "It is typed at the signer alone, and must give the registered fingerprint",
    outside: "a wrong passphrase is trouble of the machine that asks for it, and no answer to a request",
  },
  B9: {
    attack: "A signature that leaves outputs or inputs open",
    check: "SIGHASH_ALL, DEFAULT for taproot, and nothing else",
  },
  B10: {
    attack: "One coin stands in two inputs",
    check: "Every input spends another coin, however many there are",
  },
  B11: {
    attack: "A stranger's coin among ours",
    check: "All inputs are of the one wallet that pays",
  },
  B12: {
    attack: "The fee is the theft, or an output of nothing defeats its cap",
    check: "Caps absolute, by size and as a share; an output pays something",
  },
  B13: {
    attack: "A fee too low to be relayed, or other than the plan says, so that the payment hangs",
    check: "A warning; a cancel rung that nodes take; the stated fee is that of the bytes",
  },
  B14: {
    attack: "A script stands beside an input that its coin does not commit to",
    check: "Scripts are computed from the descriptor; a claimed one is equal or refused",
  },
  B15: {
    attack: "Unknown fields carry secrets or mean something to another reader; a key stands twice",
    check: "Kept and listed by inspect, refused in what is signed",
  },
  B16: {
    attack: "Bytes that are two transactions to readers of PSBT versions 0 and 2",
    check: "BIP-370's rules; the signer reads version 0 alone",
  },
  B17: {
    attack: "Bytes that crash, exhaust or mislead a parser",
    check: "Limits before memory is taken; nothing behind the end; amounts that can exist",
  },
  B18: {
    attack: "Bytes change between the review and the signature",
    check: "A copy is decoded, and what is signed is hashed again",
  },
  B19: {
    attack: "Keys, coins or papers of one network are used on another",
    check: "Network and coin type of request, wallet, path and plan agree",
  },
  B20: {
    attack: "An output destroys value or hides where it goes",
    check: "Whatever has no address is refused, OP_RETURN always",
  },
  B21: {
    attack: "A lock nobody expects keeps a payment back",
    check: "Absolute and relative locks are said in words; unknown transaction versions are refused",
  },
  B22: {
    attack: "Nonces carry the key out of the signer, or a fault gives it away",
    check: "Deterministic signatures that a second machine repeats; each verified before it leaves",
  },
  B23: {
    attack: "Seeds that can be guessed: a broken generator, a loaded or invented die",
    check: "Generator and throws are mixed; throws are counted and judged",
    outside: "a seed is made before there is a request",
  },
  B24: {
    attack: "A payment signed as a message, a message as a payment, or another message",
    check:
      "Either it is BIP-322's form through and through, or it has none of it; message and coins are the approved ones",
  },
  B25: {
    attack: "Limits and memory are escaped by a restart or an old disk",
    check: "Heads that others have seen, the logbook, and limits counted from the journal",
  },
  B26: {
    attack: "A refused change of policy that changes something",
    check: "Policies are judged together, and pinned together or not at all",
    outside: "a policy is pinned by an officer, not by a request",
  },
  B27: {
    attack: "An output that nobody offline can tie to its payee, as of silent payments",
    check: "Known script kinds that pay the very account that was approved",
  },
  E1: {
    attack: "A transaction that is good on another chain, or names none and is good on every one (EIP-155)",
    check: "A chain id that is the wallet's; a transaction without one is refused",
  },
  E2: {
    attack: "A payment is signed over a second nonce, and both are mined",
    check:
      "What is built again has the nonce that was signed before, and the plan names the nonce of its bytes",
  },
  E3: {
    attack: "A Safe delegates, and somebody's code acts as the Safe itself, as Bybit's was given away",
    check: "The pinned MultiSendCallOnly, without money, and plain calls in its batch",
  },
  E4: {
    attack: "A payment of a Safe changes who commands it, or refunds gas to somebody",
    check:
      "No call of the Safe itself, no function of its control but what an intent of its own says word for word, no refunds",
  },
  E5: {
    attack: "A permission to move tokens later, in the place of a payment",
    check: "Allowances are refused by name, of every contract; a token's call is a transfer",
  },
  E6: {
    attack: "Calldata that nobody can read, or that has more than one reading",
    check: "Transfers of listed tokens alone, in their one spelling; other calls are refused",
  },
  E7: {
    attack: "Typed data for another chain or Safe, or of types that only look like a Safe's (EIP-712)",
    check: "Type and domain are the pinned Safe's, and the hash is made here from the fields",
    outside: "typed data is of other programs; a plan has a Safe's fields, and its hash is made from them",
  },
  E8: {
    attack: "A transaction of type 4 gives the account to somebody's code (EIP-7702)",
    check: "Types 0, 1 and 2 alone are read",
  },
  E9: {
    attack: "A type or a fee that costs what nobody was shown, or wraps around in a word",
    check: "Known types; gas, fee and value fit in a word; gas as much as a transaction may have",
  },
  E10: {
    attack: "Bytes of the same meaning as others, and of another hash, or too many of them",
    check: "One spelling, which is compared with what is written of it; sizes before anything is read",
  },
  E11: {
    attack: "A message or a bare hash to be signed in the place of a transaction (EIP-191)",
    check: "Plans of accounts sign transactions, whose types no message begins with",
  },
  E12: {
    attack: "A token that calls itself by another's name, or says other decimals",
    check: "An asset's id has contract, decimals and symbol, and is listed by the policy or does not exist",
  },
  S2: {
    attack: "One payment over two sequence numbers, so that ledgers take both",
    check:
      "The sequence number is a conflict key; another one is another generation, after the first is dead",
  },
  S3: {
    attack: "A signature that is good for ever, or for longer than anybody watches",
    check: "Every transaction has an end, not over yet, and no further off than the policy lets it be",
  },
  S4: {
    attack: "A transaction or an operation of another account, or one that is no payment",
    check:
      "Source and operations are the wallet's own account's, and every operation but a payment is refused by its name",
  },
  S5: {
    attack: "A payment that its payee cannot tell apart: a memo left out, or one beside a muxed account",
    check: "The memo is part of the destination that people signed; a muxed account has none beside it",
  },
  S8: {
    attack: "Resources for a contract, whose fee drains the account",
    check: "A payment carries none, and the bid is held against the policy's caps",
  },
  S11: {
    attack: "An asset that looks like a listed one: the same code, another issuer",
    check: "An asset's id has code and issuer, and is listed by the policy or does not exist",
  },
  T1: {
    attack: "A frame claims millions of fragments, and the reader takes the memory",
    check: "Claims are judged before anything is allocated",
    outside: "frames are put together before there is a request",
  },
  T2: {
    attack: "A guard that refuses frames numbered above the count stops every scan that lost one",
    check: "Such frames are the mixed ones of a fountain code",
    outside: "frames are put together before there is a request",
  },
  T3: {
    attack: "Frames of another message, or changed ones, in the camera's view",
    check: "The first good frame's header is kept to, and the checksum of the whole is compared",
    outside: "frames are put together before there is a request",
  },
  T4: {
    attack: "BBQr frames of impossible numbers and lengths, or that inflate without end",
    check: "Totals, equal lengths, equal copies, and a limit on inflating",
    outside: "frames are put together before there is a request",
  },
  T5: {
    attack: "Text that moves the cursor, turns around or looks like another",
    check: "Such characters are refused in documents and written out where they are shown",
  },
  T6: {
    attack: "Names that are paths, values of another type, files without end, links out of a folder",
    check: "One alphabet for names, one spelling and shape for documents, a limit for every read",
  },
  T7: {
    attack: "A sealed file whose passphrase is cheap to guess, or whose work never ends",
    check: "A floor and a ceiling of the cost, judged before the work",
    outside: "a seed file is opened before anything is signed",
  },
  T8: {
    attack: "A code of one type that is read as another",
    check: "The type's name decides, and a tag must be its own",
    outside: "frames are put together before there is a request",
  },
} as const satisfies Readonly<Record<string, Row>>;

export type RowId = keyof typeof ROWS;
